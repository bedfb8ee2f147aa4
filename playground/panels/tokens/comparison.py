"""The part of the tokens tab that puts two to four tokenizers side by side, on one text or on ten languages. Knows the port alone."""

from collections.abc import Generator, Iterator, Sequence
from typing import Any, TypeVar

import gradio as gr

from playground.panels.asking import QUIET, awaited, model_choices, publish, readable, stopped
from playground.service.port import Service
from playground.tasks.request import Batch, Request
from playground.tasks.tokens.comparison import check_contrast
from playground.tasks.tokens.limits import LIMITS
from playground.tasks.tokens.tokens import TokensRequest
from playground.views.status import note
from playground.views.tokens.comparison import Contrasted, contrast_sentence, contrast_view, contrasted, languages, languages_view
from playground.web.component import Component

FIRST = ["smollm2-135m", "minilm-l6", "en-fr"]
LEAD = "The same text by two to four tokenizers: the marked tokens are those that not all of them cut the same."
TEN = "The same sentence in ten languages: a language the tokenizer saw little of costs several times as many tokens."

A = TypeVar("A")


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
        shown = Component("tokens/contrast", elem_id="contrast-shown")

    publish(service, compare_tokenizers)
    runs = [
        run.click(readable(compare, service), [text, names], [said, shown], **QUIET),
        ten.click(readable(compare_languages, service), names, [said, shown], **QUIET),
    ]
    stopped(stop, said, runs)


def compare(service: Service, text: str, names: list[str]) -> Iterator[tuple[Any, Any]]:
    """One text by each tokenizer."""
    found = yield from _each(service, [TokensRequest(text, name, special=False) for name in check_contrast(text, names)])
    yield note(contrast_sentence(found)), contrast_view(found)


def compare_languages(service: Service, names: list[str]) -> Iterator[tuple[Any, Any]]:
    """The sentence in ten languages by each tokenizer."""
    texts = [one["text"] for one in languages()]
    found = yield from _each(
        service, [Batch(tuple(TokensRequest(text, name, special=False) for text in texts)) for name in check_contrast("x", names)]
    )
    yield note(TEN), languages_view(found)


def _each(service: Service, requests: Sequence[Request[A]]) -> Generator[Any, None, list[A]]:
    answers = []
    for request in requests:
        answers.append((yield from awaited(service, request)))
    return answers


def compare_tokenizers(service: Service, text: str, tokenizers: list[str] = FIRST) -> list[Contrasted]:
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
