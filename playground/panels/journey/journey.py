"""The journey tab: the page asks for a text's way through a model and draws it (web/journey). Knows the port, not the models."""

import gradio as gr

from playground.catalog import DEFAULTS
from playground.panels.asking import QUIET, model_choices, publish
from playground.panels.examples import example_row
from playground.panels.panel import Panel
from playground.panels.program import build_program
from playground.service.port import Service
from playground.tasks.journey.journey import JourneyRequest
from playground.tasks.journey.limits import LIMITS
from playground.views.journey.journey import JourneyTold, journey_told
from playground.web.component import Component

DEFAULT = DEFAULTS["journey"]
FIRST = "The capital of France is"
EXAMPLES = (
    ("A fact", (FIRST, DEFAULT)),
    ("Who gets the drink?", ("When Mary and John went to the store, John gave a drink to", DEFAULT)),
    ("A pattern", ("red blue green red blue green red blue", DEFAULT)),
    ("A story", ("Once upon a time, there was a little", DEFAULT)),
    ("A judgement", ("The film was not bad at all.", DEFAULTS["sentiment"])),
)
# The page asks by itself: these only hand over what stands in the fields, without the server.
ASKED = "(text, model) => [{text, model, turn: 0}]"
PRESSED = "(text, model) => [{text, model, turn: Date.now()}]"
WRITTEN = "() => [window.playgroundJourney]"


def build(service: Service) -> None:
    """The picture, which asks the route /playground/journey for everything it shows; text and model stand in the page's header."""
    with gr.Column(elem_id="journey-fields", elem_classes="pg-in-header"):
        text = gr.Textbox(
            FIRST, label="Text", elem_id="journey-text",
            info=f"Up to {LIMITS.characters:,} characters; {LIMITS.tokens} tokens are drawn. Drawn anew as you type.",
        )  # fmt: skip
        model = gr.Dropdown(model_choices("journey"), value=DEFAULT, label="Model", elem_id="journey-model")
        run = gr.Button("Run", elem_id="journey-run")
        example_row("journey", EXAMPLES, [text, model])
    shown = Component("journey/journey", {"text": FIRST, "model": DEFAULT, "turn": 0}, elem_id="journey-shown")
    gr.on([text.change, model.change], None, [text, model], shown, js=ASKED, **QUIET)
    gr.on([run.click, text.submit], None, [text, model], shown, js=PRESSED, **QUIET)
    shown.write(None, None, text, js=WRITTEN, **QUIET)
    publish(service, journey)
    build_program(service, "journey", [text, model], JourneyRequest)


def journey(service: Service, text: str, model: str = DEFAULTS["journey"]) -> JourneyTold:
    """One text through the whole model, in one forward.

    Args:
        text: read as plain text; of more than 128 tokens a decoder reads the last, an encoder the first.
        model: a model's slug; a wrong one is answered with the list.

    Returns:
        `tokens`; `blocks`, for each token the length of its vector after the block and of what attention and feed-forward add;
        `lens`, what a decoder would say after each block, and the place it gives its final choice; `next_tokens`, the ten
        likeliest, or `labels` of a classifier; `left_out`, how many tokens were too many, and `note`, which says so.
    """
    return journey_told(service.run(JourneyRequest(text, model)))


PANEL = Panel(
    "journey",
    "Journey",
    f"Your text goes in on the left and comes out as the next word on the right; up to {LIMITS.tokens} tokens, all of the model at once.",
    build,
)
