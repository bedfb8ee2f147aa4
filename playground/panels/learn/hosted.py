"""The part of the learn tab that asks a hosted model beside ours, where the host has set one up. Knows the port, no address, no key."""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from typing import Any

import gradio as gr

from playground.catalog import DEFAULTS
from playground.errors import PlaygroundError
from playground.panels.asking import QUIET, readable, stopped
from playground.service.port import Service
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.learn.hosted import HostedRequest
from playground.tasks.learn.limits import LIMITS
from playground.tasks.request import Progress, Request
from playground.views.learn.hosted import hosted_note, ours_note
from playground.views.status import Note, note
from playground.web.component import Component

LEAD = (
    "One prompt, two models: a hosted one over the network, and ours on this machine. Off unless whoever runs this page has set "
    "PLAYGROUND_OPENAI_BASE_URL, PLAYGROUND_OPENAI_MODEL and OPENAI_API_KEY; OpenAI, Anthropic, Google and `transformers serve` all answer "
    "at such an address. The prompt is sent there, so put in nothing private."
)


def build_hosted(service: Service) -> None:
    gr.Markdown(LEAD, elem_classes="pg-lead")
    prompt = gr.Textbox(
        "Explain in two sentences why the sky is blue.", label="Prompt for both", lines=2, max_lines=8, elem_id="hosted-prompt",
        info=f"Up to {LIMITS.hosted_characters:,} characters.",
    )  # fmt: skip
    with gr.Row(elem_classes="pg-row"):
        most = gr.Slider(1, LIMITS.hosted_tokens, 96, step=1, label="Max new tokens", min_width=200, elem_id="hosted-most")
        run = gr.Button("Ask both", variant="primary", min_width=140, elem_id="hosted-run")
        stop = gr.Button("Stop", min_width=80, elem_id="hosted-stop")
    with gr.Row():
        with gr.Column(min_width=280):
            far = gr.Textbox(label="Hosted", lines=6, max_lines=16, interactive=False, buttons=["copy"], elem_id="hosted-far")
            far_said = Component("note", elem_id="hosted-far-note")
        with gr.Column(min_width=280):
            near = gr.Textbox(label="Ours, here", lines=6, max_lines=16, interactive=False, buttons=["copy"], elem_id="hosted-near")
            near_said = Component("note", elem_id="hosted-near-note")
    both = gr.on([run.click, prompt.submit], readable(ask_both, service), [prompt, most], [far, far_said, near, near_said], **QUIET)
    stopped(stop, far_said, [both])


def ask_both(service: Service, prompt: str, most: float) -> Iterator[tuple[Any, ...]]:
    """Text and note of either side, as they grow."""
    far = HostedRequest(prompt, 0.7, int(most))
    near = GenerationRequest(prompt, DEFAULTS["generation"], max_new_tokens=int(most))
    far.check()
    shown: list[Any] = ["", None, "", None]
    with closing(_told(service, far, hosted_note)) as one, closing(_told(service, near, ours_note)) as two:
        for place, (text, said) in _in_turn([one, two]):
            shown[2 * place : 2 * place + 2] = [shown[2 * place] if text is None else text, said]
            yield tuple(shown)


def _told(service: Service, request: Request[Any], tell: Callable[[Any], Note]) -> Generator[tuple[str | None, Note]]:
    """(text so far or None, sentence) of one side; what goes wrong on it is its last sentence, and the other side goes on."""
    try:
        with closing(service.stream(request)) as items:
            for item in items:
                yield None if isinstance(item, Progress) else item.text, tell(item)
    except PlaygroundError as error:
        yield None, {**note(str(error)), "tone": "bad"}


def _in_turn(streams: list[Any]) -> Iterator[tuple[int, Any]]:
    """(place, item) of each stream in turn until both are at their end; either waits at most a heartbeat for the other."""
    left = dict(enumerate(streams))
    while left:
        for place, stream in list(left.items()):
            item = next(stream, None)
            if item is None:
                del left[place]
            else:
                yield place, item
