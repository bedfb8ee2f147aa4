"""The translation tab: a text in, French out, with the runners-up of the beam search. Knows the port, not the models."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import gradio as gr

from playground.catalog import DEFAULTS
from playground.panels.asking import model_choices, readable, stopped
from playground.panels.examples import example_row
from playground.panels.panel import Panel
from playground.panels.program import build_program
from playground.service.port import Service
from playground.tasks.limits import LIMITS
from playground.tasks.request import Progress
from playground.tasks.translation import TranslationRequest
from playground.views.status import note, progress_note
from playground.views.translation import Translated, translated, translation_sentence, translation_view
from playground.web.component import Component

DEFAULT = TranslationRequest("", DEFAULTS["translation"])
EXAMPLES = (
    ("A greeting", ("Hello, how are you?",)),
    ("Asking the way", ("Where is the train station?",)),
    ("A longer sentence", ("The cat sat on the mat because it was tired.",)),
)


def build(service: Service) -> None:
    """Text, model and beams on top, the translation and its candidates below."""
    text = gr.Textbox(
        "How are you?", label="English text", lines=3, max_lines=10, elem_id="translation-text",
        info=f"Up to {LIMITS.translation_characters:,} characters and the model’s window; our small model does best on one short sentence.",
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
    said = Component("note", elem_id="translation-note")
    candidates = Component("translation", elem_id="translation-candidates")

    def translate(text: str, model: str = DEFAULT.model, beams: int = DEFAULT.beams) -> Translated:
        """An English text in French.

        Args:
            text: at most 5,000 characters, and the model's window.
            model: a model's slug; a wrong one is answered with the list.
            beams: 1 to 8 translations followed at once; as many candidates come back.

        Returns:
            `translation`, and `candidates` with their mean log-probability a token.
        """
        return translated(service.run(TranslationRequest(text, model, beams)))

    def show(text: str, model: str, beams: float) -> Iterator[tuple[Any, Any]]:
        with closing(service.stream(TranslationRequest(text, model, int(beams)))) as items:
            for item in items:
                if isinstance(item, Progress):
                    yield progress_note(item), gr.skip()
                else:
                    yield note(translation_sentence(item)), translation_view(item)

    gr.api(readable(translate, page=False), api_name="translate")
    asked: dict[str, Any] = {
        "inputs": [text, model, beams], "outputs": [said, candidates], "show_progress": "hidden", "api_visibility": "private",
    }  # fmt: skip
    runs = [gr.on([run.click, text.submit], readable(show), **asked), filled.then(readable(show), **asked)]
    stopped(stop, said, runs)
    build_program(service, "translation", [text, model, beams], lambda text, model, beams: TranslationRequest(text, model, int(beams)))


PANEL = Panel(
    "translation",
    "Translation",
    "The French is written token by token, reading the English through cross-attention: compare the candidates that nearly won.",
    build,
)
