"""Errors as sentences, closing, and names and annotations that survive the wrapping."""

import inspect
from collections.abc import Generator, Iterator
from typing import Any

import gradio as gr
import pytest

from playground.errors import APOLOGY, BadInput
from playground.panels.asking import awaited, model_choices, readable
from playground.service.fake import FakeService
from playground.tasks.request import Progress
from playground.tasks.tokens.tokens import TokensRequest


def test_playground_errors_are_shown_as_they_are() -> None:
    def fail(text: str) -> str:
        """Docs."""
        raise BadInput("Too long.")

    wrapped = readable(fail)
    assert inspect.signature(wrapped) == inspect.signature(fail)
    assert wrapped.__doc__ == "Docs."
    with pytest.raises(gr.Error, match="Too long"):
        wrapped("x")


def test_other_errors_are_logged_and_hidden(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> Iterator[str]:
        yield "a"
        raise RuntimeError("secret")

    stream = readable(fail)()
    assert next(stream) == "a"
    with pytest.raises(gr.Error) as caught:
        next(stream)
    assert caught.value.message == APOLOGY
    assert "secret" in caplog.text


def test_an_answer_is_awaited_with_its_progress() -> None:
    class Slow(FakeService):
        def stream(self, request: Any) -> Any:
            return items(Progress("loading", "Loading"), Progress("running", "At work"), "a part of it", self.run(request))

    def items(*those: Any) -> Generator[Any]:
        yield from those

    def work() -> Iterator[str]:
        made = yield from awaited(Slow(), TokensRequest("a b", "smollm2-135m"), lambda said: said.text)
        yield str(made.count)

    assert list(work()) == ["Loading", "At work", "2"]


def test_closing_reaches_the_generator_inside() -> None:
    closed = []

    def work() -> Iterator[int]:
        try:
            yield from range(10)
        finally:
            closed.append(True)

    stream = readable(work)()
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert closed == [True]


def test_choices_say_which_need_the_hub() -> None:
    labels = {slug: label for label, slug in model_choices("generation")}
    assert labels["gpt2"].endswith("needs the hub")
    assert "hub" not in labels["smollm2-135m"]
