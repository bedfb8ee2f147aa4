"""Experiments on a run: tokens that no other may look at, heads whose output is 0, blocks that pass their input on unchanged.

Opened round a forward like the tap; the attention function asks `change_of` for each layer it runs.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import torch

from playground.engine.hooks import hooked
from playground.errors import BadInput
from playground.tasks.changes import Changes
from playground.tasks.text import shown


@dataclass(frozen=True)
class Change:
    """What one attention layer does differently: `hidden` key places, `heads` that are off; `cross` layers have no own place."""

    hidden: tuple[int, ...]
    heads: tuple[int, ...]
    cross: bool


_CHANGES: ContextVar[dict[int, Change] | None] = ContextVar("changes", default=None)


def changing() -> bool:
    """Whether anything is changed in this thread, so that the eager path with its additive mask is needed."""
    return _CHANGES.get() is not None


def change_of(module: torch.nn.Module) -> Change | None:
    found = _CHANGES.get()
    return None if found is None else found.get(id(module))


def hidden_mask(change: Change, queries: int, keys: int, like: torch.Tensor) -> torch.Tensor | None:
    """(queries, keys) of 0, and the lowest number where a query may not look at a hidden key; a token always sees itself.

    With a cache the queries are the last of the keys.
    """
    places = [place for place in change.hidden if place < keys]
    if not places:
        return None
    mask = torch.zeros(queries, keys, dtype=like.dtype, device=like.device)
    mask[:, places] = torch.finfo(like.dtype).min
    if not change.cross:
        own = torch.arange(keys - queries, keys, device=like.device)
        mask[torch.arange(queries, device=like.device), own] = 0
    return mask


@contextmanager
def changed(model: torch.nn.Module, modules: dict[str, tuple[torch.nn.Module, ...]], changes: Changes) -> Iterator[None]:
    """For the thread that opens it alone: another may run the same model meanwhile. Raises BadInput listing what the model has."""
    heads: dict[tuple[str, int], list[int]] = {}
    for kind, layer, head in changes.heads:
        _check(modules, kind, layer)
        if head >= (count := _heads_of(modules[kind][layer])):
            raise BadInput(f"Head {head} is out of range: this model has heads 0 to {count - 1}.")
        heads.setdefault((kind, layer), []).append(head)
    reads = "cross" in modules
    made = {
        id(module): Change(() if reads and kind == "masked" else changes.hidden, tuple(heads.get((kind, layer), ())), kind == "cross")
        for kind, some in modules.items()
        for layer, module in enumerate(some)
    }
    with ExitStack() as stack:
        for kind, layer in changes.blocks:
            _check(modules, kind, layer)
            stack.enter_context(hooked(_block_of(model, modules[kind][layer]), _pass_on))
        token = _CHANGES.set(made)
        stack.callback(_CHANGES.reset, token)
        yield


def _check(modules: dict[str, tuple[torch.nn.Module, ...]], kind: str, layer: int) -> None:
    if kind not in modules:
        raise BadInput(f"This model has no {shown(kind)} attention. It has: {', '.join(modules)}.")
    if layer >= len(modules[kind]):
        raise BadInput(f"Layer {layer} is out of range: this model has layers 0 to {len(modules[kind]) - 1}.")


def _heads_of(module: Any) -> int:
    names = ("num_heads", "num_attention_heads", "n_heads")
    own = next((getattr(module, name) for name in names if hasattr(module, name)), None)
    return int(own if own is not None else module.config.num_attention_heads)


def _block_of(model: torch.nn.Module, module: torch.nn.Module) -> torch.nn.Module:
    """The layer of the stack that holds this attention module: its path up to the first number."""
    names = next(name for name, one in model.named_modules() if one is module).split(".")
    number = next(i for i, name in enumerate(names) if name.isdecimal())
    return model.get_submodule(".".join(names[: number + 1]))


def _pass_on(module: torch.nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any], output: Any) -> Any:
    given = args[0] if args else kwargs["hidden_states"]
    return (given, *output[1:]) if isinstance(output, tuple) else given
