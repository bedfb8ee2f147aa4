"""The part of the tokens tab that shows how the pieces came about, worked out only while it is open. Knows the port alone."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import gradio as gr

from playground.catalog import DEFAULTS
from playground.panels.asking import readable
from playground.panels.examples import example_row
from playground.service.port import Service
from playground.tasks.request import Progress
from playground.tasks.tokens.limits import LIMITS
from playground.tasks.tokens.segmentation import CuttingRequest
from playground.views.status import note, progress_note
from playground.views.tokens.segmentation import CutSteps, cut_steps, cutting_sentence, cutting_view
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
        shown = Component("cutting", elem_id="cutting-shown")

    def cut(opened: bool, text: str, tokenizer: str, chat: bool) -> Iterator[tuple[Any, Any]]:
        if not opened:
            yield gr.skip(), gr.skip()
            return
        if not text:
            yield note("Type a text above to see how it is cut."), None
            return
        short = text[: LIMITS.cutting_characters]
        with closing(service.stream(CuttingRequest(short, tokenizer, chat))) as items:
            for item in items:
                if isinstance(item, Progress):
                    yield progress_note(item), gr.skip()
                else:
                    begin = f"The first {LIMITS.cutting_characters} characters. " if len(text) > len(short) else ""
                    lacks = "This model has no chat template: the text is read as it is. " if chat and not item.templated else ""
                    yield note(begin + lacks + cutting_sentence(item)), cutting_view(item)

    def token_steps(text: str, tokenizer: str = DEFAULTS["tokens"], chat: bool = False) -> CutSteps:
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

    gr.api(readable(token_steps, page=False), api_name="token_steps")
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    work: dict[str, Any] = {
        "fn": readable(cut), "inputs": [opened, text, tokenizer, chat], "outputs": [said, shown], "trigger_mode": "always_last", **quiet,
    }  # fmt: skip
    part.expand(lambda: True, None, opened, **quiet)
    part.collapse(lambda: False, None, opened, **quiet)
    # One event for all four, so that the answer to an earlier text cannot come last. An example changes the inputs.
    gr.on([opened.change, text.change, tokenizer.change, chat.input], **work)
