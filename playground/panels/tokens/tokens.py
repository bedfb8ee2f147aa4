"""The tokens tab: a text, a tokenizer, and every token as a chip. Knows the port, not the tokenizers."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from playground.catalog import DEFAULTS
from playground.panels.asking import QUIET, model_field, publish, readable, stopped, streamed
from playground.panels.examples import example_row
from playground.panels.panel import Panel
from playground.panels.program import build_program
from playground.panels.tokens.budget import build_budget
from playground.panels.tokens.comparison import build_contrast
from playground.panels.tokens.misreading import build_misreading
from playground.panels.tokens.segmentation import build_cutting
from playground.service.port import Service
from playground.tasks.tokens.limits import LIMITS
from playground.tasks.tokens.tokens import TokensRequest
from playground.views.status import note
from playground.views.tokens.tokens import Tokenized, tokenized, tokens_sentence, tokens_view
from playground.web.component import Component

FIRST = "Transformers read tokens, not words: unbelievably, even “antidisestablishmentarianism” and 🤗 are cut into pieces."
LIVE = 100_000  # characters: a longer text is not sent at every key
EXAMPLES = (
    ("English", (FIRST,)),
    ("Emoji and accents", ("👩‍🚀 Zoë’s naïve café costs 5 €. 🤖🫠",)),
    ("Five languages", ("Hello, world.\nBonjour le monde.\nПривет, мир.\n你好，世界。\nمرحبا بالعالم",)),
    ("Code", ("def mean(xs):\n    return sum(xs) / len(xs)  # numbers like 12345 too\n",)),
)


def build(service: Service) -> None:
    """Text and settings on top, chips and counts below; runs when the page opens, on every change and on the button."""
    text = gr.Textbox(
        FIRST, label="Text", lines=3, max_lines=10, elem_id="tokens-text",
        info=f"Up to {LIMITS.tokens_characters:,} characters. Updates as you type, up to {LIVE:,}.",
    )  # fmt: skip
    with gr.Row(elem_classes="pg-row"):
        tokenizer = model_field("tokens", "Tokenizer", "tokens-tokenizer")
        special = gr.Checkbox(
            True, label="Special tokens", info="Also those the model expects around a text", min_width=200, elem_id="tokens-special"
        )
        run = gr.Button("Tokenize", variant="primary", scale=0, min_width=160, elem_id="tokens-run")
        stop = gr.Button("Stop", scale=0, min_width=100, elem_id="tokens-stop")
    example_row("tokens", EXAMPLES, [text])
    said, begun = Component("note", elem_id="tokens-note"), gr.State(False)
    chips = Component("tokens/tokens", elem_id="tokens-chips")
    build_cutting(service, text, tokenizer)
    build_contrast(service, text)
    build_misreading(service, text)
    build_budget(service, text, tokenizer)

    publish(service, tokenize)
    asked: dict[str, Any] = {"inputs": [text, tokenizer, special], "outputs": [said, chips], "trigger_mode": "always_last", **QUIET}
    pressed = run.click(readable(show, service), **asked)
    # One event for all that follows the inputs, so that the answer to an earlier text cannot come last. An example changes them.
    chips.ready(lambda: True, None, begun, **QUIET)
    typed = gr.on([text.submit, text.change, tokenizer.change, special.change, begun.change], readable(show_typed, service), **asked)
    stopped(stop, said, [pressed, typed])
    build_program(service, "tokens", [text, tokenizer, special], TokensRequest)


def show(service: Service, text: str, tokenizer: str, special: bool) -> Iterator[tuple[Any, Any]]:
    """The text's tokens as chips."""
    yield from streamed(service, TokensRequest(text, tokenizer, special), tokens_sentence, tokens_view)


def show_typed(service: Service, text: str, tokenizer: str, special: bool) -> Iterator[tuple[Any, Any]]:
    """The same while somebody types, but for what is too long for that."""
    if text and len(text) > LIVE:
        yield note(f"A long text, {len(text):,} characters: press Tokenize."), gr.skip()
    elif text:
        yield from show(service, text, tokenizer, special)
    else:
        yield note("Type a text to see its tokens."), None


def tokenize(service: Service, text: str, tokenizer: str = DEFAULTS["tokens"], special: bool = True) -> Tokenized:
    """Cut a text into tokens.

    Args:
        text: at most 1,000,000 characters and 20,000 tokens.
        tokenizer: a model's slug; a wrong one is answered with the list.
        special: also the special tokens a model expects around a text.

    Returns:
        `tokens`, each with `id`, `text` (text[start:end], or the piece of a special token), `start` and `end` in code
        points, `special`, `piece` and `bytes` (hex), and their `count`.
    """
    return tokenized(service.run(TokensRequest(text, tokenizer, special)))


PANEL = Panel(
    "tokens",
    "Tokens",
    "Look where the cuts fall: common words stay whole, rare ones fall into pieces, and spaces go to the word after them, or away.",
    build,
)
