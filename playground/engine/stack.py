"""One stack of a model (its encoder or its decoder) and a text put through it: every block's input and output, and what a caller
hooks besides. What the rooms of embeddings, positions and the block need."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from playground.engine.hooks import hooked
from playground.engine.models import Loaded
from playground.engine.reading_in import shortened, target_in
from playground.engine.source_texts import encoded, source_of
from playground.engine.token_labels import labels_of
from playground.errors import BadInput
from playground.layouts import Layout, Sublayer, layout_of
from playground.tasks.embeddings.embeddings import Floats
from playground.tasks.limits import LIMITS


@dataclass(frozen=True)
class Stack:
    """`module` holds the embeddings and `blocks`; `final` is the norm after the last one, if the model has it."""

    name: str
    module: Any
    blocks: tuple[Any, ...]
    layout: Layout
    final: Any

    def part(self, path: str) -> Any:
        return find_part(self.module, path)

    def sublayers(self, block: Any) -> tuple[Sublayer, ...]:
        """Those this block has: a decoder's block has cross-attention only beside an encoder."""
        return tuple(one for one in self.layout.sublayers if _has(block, one.out))


def find_part(module: Any, path: str) -> Any:
    """The submodule at `path`; a number may count from the end."""
    for name in path.split("."):
        module = module[int(name)] if name.lstrip("-").isdecimal() else getattr(module, name)
    return module


def _has(block: Any, path: str) -> bool:
    try:
        find_part(block, path)
    except (AttributeError, IndexError):
        return False
    return True


def stack_of(loaded: Loaded, name: str) -> Stack:
    """The stack called `name`, "" for the model's first. Raises BadInput listing what the model has."""
    had = loaded.face.stacks
    if (name or had[0]) not in had:
        raise BadInput(f"{loaded.card.name} has no {name}. It has: {', '.join(had)}.")
    name, body = name or had[0], loaded.model.base_model
    layout = layout_of(loaded.model.config.model_type, loaded.card.name)
    module = getattr(body, name) if len(had) == 2 else body
    final = find_part(module, layout.final_norm) if layout.final_norm else None
    return Stack(name, module, tuple(find_part(module, layout.blocks)), layout, final)


@dataclass(frozen=True)
class Passage:
    """A text as a stack reads it: `inputs` for the model, labels and what is special for each token, the ids of this stack's tokens,
    the text that was read ("" only for none), and how many tokens were cut."""

    inputs: dict[str, torch.Tensor]
    labels: tuple[str, ...]
    special: tuple[bool, ...]
    ids: tuple[int, ...]
    text: str
    cut: int


def read_passage(loaded: Loaded, stack: Stack, text: str, most: int = LIMITS.vector_tokens) -> Passage:
    """At most `most` tokens; for a decoder beside an encoder, the model's own translation of `text`, shifted by its start token."""
    source = source_of(loaded, text)
    whole = source.text
    read, cut = shortened(loaded, encoded(loaded, source), most, bare=False)
    inputs = {"input_ids": torch.tensor(read.ids[None].astype(np.int64), device=loaded.device)}
    inputs["attention_mask"] = torch.ones_like(inputs["input_ids"])
    if not loaded.face.has_cross or stack.name == "encoder":
        special = tuple(bool(s) for s in read.special)
        return Passage(inputs, labels_of(loaded, whole, read), special, tuple(int(i) for i in read.ids), text, cut)
    target, made, ids, _ = target_in(loaded, source, inputs, most, bare=False)
    inputs["decoder_input_ids"] = torch.tensor([ids], device=loaded.device)
    labels = ("⟨start⟩", *labels_of(loaded, target, made)[:-1])
    return Passage(inputs, labels, (True, *(bool(s) for s in made.special[:-1])), tuple(ids), target, cut)


class Tape:
    """What hooks wrote down: `inputs[name]` and `outputs[name]`, float32 (tokens, width) of the only row."""

    def __init__(self) -> None:
        self.inputs: dict[str, Floats] = {}
        self.outputs: dict[str, Floats] = {}

    def write(self, name: str) -> Callable[..., None]:
        """A forward hook for a module that is called once a pass; a shared module keeps its last call."""

        def hook(module: Any, args: tuple[Any, ...], kwargs: dict[str, Any], output: Any) -> None:
            given = args[0] if args else kwargs.get("hidden_states")
            if isinstance(given, torch.Tensor) and given.is_floating_point():
                self.inputs[name] = numbers(given[0])
            made = output[0] if isinstance(output, tuple) else output
            self.outputs[name] = numbers(made[0] if made.dim() == 3 else made)

        return hook


def numbers(tensor: torch.Tensor) -> Floats:
    made = np.array(tensor.detach().float().cpu().numpy())
    made.setflags(write=False)
    return made


def put_through(loaded: Loaded, stack: Stack, passage: Passage, watched: dict[str, Any], *, positions: bool = True) -> Tape:
    """One forward with `watched` modules (name -> module) and every block ("block 0", …) and the final norm ("final") on tape."""
    tape = Tape()
    blocks = {f"block {i}": block for i, block in enumerate(stack.blocks)} | ({"final": stack.final} if stack.final is not None else {})
    with ExitStack() as hooks:
        for name, module in (blocks | watched).items():
            hooks.enter_context(hooked(module, tape.write(name)))
        if not positions:
            hooks.enter_context(without_positions(stack))
        with torch.inference_mode():
            _run(loaded, stack, passage)
    return tape


def _run(loaded: Loaded, stack: Stack, passage: Passage) -> None:
    """The body without its head; an encoder beside a decoder runs alone, since the two may share their embedding module."""
    if loaded.face.has_cross and stack.name == "encoder":
        stack.module(input_ids=passage.inputs["input_ids"], attention_mask=passage.inputs["attention_mask"])
    else:
        loaded.model.base_model(**passage.inputs, **loaded.face.uncached)


@contextmanager
def without_positions(stack: Stack) -> Iterator[None]:
    """While open, what tells this stack its positions says nothing: added vectors and biases are 0, rotary angles are 0."""

    def silence(module: Any, args: Any, kwargs: Any, output: Any) -> Any:
        if isinstance(output, tuple):  # cos and sin of rotary positions
            return torch.ones_like(output[0]), torch.zeros_like(output[1])
        return torch.zeros_like(output)

    with hooked(stack.part(stack.layout.silenced), silence):
        yield
