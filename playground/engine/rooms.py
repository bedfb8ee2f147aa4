"""Finds the runner of a request in the list of its own room, and loads a tokenizer alone. Names no room."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from playground.catalog import MB, ModelCard
from playground.engine.codec import Codec, open_codec
from playground.engine.sources import find_files
from playground.settings import Settings
from playground.tasks.request import Request

Report = Callable[[str, int, int], None]
Runner = Callable[..., list[Any]]
Runners = dict[type[Request[Any]], Runner]


@dataclass(frozen=True)
class LoadedCodec:
    """A tokenizer without its model."""

    codec: Codec
    source: str
    bytes: int = 40 * MB


def load_codec(card: ModelCard, settings: Settings, report: Report) -> LoadedCodec:
    files = find_files(card, settings, report, tokenizer_only=True)
    return LoadedCodec(open_codec(files.folder), files.source)


def runners_of(room: str) -> Runners:
    """What `engine/<room>/runners.py` lists. Imports torch when first called, but for the rooms whose requests need a tokenizer alone."""
    found: Runners = import_module(f"playground.engine.{room}.runners").RUNNERS
    return found


def runner_of(kind: type[Request[Any]]) -> Runner:
    """The runner for requests of `kind`, a class of `playground.tasks.<room>`: (loaded model, requests, watch) -> answers, or
    (card, codec, requests, watch) -> answers where `kind.tokenizer_only`."""
    return runners_of(kind.__module__.split(".")[2])[kind]
