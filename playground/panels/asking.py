"""What every panel's handlers share: errors as sentences, and the models to choose from. Knows no room."""

import inspect
import logging
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from functools import partial, wraps
from html import escape
from typing import Any, TypeVar, cast, get_args, get_origin

import gradio as gr
from gradio.events import Dependency

from playground.catalog import DEFAULTS, models_for
from playground.errors import Cancelled, PlaygroundError, sentence_of
from playground.service.port import Service
from playground.tasks.request import Progress, Request
from playground.views.status import note, progress_note

A = TypeVar("A")

STILL = "{text: 'Stopped. What is shown stays.', done: 0, total: 0, tone: ''}"
STOPPED = """async () => {
  window.playgroundStopped = Date.now();
  await new Promise((passed) => setTimeout(passed, 400));
  return STILL;
}""".replace("STILL", STILL)
# A run that was just stopped fails too, and sometimes that is heard last. What went wrong is read from the toast, which goes by itself:
# the note stands where the picture would be, and stays.
FAILED = """async () => {
  if (Date.now() - (window.playgroundStopped || 0) < 3000) return STILL;
  await new Promise((passed) => setTimeout(passed, 150));
  const told = [...document.querySelectorAll('[data-testid="toast-text"]')].pop()?.textContent.trim();
  return {text: told || 'There is no result. Try it again.', done: 0, total: 0, tone: 'bad'};
}""".replace("STILL", STILL)
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}  # of the page's own events
log = logging.getLogger(__name__)


def readable(handler: Callable[..., Any], *given: Any, page: bool = True) -> Callable[..., Any]:
    """`handler` (a function or a generator function) with `given`, its service first of all, in its first places, and every error as a
    sentence: a PlaygroundError's own text, else an apology.

    Gradio's page reads an error as markup, and errors quote what people typed: for the `page` it is escaped, for the API it is plain.
    Name, docstring, and the rest of the signature and its annotations stay, so that Gradio documents the endpoint as written, a stream
    by the type of one item. Closing a wrapped generator closes the one inside. Raises TypeError where a stream was written as a plain
    function, which Gradio would not read from.
    """
    bound, streams = partial(handler, *given), inspect.isgeneratorfunction(handler)
    signature = inspect.signature(bound)
    if get_origin(signature.return_annotation) is Iterator:
        if not streams:
            raise TypeError(f"{handler.__qualname__} returns an iterator and yields nothing: write `yield from` where it says `return`.")
        signature = signature.replace(return_annotation=get_args(signature.return_annotation)[0])

    @wraps(handler)
    def stream(*args: Any, **kwargs: Any) -> Iterator[Any]:
        try:
            yield from bound(*args, **kwargs)
        except Exception as error:
            raise _sentence(error, page) from None

    @wraps(handler)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return bound(*args, **kwargs)
        except Exception as error:
            raise _sentence(error, page) from None

    made: Any = stream if streams else call
    made.__signature__ = signature
    typed = {name: one.annotation for name, one in signature.parameters.items()} | {"return": signature.return_annotation}
    made.__annotations__ = {name: hint for name, hint in typed.items() if hint is not inspect.Parameter.empty}
    return cast("Callable[..., Any]", made)


def publish(service: Service, *endpoints: Callable[..., Any]) -> None:
    """Named endpoints of the open page: each of these functions of the service under its own name, and documented as it is written."""
    for endpoint in endpoints:
        gr.api(readable(endpoint, service, page=False), api_name=endpoint.__name__)


def _sentence(error: Exception, page: bool) -> gr.Error:
    if isinstance(error, gr.Error):
        return error
    if not isinstance(error, PlaygroundError):
        log.exception("A handler failed", exc_info=error)
    said = sentence_of(error)
    return gr.Error(escape(said, quote=False) if page else said, print_exception=False)


def awaited(
    service: Service, request: Request[A], others: int = 1, shown: Callable[[A], tuple[Any, ...]] | None = None, pause: float = 0.0
) -> Generator[Any, None, A]:
    """The whole answer of `request`, for `yield from` in a handler whose first output is a note and which has `others` beside it.

    Progress is told in the note and leaves the others as they are. Each answer is yielded as `shown` has it, if it is given; one that is
    still growing at most every `pause` seconds.
    """
    found: list[A] = []
    since = 0.0
    with closing(service.stream(request)) as items:
        for item in items:
            if isinstance(item, Progress):
                yield progress_note(item), *[gr.skip()] * others
                continue
            found = [item]
            if shown and (getattr(item, "finished", True) or time.monotonic() - since >= pause):
                yield shown(item)
                since = time.monotonic()
    if not found:
        raise Cancelled("Stopped.")
    return found[0]


def streamed(
    service: Service, request: Request[A], said: Callable[[A], str] | None, *views: Callable[[A], Any], pause: float = 0.0
) -> Iterator[Any]:
    """(note, shown, …) of a request: progress meanwhile, then what `said` and each of `views` make of its answer."""
    yield from awaited(
        service, request, len(views), lambda made: (note(said(made) if said else ""), *(view(made) for view in views)), pause
    )


def answers(service: Service, request: Request[A]) -> Iterator[A]:
    """Every answer of `request` so far, for an endpoint that streams: its progress is passed over."""
    with closing(service.stream(request)) as items:
        yield from (item for item in items if not isinstance(item, Progress))


def stopped(button: gr.Button, said: Any, runs: Sequence[Dependency]) -> None:
    """`button` ends `runs` at once; the note `said` tells so a moment later, or an item still on its way would speak last.

    Two events, the ending one first: Gradio's page waits for an event's script before it takes up the next. A run that fails
    says so in `said` too, which would else go on saying that the model is at work.
    """
    button.click(None, None, None, cancels=list(runs), api_visibility="private")
    button.click(None, None, said, js=STOPPED, api_visibility="private")
    for run in runs:
        run.failure(None, None, said, js=FAILED, api_visibility="private")


def model_choices(room: str) -> list[tuple[str, str]]:
    """(label, slug) of the models that serve `room`, for a dropdown; the label says which need the Hugging Face hub."""
    return [(card.name if card.embedded else f"{card.name} · needs the hub", card.slug) for card in models_for(room)]


def model_field(room: str, label: str = "Model", name: str = "") -> gr.Dropdown:
    """The choice of a model of `room`, its default first; somebody may type a hub's id. Its elem_id is `name`, else the room's."""
    return gr.Dropdown(
        model_choices(room), value=DEFAULTS[room], label=label, allow_custom_value=True, min_width=240, elem_id=name or f"{room}-model"
    )
