"""What every forward with a tap needs: the model's body, the tapped layers by kind of attention, the tokens of an axis. Knows no room."""

from typing import TypeVar

import torch

from playground.engine.codec import Encoded
from playground.engine.models import Loaded
from playground.engine.token_labels import labels_of
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


def side_of(loaded: Loaded, text: str, read: Encoded) -> Side:
    """Surface text of each token; a piece that is only part of a character shows its bytes."""
    return Side(labels_of(loaded, text, read), read.pieces, tuple(bool(s) for s in read.special))
