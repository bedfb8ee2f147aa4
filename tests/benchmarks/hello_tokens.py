"""The smallest Gradio page with our /tokenize on it: what `calls.per_second` compares with."""

import os
from typing import Any

import gradio as gr

from playground.service.start import open_service
from playground.settings import Settings
from playground.tasks.tokens.tokens import TokensRequest
from playground.views.tokens.tokens import tokenized

service = open_service(Settings(device="cpu", warm=False, hub=False))


def tokenize(text: str, tokenizer: str = "smollm2-135m", special: bool = True) -> dict[str, Any]:
    return dict(tokenized(service.run(TokensRequest(text, tokenizer, special))))


with gr.Blocks() as demo:
    gr.Markdown("Hello, world!")
    gr.api(tokenize, api_name="tokenize")

demo.queue(default_concurrency_limit=64, max_size=256)
demo.launch(server_name="127.0.0.1", server_port=int(os.environ["PLAYGROUND_PORT"]), quiet=True, ssr_mode=False, max_threads=128)
