"""The part of the tokens tab that puts two to four tokenizers side by side, on one text or on ten languages. Knows the port alone."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import gradio as gr

from playground.panels.asking import model_choices, readable, stopped
from playground.service.port import Service
from playground.tasks.request import Batch, Progress, Request
from playground.tasks.tokens.comparison import check_contrast
from playground.tasks.tokens.limits import LIMITS
from playground.tasks.tokens.tokens import TokensRequest
from playground.views.status import note, progress_note
from playground.views.tokens.comparison import Contrasted, contrast_sentence, contrast_view, contrasted, languages, languages_view
from playground.web.component import Component

FIRST = ["smollm2-135m", "minilm-l6", "en-fr"]
LEAD = "The same text by two to four tokenizers: the marked tokens are those that not all of them cut the same."
TEN = "The same sentence in ten languages: a language the tokenizer saw little of costs several times as many tokens."


def build_contrast(service: Service, text: gr.Textbox) -> None:
    """An accordion over the tab's `text`."""
    with gr.Accordion("Compare tokenizers", open=False, elem_id="contrast"):
        gr.Markdown(LEAD, elem_classes="pg-lead")
        names = gr.Dropdown(
            model_choices("tokens"), value=FIRST, multiselect=True, max_choices=4, label="Tokenizers", elem_id="contrast-tokenizers",
            info=f"Two to four. Text up to {LIMITS.contrast_characters:,} characters.",
        )  # fmt: skip
        with gr.Row(elem_classes="pg-row"):
            run = gr.Button("Compare on the text above", variant="primary", min_width=200, elem_id="contrast-run")
            ten = gr.Button("One sentence in ten languages", min_width=200, elem_id="contrast-languages")
            stop = gr.Button("Stop", min_width=80, elem_id="contrast-stop")
        said = Component("note", elem_id="contrast-note")
        shown = Component("contrast", elem_id="contrast-shown")

    def compare(text: str, names: list[str]) -> Iterator[tuple[Any, Any]]:
        requests = [TokensRequest(text, name, special=False) for name in check_contrast(text, names)]
        for found in asked(requests):
            yield (note(contrast_sentence(found)), contrast_view(found)) if isinstance(found, list) else (found, gr.skip())

    def compare_languages(names: list[str]) -> Iterator[tuple[Any, Any]]:
        texts = [one["text"] for one in languages()]
        requests = [Batch(tuple(TokensRequest(text, name, special=False) for text in texts)) for name in check_contrast("x", names)]
        for found in asked(requests):
            yield (note(TEN), languages_view(found)) if isinstance(found, list) else (found, gr.skip())

    def asked(requests: list[Any]) -> Iterator[Any]:
        """Notes of progress, then the list of answers."""
        answers = []
        for request in requests:
            with closing(service.stream(request)) as items:
                for item in items:
                    if isinstance(item, Progress):
                        yield progress_note(item)
                    else:
                        answers.append(item)
        yield answers

    gr.api(readable(_endpoint(service), page=False), api_name="compare_tokenizers")
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    runs = [
        run.click(readable(compare), [text, names], [said, shown], **quiet),
        ten.click(readable(compare_languages), names, [said, shown], **quiet),
    ]
    stopped(stop, said, runs)


def _endpoint(service: Service) -> Any:
    def compare_tokenizers(text: str, tokenizers: list[str] = FIRST) -> list[Contrasted]:
        """Cut one text with several tokenizers and say where they differ.

        Args:
            text: at most 20,000 characters.
            tokenizers: two to four models' slugs; a wrong one is answered with the list.

        Returns:
            For each tokenizer, special tokens left out: `count`, `characters_per_token`, how many tokens are `unknown`, and the
            [start, end] in code points of the tokens that not all of them cut the same.
        """
        requests: list[Request[Any]] = [TokensRequest(text, name, special=False) for name in check_contrast(text, tokenizers)]
        return contrasted([service.run(request) for request in requests])

    return compare_tokenizers
