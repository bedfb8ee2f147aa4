"""A panel built alone over a service that writes down what it was asked, and its handlers by name."""

from collections.abc import Callable
from typing import Any

import gradio as gr

from playground.panels.panel import Panel
from playground.service.stream import Stream
from playground.tasks.request import Request
from tests.fake.service import FakeService


class WritingService(FakeService):
    """A FakeService whose `asked` holds every request in order."""

    def __init__(self, delay: float = 0.0) -> None:
        super().__init__(delay)
        self.asked: list[Request[Any]] = []

    def stream(self, request: Request[Any]) -> Stream[Any]:
        self.asked.append(request)
        return super().stream(request)

    def run(self, request: Request[Any]) -> Any:
        self.asked.append(request)
        return super().run(request)


def built(panel: Panel, service: FakeService) -> gr.Blocks:
    with gr.Blocks() as demo:
        panel.build(service)
    return demo


def handler(demo: gr.Blocks, name: str) -> Callable[..., Any]:
    """The function behind an event, as the page and the API call it."""
    return next(one.fn for one in demo.fns.values() if one.fn and one.name == name)


def elem_ids(demo: gr.Blocks) -> set[str]:
    return {block.elem_id for block in demo.blocks.values() if getattr(block, "elem_id", None)}
