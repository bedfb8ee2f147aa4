"""What every panel's handlers share: errors as sentences, and the models to choose from. Knows no room."""

import inspect
import json
import logging
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from functools import wraps
from html import escape
from typing import Any, ParamSpec, TypeVar, cast

import gradio as gr
from gradio.events import Dependency

from playground.catalog import models_for
from playground.errors import Cancelled, PlaygroundError, sentence_of
from playground.service.port import Service
from playground.tasks.request import Progress, Request
from playground.views.status import note, progress_note

P = ParamSpec("P")
R = TypeVar("R")
A = TypeVar("A")

STILL = "{text: 'Stopped. What is shown stays.', done: 0, total: 0, tone: ''}"
# In window.playgroundRuns the page keeps what became of each run that has a name: 'on', 'stopped' by its button, or 'halted' by the
# page itself, for another that is to begin. There it stays until Gradio's page has let go of it: what begins before may be ended too.
BEGUN = """(...values) => {
  const runs = window.playgroundRuns ??= {};
  runs['NAME'] = 'on';
  delete runs['NAME answered'];
  window.dispatchEvent(new CustomEvent('playground-begun', {detail: 'NAME'}));
  return values;
}"""
STOPPED = """async () => {
  window.playgroundStopped = Date.now();
  const runs = window.playgroundRuns ??= {};
  for (const name of NAMES) if (runs[name] === 'on') runs[name] = 'stopped';
  await new Promise((passed) => setTimeout(passed, 400));
  return STILL;
}""".replace("STILL", STILL)
# Gradio's page tells of a run that it ends: perhaps its success, or its failure; once it has let go, its failure, and then its end in
# any case. After a success that end is told too, and is not the one waited for.
ANSWERED = """() => {
  const runs = window.playgroundRuns;
  if (runs['NAME'] === 'on') delete runs['NAME'];
  else runs['NAME answered'] = true;
}"""
LEFT = "() => { const runs = window.playgroundRuns; delete runs[runs['NAME answered'] ? 'NAME answered' : 'NAME']; }"
# A run without a name that was just stopped fails too, and sometimes that is heard last.
FAILED = """() => {
  const runs = window.playgroundRuns ??= {}, how = runs['NAME'];
  if (how === 'halted' || ('NAME' && !how)) return;
  if (how === 'on') delete runs['NAME'];
  return how === 'stopped' || (!how && Date.now() - (window.playgroundStopped || 0) < 3000) ? STILL
    : {text: 'No result; the message says why. What stands below, if anything does, is from a run before.', done: 0, total: 0, tone: 'bad'};
}""".replace("STILL", STILL)
log = logging.getLogger(__name__)


def readable(handler: Callable[P, R], *, page: bool = True) -> Callable[P, R]:
    """`handler` (a function or a generator function) with every error as a sentence: a PlaygroundError's own text, else an apology.

    Gradio's page reads an error as markup, and errors quote what people typed: for the `page` it is escaped, for the API it is plain.
    Name, signature, annotations and docstring stay, so that Gradio documents the endpoint as written. Closing a wrapped
    generator closes the one inside.
    """
    if inspect.isgeneratorfunction(handler):

        @wraps(handler)
        def stream(*args: P.args, **kwargs: P.kwargs) -> Iterator[Any]:
            try:
                yield from cast("Iterator[Any]", handler(*args, **kwargs))
            except Exception as error:
                raise _sentence(error, page) from None

        return cast("Callable[P, R]", stream)

    @wraps(handler)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return handler(*args, **kwargs)
        except Exception as error:
            raise _sentence(error, page) from None

    return call


def _sentence(error: Exception, page: bool) -> gr.Error:
    if isinstance(error, gr.Error):
        return error
    if not isinstance(error, PlaygroundError):
        log.exception("A handler failed", exc_info=error)
    said = sentence_of(error)
    return gr.Error(escape(said, quote=False) if page else said, print_exception=False)


def streamed(service: Service, request: Request[A], view: Callable[[A], Any], said: Callable[[A], str] = lambda made: "") -> Iterator[Any]:
    """(note, shown) of a request whose answer one component shows: progress meanwhile, then what `said` and `view` make of it."""
    with closing(service.stream(request)) as items:
        for item in items:
            if isinstance(item, Progress):
                yield progress_note(item), gr.skip()
            else:
                yield note(said(item)), view(item)


def awaited(service: Service, request: Request[A], shown: Callable[[Progress], Any]) -> Generator[Any, None, A]:
    """The whole answer of `request`, for `yield from` in a handler; what `shown` makes of its progress is yielded meanwhile."""
    answers: list[A] = []
    with closing(service.stream(request)) as items:
        for item in items:
            if isinstance(item, Progress):
                yield shown(item)
            else:
                answers = [item]
    if not answers:
        raise Cancelled("Stopped.")
    return answers[0]


def begun(name: str) -> str:
    """The script (`js=`) of a run that the page is to follow by this name; `stopped` must be given the name too."""
    return BEGUN.replace("NAME", name)


def stopped(button: gr.Button, said: Any, runs: Sequence[Dependency], names: Sequence[str] = ()) -> None:
    """`button` ends `runs` at once; the note `said` tells so a moment later, or an item still on its way would speak last.

    Two events, the ending one first: Gradio's page waits for an event's script before it takes up the next. A run that fails
    says so in `said` too, which would else go on saying that the model is at work. `names`: of runs begun with `begun`.
    """
    button.click(None, None, None, cancels=list(runs), api_visibility="private")
    button.click(None, None, said, js=STOPPED.replace("NAMES", json.dumps(list(names))), api_visibility="private")
    for run, name in zip(runs, names or [""] * len(runs), strict=True):
        run.failure(None, None, said, js=FAILED.replace("NAME", name), api_visibility="private")
        if name:
            run.success(None, None, None, js=ANSWERED.replace("NAME", name), api_visibility="private")
            run.then(None, None, None, js=LEFT.replace("NAME", name), api_visibility="private")


def model_choices(room: str) -> list[tuple[str, str]]:
    """(label, slug) of the models that serve `room`, for a dropdown; the label says which need the Hugging Face hub."""
    return [(card.name if card.embedded else f"{card.name} · needs the hub", card.slug) for card in models_for(room)]
