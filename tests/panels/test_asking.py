"""Errors as sentences, closing, and names and annotations that survive the wrapping."""

import inspect
from collections.abc import Generator, Iterator
from typing import Any, NamedTuple

import gradio as gr
import pytest
from gradio.utils import get_function_params, get_return_types

from playground.errors import APOLOGY, BadInput
from playground.panels.asking import answers, awaited, model_choices, readable, streamed
from playground.tasks.request import Progress
from playground.tasks.tokens.tokens import TokensRequest
from tests.fake.service import FakeService


class Part(NamedTuple):
    """An answer that grows."""

    count: int
    finished: bool


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
        made = yield from awaited(Slow(), TokensRequest("a b", "smollm2-135m"))
        yield str(made.count)

    assert [item if isinstance(item, str) else item[0]["text"] for item in work()] == ["Loading…", "At work…", "2"]


def test_closing_reaches_the_generator_inside() -> None:
    closed = []

    def work() -> Iterator[int]:
        try:
            yield from range(10)
        finally:
            closed.append(True)

    stream = readable(work)()
    next(stream)
    stream.close()
    assert closed == [True]


def test_a_handler_is_bound_to_its_service_and_documented_as_written() -> None:
    """What Gradio itself reads of a plain function without the service is the reference."""

    def endpoint(service: FakeService, text: str, times: int = 2) -> Iterator[dict[str, str]]:
        """Says it."""
        yield {"said": text * times}

    def plain(text: str, times: int = 2) -> dict[str, str]:
        return {}

    wrapped = readable(endpoint, FakeService(), page=False)
    assert get_function_params(wrapped) == get_function_params(plain) and get_return_types(wrapped) == get_return_types(plain)
    assert (wrapped.__name__, wrapped.__doc__) == ("endpoint", "Says it.")
    assert list(wrapped("a", times=3)) == [{"said": "aaa"}]
    assert inspect.signature(endpoint).return_annotation == Iterator[dict[str, str]], "the function itself stays as it is"


def test_a_stream_that_is_returned_and_not_yielded_from_is_refused_when_the_page_is_built() -> None:
    def show(service: FakeService, text: str) -> Iterator[Any]:
        return streamed(service, TokensRequest(text, "smollm2-135m"), None, str)

    with pytest.raises(TypeError, match="yield from"):
        readable(show, FakeService())


def test_an_answer_that_grows_is_shown_now_and_then_and_whole_at_its_end() -> None:
    class Growing(FakeService):
        def stream(self, request: Any) -> Any:
            return (Part(count, count == 9) for count in range(10))

    shown = list(streamed(Growing(), TokensRequest("a", "smollm2-135m"), lambda part: f"{part.count}", str, repr, pause=60))
    assert [(item[0]["text"], len(item)) for item in shown] == [("0", 3), ("9", 3)]
    assert [part.count for part in answers(Growing(), TokensRequest("a", "smollm2-135m"))] == list(range(10))


def test_choices_say_which_need_the_hub() -> None:
    labels = {slug: label for label, slug in model_choices("generation")}
    assert labels["gpt2"].endswith("needs the hub")
    assert "hub" not in labels["smollm2-135m"]
