"""The part of the tokens tab that counts a long text or a file against windows and prices. Knows the port alone."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from playground.panels.asking import QUIET, readable, stopped, streamed
from playground.service.port import Service
from playground.tasks.files import ENCODINGS, read_text
from playground.tasks.text import check_whole
from playground.tasks.tokens.budget import BudgetRequest
from playground.tasks.tokens.limits import LIMITS
from playground.views.tokens.budget import budget_sentence, budget_view, file_encoding
from playground.web.component import Component

LEAD = "Models read, and charge, by the token. Count the text above, or a whole file, against windows and prices."
KINDS = [".txt", ".md", ".csv", ".json", ".jsonl", ".py", ".html", ".xml", ".log", ".srt", ".tex"]
MOST_WRITTEN = 1_000_000


def build_budget(service: Service, text: gr.Textbox, tokenizer: gr.Dropdown) -> None:
    """An accordion over the tab's `text` and `tokenizer`; a file goes before the text."""
    with gr.Accordion("Budget: windows and prices", open=False, elem_id="budget"):
        gr.Markdown(LEAD, elem_classes="pg-lead")
        with gr.Row(elem_classes="pg-row"):
            file = gr.File(
                label=f"File (plain text, up to {LIMITS.file_bytes // 1_000_000} MB and {LIMITS.tokens_characters:,} characters)",
                file_types=KINDS, type="binary", height=120, min_width=240, elem_id="budget-file",
            )  # fmt: skip
            encoding = gr.Dropdown(
                [("find it out", ""), *((name, name) for name in ENCODINGS)], value="", label="The file’s encoding", min_width=180,
                elem_id="budget-encoding",
            )  # fmt: skip
            written = gr.Number(
                500, label="Tokens of the answer", info="For the price of output", precision=0, minimum=0, maximum=MOST_WRITTEN,
                min_width=160, elem_id="budget-written",
            )  # fmt: skip
            run = gr.Button("Count", variant="primary", min_width=100, elem_id="budget-run")
            stop = gr.Button("Stop", min_width=80, elem_id="budget-stop")
        said = Component("note", elem_id="budget-note")
        shown = Component("tokens/budget", elem_id="budget-shown")

    work: dict[str, Any] = {"fn": readable(weigh, service), "inputs": [text, tokenizer, file, encoding, written], "outputs": [said, shown]}
    stopped(stop, said, [run.click(**work, **QUIET), gr.on([file.upload, encoding.input], **work, **QUIET)])


def weigh(service: Service, text: str, tokenizer: str, file: bytes | None, encoding: str, written: Any) -> Iterator[tuple[Any, Any]]:
    """The file, or the text where there is none, counted against windows and prices."""
    check_whole(written, "Tokens of the answer", 0, MOST_WRITTEN)
    made = None if file is None else read_text(file, LIMITS.file_bytes, encoding)
    whole, source = (text, "The text above") if made is None else (made.text, f"The file ({file_encoding(made)})")
    yield from streamed(
        service, BudgetRequest(whole, tokenizer), lambda item: f"{source}: {budget_sentence(item)}", lambda item: budget_view(item, written)
    )
