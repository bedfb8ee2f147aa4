"""The part of the tokens tab that shows how the pieces came about, worked out only while it is open. Knows the port alone."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from playground.catalog import DEFAULTS
from playground.panels.asking import QUIET, publish, readable, streamed
from playground.panels.examples import example_row
from playground.service.port import Service
from playground.tasks.tokens.limits import LIMITS
from playground.tasks.tokens.segmentation import Cutting, CuttingRequest
from playground.views.status import note
from playground.views.tokens.cut_steps import CutSteps, cut_steps
from playground.views.tokens.segmentation import cutting_sentence, cutting_view
from playground.web.component import Component

LEAD = (
    "From the text to the ids, stage by stage, then inside one word step by step: watch which pair is joined first, which beginning "
    "is the longest that is known, or which path through the lattice scores best."
)
EXAMPLES = (
    ("BPE merges", ("unbelievably tokenized", "smollm2-135m")),
    ("WordPiece, longest match", ("Unbelievably, café embeddings!", "minilm-l6")),
    ("Unigram lattice", ("An unbelievable translation.", "en-fr")),
    ("An emoji in bytes", ("👩‍🚀 of Łódź", "smollm2-135m")),
)


def build_cutting(service: Service, text: gr.Textbox, tokenizer: gr.Dropdown) -> None:
    """An accordion that follows `text` and `tokenizer` while it is open; of a long text the first 500 characters."""
    opened = gr.State(False)
    with gr.Accordion("How the pieces come about, step by step", open=False, elem_id="cutting") as part:
        gr.Markdown(LEAD, elem_classes="pg-lead")
        chat = gr.Checkbox(
            False, label="As a chat message", info="Puts the model’s chat template around the text, where it has one",
            min_width=200, elem_id="cutting-chat",
        )  # fmt: skip
        example_row("cutting", EXAMPLES, [text, tokenizer])
        said = Component("note", elem_id="cutting-note")
        shown = Component("tokens/cutting", elem_id="cutting-shown")

    publish(service, token_steps)
    part.expand(lambda: True, None, opened, **QUIET)
    part.collapse(lambda: False, None, opened, **QUIET)
    # One event for all four, so that the answer to an earlier text cannot come last. An example changes the inputs.
    follows = [opened.change, text.change, tokenizer.change, chat.input]
    gr.on(follows, readable(cut, service), [opened, text, tokenizer, chat], [said, shown], trigger_mode="always_last", **QUIET)


def cut(service: Service, opened: bool, text: str, tokenizer: str, chat: bool) -> Iterator[tuple[Any, Any]]:
    """The steps of the text's beginning, while the accordion is open."""
    if not opened or not text:
        yield (note("Type a text above to see how it is cut."), None) if opened else (gr.skip(), gr.skip())
        return
    short = text[: LIMITS.cutting_characters]

    def told(made: Cutting) -> str:
        begin = f"The first {LIMITS.cutting_characters} characters. " if len(text) > len(short) else ""
        lacks = "This model has no chat template: the text is read as it is. " if chat and not made.templated else ""
        return begin + lacks + cutting_sentence(made)

    yield from streamed(service, CuttingRequest(short, tokenizer, chat), told, cutting_view)


def token_steps(service: Service, text: str, tokenizer: str = DEFAULTS["tokens"], chat: bool = False) -> CutSteps:
    """How a text is cut into tokens: normalised, pre-tokenized, then every word step by step.

    Args:
        text: at most 500 characters.
        tokenizer: a model's slug; a wrong one is answered with the list.
        chat: put the model's chat template around the text first, where it has one.

    Returns:
        `normalised` stretches, `words` with their `pieces`, `ids` and `steps` in sentences, and the whole text's `pieces` and
        `ids` with special tokens; `agrees` says whether the steps give the ids of the library, and the files, that
        `compared` names.
    """
    return cut_steps(service.run(CuttingRequest(text, tokenizer, chat)))
