"""What every forward with a tap needs: the model's body, its layers by kind of attention, experiments on them, the tokens of an axis.

Knows no room.
"""

from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

import torch

from playground.engine.changes import changed
from playground.engine.codec import Encoded
from playground.engine.models import Loaded
from playground.engine.tap import open_tap
from playground.engine.token_labels import labels_of
from playground.tasks.changes import Changes
from playground.tasks.side import Side

T = TypeVar("T")


def body_of(loaded: Loaded) -> torch.nn.Module:
    """The model without its head: the weights are the same and the vocabulary projection is saved."""
    body = getattr(loaded.model, loaded.model.base_model_prefix, None)
    return body if isinstance(body, torch.nn.Module) else loaded.model


def by_kind(loaded: Loaded, taken: list[T]) -> dict[str, tuple[T, ...]]:
    """Calls come in layer order: encoder layers, then self and cross in turn for each decoder layer (design.md §3)."""
    if not loaded.face.has_cross:
        return {loaded.face.kinds[0]: tuple(taken)}
    first = loaded.face.layers["encoder"]
    return {"self": tuple(taken[:first]), "masked": tuple(taken[first::2]), "cross": tuple(taken[first + 1 :: 2])}


def changes_of(loaded: Loaded, changes: Changes) -> AbstractContextManager[None]:
    """Opens `changes` on this model; nothing where there are none. The layers are found by a forward over one token."""
    if changes == Changes():
        return nullcontext()
    start = torch.tensor([[0]], device=loaded.device)
    given = {"input_ids": start, "attention_mask": torch.ones_like(start)}
    given |= {"decoder_input_ids": start} if loaded.face.has_cross else {}
    with open_tap(lambda weights: None) as tap, torch.inference_mode():
        body_of(loaded)(**given, **loaded.face.uncached)
    return changed(loaded.model, by_kind(loaded, tap.modules), changes)


def side_of(loaded: Loaded, text: str, read: Encoded) -> Side:
    """Surface text of each token; a piece that is only part of a character shows its bytes."""
    return Side(labels_of(loaded, text, read), read.pieces, tuple(bool(s) for s in read.special))
