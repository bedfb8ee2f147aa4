"""The translation tab: a text in, French out sentence by sentence, then one sentence explained. Knows the port, not the models."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from playground.catalog import DEFAULTS
from playground.panels.asking import QUIET, answers, awaited, model_field, publish, readable, stopped
from playground.panels.examples import example_row
from playground.panels.panel import Panel
from playground.panels.program import build_program
from playground.panels.translation.forced_decoding import Shown, build_explained, choices, first
from playground.service.port import Service
from playground.tasks.translation.document import Document, DocumentRequest
from playground.tasks.translation.forced_decoding import ForcedDecodingRequest
from playground.tasks.translation.limits import LIMITS
from playground.tasks.translation.translation import TranslationRequest
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
        EXAMPLES[2][1][0], label="English text", lines=3, max_lines=14, elem_id="translation-text",
        info=f"Up to {LIMITS.translation_characters:,} characters, sentence by sentence; lists, headings and blank lines stay as they are, "
        "lines wrapped at a width are one paragraph. "
        "Our small model does best on short everyday sentences; numbers, addresses, code, tags and emoji go around it and are copied.",
    )  # fmt: skip
    with gr.Row(elem_classes="pg-row"):
        model = model_field("translation")
        beams = gr.Slider(
            1, LIMITS.beams, DEFAULT.beams, step=1, label="Beams", info="How many translations are followed at once", min_width=200,
            elem_id="translation-beams",
        )  # fmt: skip
        run = gr.Button("Translate", variant="primary", min_width=140, elem_id="translation-run")
        stop = gr.Button("Stop", min_width=100, elem_id="translation-stop")
    filled = example_row("translation", EXAMPLES, [text])
    shown, begin, force = build_explained()
    publish(service, translate, explain_translation)
    asked: dict[str, Any] = {"fn": readable(show, service), "inputs": [text, model, beams], "outputs": list(shown), **QUIET}
    runs = [gr.on([run.click, text.submit], **asked), filled.then(**asked), *choices(service, shown, begin, force)]
    stopped(stop, shown.said, runs)
    stop.click(None, shown.document, shown.document, js=OVER, api_visibility="private")
    build_program(service, "translation", [text, model, beams], asked_of)


def asked_of(text: str, model: str, beams: float) -> DocumentRequest:
    """What the fields hold; a slider's number may come as a float."""
    return DocumentRequest(text, model, int(beams))


def show(service: Service, text: str, model: str, beams: float) -> Iterator[Shown]:
    """The text as it grows, and its first sentence explained at the end."""
    request, so_far = asked_of(text, model, beams), list[Document]()

    def grown(made: Document) -> Shown:
        below = gr.skip() if so_far else None  # what is explained there was of another text
        so_far[:] = [made]
        return document_note(made), document_view(made, request), below, below

    for said, *others in awaited(service, request, 3, grown, PAUSE):
        yield document_note(so_far[0]) if so_far else said, *others
    if so_far and so_far[0].total:
        yield from first(service, so_far[0], request)


def translate(service: Service, text: str, model: str = DEFAULT.model, beams: int = DEFAULT.beams) -> Iterator[Translated]:
    """An English text in French, sentence by sentence; streams what is done so far.

    Args:
        text: at most 20,000 characters. Line breaks, list markers and spaces stay as they are.
        model: a model's slug; a wrong one is answered with the list.
        beams: 1 to 8 translations followed at once; as many candidates come back for each sentence.

    Yields:
        `translation`, `sentences` with their candidates and scores, `done` of `total`; the last is the answer. `warnings` are
        to be read before it is believed, `unknown` is what could not be read, `copied` what went around the model.
    """
    for made in answers(service, DocumentRequest(text, model, beams)):
        yield translated(made)


def explain_translation(
    service: Service, text: str, model: str = DEFAULT.model, beams: int = DEFAULT.beams, candidate: int = 0, begin: str = ""
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


PANEL = Panel(
    "translation",
    "Translation",
    "The French is written token by token, reading the English through cross-attention: point at a word to see what it was read from, "
    "and choose an unsure one to see what else the model weighed.",
    build,
    starts=("translation-run",),
    needs="a translator",
)
