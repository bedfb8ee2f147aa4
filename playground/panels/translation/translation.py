"""The translation tab: a text in, French out sentence by sentence, then one sentence explained. Knows the port, not the models."""

import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import gradio as gr

from playground.catalog import DEFAULTS
from playground.panels.asking import model_choices, readable, stopped
from playground.panels.examples import example_row
from playground.panels.panel import Panel
from playground.panels.program import build_program
from playground.panels.translation.forced_decoding import Explaining, Shown
from playground.service.port import Service
from playground.tasks.request import Progress
from playground.tasks.translation.document import DocumentRequest
from playground.tasks.translation.forced_decoding import ForcedDecodingRequest
from playground.tasks.translation.limits import LIMITS
from playground.tasks.translation.translation import TranslationRequest
from playground.views.status import progress_note
from playground.views.translation.document import Translated, document_note, document_view, translated
from playground.views.translation.forced_decoding import ExplainedTranslation, explained_translation

DEFAULT = TranslationRequest("", DEFAULTS["translation"])
PAUSE = 0.5
OVER = "(document) => (document ? {...document, stopped: true} : document)"
LIST = """# Where is the red car?

1. The white house is near the river.
2. The children are playing in the garden.
   - The shop opens at nine in the morning.

> Where is the train station?
"""
EXAMPLES = (
    ("A greeting", ("Hello, how are you?",)),
    ("Asking the way", ("Where is the train station?",)),
    ("Word order changes", ("The black cat is sleeping on the white table.",)),
    ("A list with headings", (LIST,)),
)


def build(service: Service) -> None:
    """Text, model and beams on top, the translated text, and one of its sentences explained below."""
    text = gr.Textbox(
        "How are you?", label="English text", lines=3, max_lines=14, elem_id="translation-text",
        info=f"Up to {LIMITS.translation_characters:,} characters, sentence by sentence; lists, headings and blank lines stay as they are, "
        "lines wrapped at a width are one paragraph. "
        "Our small model does best on short everyday sentences; numbers, addresses, code, tags and emoji go around it and are copied.",
    )  # fmt: skip
    with gr.Row(elem_classes="pg-row"):
        model = gr.Dropdown(
            model_choices("translation"), value=DEFAULT.model, label="Model", allow_custom_value=True, min_width=240,
            elem_id="translation-model",
        )  # fmt: skip
        beams = gr.Slider(
            1, LIMITS.beams, DEFAULT.beams, step=1, label="Beams", info="How many translations are followed at once", min_width=200,
            elem_id="translation-beams",
        )  # fmt: skip
        run = gr.Button("Translate", variant="primary", min_width=140, elem_id="translation-run")
        stop = gr.Button("Stop", min_width=100, elem_id="translation-stop")
    filled = example_row("translation", EXAMPLES, [text])
    explaining = Explaining(service)

    def show(text: str, model: str, beams: float) -> Iterator[Shown]:
        request, told, made = DocumentRequest(text, model, int(beams)), 0.0, None
        with closing(service.stream(request)) as items:
            for item in items:
                if isinstance(item, Progress):
                    yield document_note(made) if made else progress_note(item), gr.skip(), gr.skip(), gr.skip()
                elif item.finished or time.monotonic() - told > PAUSE:
                    below = None if made is None else gr.skip()  # what is explained there was of another text
                    made, told = item, time.monotonic()
                    yield document_note(made), document_view(made, request), below, below
        if made and made.total:
            yield from explaining.first(made, request)

    gr.api(readable(_translate(service), page=False), api_name="translate")
    gr.api(readable(_explain(service), page=False), api_name="explain_translation")
    asked: dict[str, Any] = {
        "inputs": [text, model, beams], "outputs": explaining.outputs, "show_progress": "hidden", "api_visibility": "private",
    }  # fmt: skip
    runs = [gr.on([run.click, text.submit], readable(show), **asked), filled.then(readable(show), **asked), *explaining.wire()]
    stopped(stop, explaining.said, runs)
    stop.click(None, explaining.document, explaining.document, js=OVER, api_visibility="private")
    build_program(service, "translation", [text, model, beams], lambda text, model, beams: DocumentRequest(text, model, int(beams)))


def _translate(service: Service) -> Any:
    def translate(text: str, model: str = DEFAULT.model, beams: int = DEFAULT.beams) -> Iterator[Translated]:
        """An English text in French, sentence by sentence; streams what is done so far.

        Args:
            text: at most 20,000 characters. Line breaks, list markers and spaces stay as they are.
            model: a model's slug; a wrong one is answered with the list.
            beams: 1 to 8 translations followed at once; as many candidates come back for each sentence.

        Yields:
            `translation`, `sentences` with their candidates and scores, `done` of `total`; the last is the answer. `warnings` are
            to be read before it is believed, `unknown` is what could not be read, `copied` what went around the model.
        """
        with closing(service.stream(DocumentRequest(text, model, beams))) as items:
            for item in items:
                if not isinstance(item, Progress):
                    yield translated(item)

    translate.__annotations__["return"] = Translated  # Gradio documents the type of one streamed item
    return translate


def _explain(service: Service) -> Any:
    def explain_translation(
        text: str, model: str = DEFAULT.model, beams: int = DEFAULT.beams, candidate: int = 0, begin: str = ""
    ) -> ExplainedTranslation:
        """What the model looked at for each French word, how sure it was, and what else it might have written.

        Args:
            text: one sentence, at most 128 tokens; it is not cut into sentences.
            model: a model's slug; a wrong one is answered with the list.
            beams: 1 to 8 translations followed at once.
            candidate: which of them to explain, from 0, best first.
            begin: a text that the translation is forced to begin with; empty forces nothing.

        Returns:
            `tokens` with probability, logit, rank and 50 alternatives each, and `alignment`, written words × read words; `warnings`,
            `unknown` and `copied` as /translate gives them.
        """
        request = TranslationRequest(text, model, beams, begin)
        of = ForcedDecodingRequest(request, candidate)
        of.check()
        made = service.run(request)
        chosen = made.candidates[min(candidate, len(made.candidates) - 1)]
        return explained_translation(service.run(ForcedDecodingRequest(request, candidate, chosen.ids)), made)

    return explain_translation


PANEL = Panel(
    "translation",
    "Translation",
    "The French is written token by token, reading the English through cross-attention: point at a word to see what it was read from, "
    "and choose an unsure one to see what else the model weighed.",
    build,
)
