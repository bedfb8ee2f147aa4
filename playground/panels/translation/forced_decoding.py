"""The part of the translation tab that explains one sentence: candidates, alignment, alternatives, and what if it had begun otherwise.

Knows the port, not the models. Everything it needs to know of what is shown it reads from the components' values.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import gradio as gr
from gradio.events import Dependency

from playground.panels.asking import QUIET, awaited, readable
from playground.service.port import Service
from playground.tasks.translation.document import Document, DocumentRequest
from playground.tasks.translation.forced_decoding import ForcedDecodingRequest
from playground.tasks.translation.limits import LIMITS
from playground.tasks.translation.translation import TranslationRequest
from playground.views.status import note
from playground.views.translation.document import document_note, document_view, sentence_request, sentences_in, with_sentence
from playground.views.translation.forced_decoding import alignment_sentence, alignment_view
from playground.views.translation.translation import read_asked, read_number, translation_sentence, translation_view
from playground.web.component import Component

Shown = tuple[Any, Any, Any, Any]
TOO_LONG = f"This sentence or its translation is over {LIMITS.explained_tokens} tokens, so its alignment and alternatives are not shown."


class Explained(NamedTuple):
    """What every run of this tab shows into, in this order."""

    said: Component
    document: Component
    candidates: Component
    alignment: Component


def build_explained() -> tuple[Explained, gr.Textbox, gr.Button]:
    """The components, inside the open tab: what is shown, and the field and button that force a beginning."""
    said, document = Component("note", elem_id="translation-note"), Component("translation/document", elem_id="translation-document")
    candidates = Component("translation/translation", elem_id="translation-candidates")
    with gr.Row(elem_classes="pg-row"):
        begin = gr.Textbox(
            "", label="What if it had begun with…", placeholder="Est-ce que", max_lines=1, min_width=240, scale=3,
            elem_id="translation-begin",
            info=f"Up to {LIMITS.begin_characters} characters of French: they are forced, and the model goes on from there",
        )  # fmt: skip
        force = gr.Button("Force this beginning", min_width=180, scale=1, elem_id="translation-force")
    return Explained(said, document, candidates, Component("translation/alignment", elem_id="translation-alignment")), begin, force


def choices(service: Service, shown: Explained, begin: gr.Textbox, force: gr.Button) -> list[Dependency]:
    """The events of this part; each run can be stopped."""
    _, document, candidates, alignment = shown
    asked: dict[str, Any] = {"outputs": list(shown), **QUIET}
    return [
        document.pick(readable(pick, service), document, **asked),
        candidates.choose(readable(choose, service), [document, candidates], **asked),
        candidates.free(readable(free, service), [document, candidates], **asked),
        alignment.force(readable(force_token, service), [document, candidates, alignment], **asked),
        gr.on([force.click, begin.submit], readable(force_text, service), [document, candidates, begin], **asked),
    ]


def pick(service: Service, document: Any, event: gr.EventData) -> Iterator[Shown]:
    """A sentence of the text."""
    number = read_number(event._data, "sentence")
    yield from explained(service, sentence_request(document, number), 0, document, number)


def choose(service: Service, document: Any, candidates: Any, event: gr.EventData) -> Iterator[Shown]:
    """Another candidate of the sentence shown."""
    request, _, number = read_asked(candidates)
    yield from explained(service, request, read_number(event._data, "candidate"), document, number)


def free(service: Service, document: Any, candidates: Any) -> Iterator[Shown]:
    """The model's own translation again, nothing forced."""
    request, _, number = read_asked(candidates)
    yield from explained(service, replace(request, begin="", begin_ids=()), 0, document, number)


def force_token(service: Service, document: Any, candidates: Any, alignment: Any, event: gr.EventData) -> Iterator[Shown]:
    """An alternative: what was written before it, then it, then what the model makes of that."""
    request, _, number = read_asked(candidates)
    ids = alignment.get("ids") if isinstance(alignment, dict) else None
    kept = tuple(ids[: read_number(event._data, "place")]) if isinstance(ids, list) else ()
    request = replace(request, begin="", begin_ids=(*kept, read_number(event._data, "id")))
    yield from explained(service, request, 0, document, number)


def force_text(service: Service, document: Any, candidates: Any, begin: str) -> Iterator[Shown]:
    """A beginning as typed."""
    request, _, number = read_asked(candidates)
    yield from explained(service, replace(request, begin=(begin or "").strip(), begin_ids=()), 0, document, number)


def first(service: Service, made: Document, asked: DocumentRequest) -> Iterator[Shown]:
    """A translated text's first sentence; a text of several goes on to say how to look at the others."""
    view = document_view(made, asked)
    for said, *others in explained(service, sentence_request(view, 1), 0, view, 1):
        yield said if made.total == 1 else document_note(made), *others


def explained(service: Service, request: TranslationRequest, chosen: int, document: Any, number: int) -> Iterator[Shown]:
    """The candidates of `request`, then candidate `chosen` reread; sentence `number` of the document says what was chosen."""
    made = yield from awaited(service, request, 3)
    chosen = min(chosen, len(made.candidates) - 1)
    best = made.candidates[chosen]
    view = translation_view(made, request, chosen, number, sentences_in(document))
    document = with_sentence(document, number, best.text, best.score)
    if max(made.source_tokens, len(best.ids)) > LIMITS.explained_tokens:
        yield note(f"{translation_sentence(made)} {TOO_LONG}"), document, view, None
        return
    reread = yield from awaited(service, ForcedDecodingRequest(request, chosen, best.ids), 3)
    yield note(f"{translation_sentence(made)} {alignment_sentence(reread)}"), document, view, alignment_view(reread)
