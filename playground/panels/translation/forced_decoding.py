"""The part of the translation tab that explains one sentence: candidates, alignment, alternatives, and what if it had begun otherwise.

Knows the port, not the models. Everything it needs to know of what is shown it reads from the components' values.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any, TypeVar

import gradio as gr
from gradio.events import Dependency

from playground.panels.asking import readable
from playground.service.port import Service
from playground.tasks.request import Progress, Request
from playground.tasks.translation.document import Document, DocumentRequest
from playground.tasks.translation.forced_decoding import ForcedDecodingRequest
from playground.tasks.translation.limits import LIMITS
from playground.tasks.translation.translation import Translation, TranslationRequest
from playground.views.status import note, progress_note
from playground.views.translation.document import document_note, document_view, sentence_request, sentences_in, with_sentence
from playground.views.translation.forced_decoding import alignment_sentence, alignment_view
from playground.views.translation.translation import read_asked, read_number, translation_sentence, translation_view
from playground.web.component import Component

A = TypeVar("A")
Shown = tuple[Any, Any, Any, Any]
TOO_LONG = f"This sentence or its translation is over {LIMITS.explained_tokens} tokens, so its alignment and alternatives are not shown."


class Explaining:
    """`outputs` are what every run of this tab shows into: note, document, candidates, alignment."""

    def __init__(self, service: Service) -> None:
        """Builds the components, inside the open tab."""
        self._service = service
        self.said = Component("note", elem_id="translation-note")
        self.document = Component("translation/document", elem_id="translation-document")
        self.candidates = Component("translation/translation", elem_id="translation-candidates")
        with gr.Row(elem_classes="pg-row"):
            self.begin = gr.Textbox(
                "", label="What if it had begun with…", placeholder="Est-ce que", max_lines=1, min_width=240, scale=3,
                elem_id="translation-begin",
                info=f"Up to {LIMITS.begin_characters} characters of French: they are forced, and the model goes on from there",
            )  # fmt: skip
            self.force = gr.Button("Force this beginning", min_width=180, scale=1, elem_id="translation-force")
        self.alignment = Component("translation/alignment", elem_id="translation-alignment")
        self.outputs = [self.said, self.document, self.candidates, self.alignment]

    def wire(self) -> Sequence[Dependency]:
        """The events of this part; each run can be stopped."""
        quiet: dict[str, Any] = {"outputs": self.outputs, "show_progress": "hidden", "api_visibility": "private"}
        given = [self.document, self.candidates, self.begin]
        return [
            self.document.pick(readable(self.pick), self.document, **quiet),
            self.candidates.choose(readable(self.choose), given[:2], **quiet),
            self.candidates.free(readable(self.free), given[:2], **quiet),
            self.alignment.force(readable(self.force_token), [self.document, self.candidates, self.alignment], **quiet),
            gr.on([self.force.click, self.begin.submit], readable(self.force_text), given, **quiet),
        ]

    def pick(self, document: Any, event: gr.EventData) -> Iterator[Shown]:
        """A sentence of the text."""
        number = read_number(event._data, "sentence")
        yield from self.explained(sentence_request(document, number), 0, document, number)

    def choose(self, document: Any, candidates: Any, event: gr.EventData) -> Iterator[Shown]:
        """Another candidate of the sentence shown."""
        request, _, number = read_asked(candidates)
        yield from self.explained(request, read_number(event._data, "candidate"), document, number)

    def free(self, document: Any, candidates: Any) -> Iterator[Shown]:
        """The model's own translation again, nothing forced."""
        request, _, number = read_asked(candidates)
        yield from self.explained(replace(request, begin="", begin_ids=()), 0, document, number)

    def force_token(self, document: Any, candidates: Any, alignment: Any, event: gr.EventData) -> Iterator[Shown]:
        """An alternative: what was written before it, then it, then what the model makes of that."""
        request, _, number = read_asked(candidates)
        ids = alignment.get("ids") if isinstance(alignment, dict) else None
        kept = tuple(ids[: read_number(event._data, "place")]) if isinstance(ids, list) else ()
        request = replace(request, begin="", begin_ids=(*kept, read_number(event._data, "id")))
        yield from self.explained(request, 0, document, number)

    def force_text(self, document: Any, candidates: Any, begin: str) -> Iterator[Shown]:
        """A beginning as typed."""
        request, _, number = read_asked(candidates)
        yield from self.explained(replace(request, begin=(begin or "").strip(), begin_ids=()), 0, document, number)

    def first(self, made: Document, asked: DocumentRequest) -> Iterator[Shown]:
        """A translated text's first sentence; a text of several goes on to say how to look at the others."""
        view = document_view(made, asked)
        for said, *others in self.explained(sentence_request(view, 1), 0, view, 1):
            yield said if made.total == 1 else document_note(made), *others

    def explained(self, request: TranslationRequest, chosen: int, document: Any, number: int) -> Iterator[Shown]:
        """The candidates of `request`, then candidate `chosen` reread; sentence `number` of the document says what was chosen."""
        made: Translation = yield from self.following(request)
        chosen = min(chosen, len(made.candidates) - 1)
        best = made.candidates[chosen]
        view = translation_view(made, request, chosen, number, sentences_in(document))
        document = with_sentence(document, number, best.text, best.score)
        if max(made.source_tokens, len(best.ids)) > LIMITS.explained_tokens:
            yield note(f"{translation_sentence(made)} {TOO_LONG}"), document, view, None
            return
        reread = yield from self.following(ForcedDecodingRequest(request, chosen, best.ids))
        yield note(f"{translation_sentence(made)} {alignment_sentence(reread)}"), document, view, alignment_view(reread)

    def following(self, request: Request[A]) -> Generator[Shown, None, A]:
        """The answer; its progress is shown meanwhile."""
        with closing(self._service.stream(request)) as items:
            for item in items:
                if not isinstance(item, Progress):
                    answer = item
                else:
                    yield progress_note(item), gr.skip(), gr.skip(), gr.skip()
        return answer
