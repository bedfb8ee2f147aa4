"""What a model is given of a text: no more tokens than it may read, and what its decoder reads beside an encoder. Knows no room."""

import numpy as np
import torch

from playground.engine.codec import Encoded
from playground.engine.models import Loaded
from playground.engine.source_texts import encoded, french_of, own_ids, target_of
from playground.errors import BadInput
from playground.tasks.source_text import SourceText


def shortened(loaded: Loaded, read: Encoded, most: int, name: str = "The text", *, bare: bool = True) -> tuple[Encoded, int]:
    """At most `most` tokens, special ones at the end kept, and how many were left out.

    Raises BadInput where there are none, or only special ones and `bare` does not allow that.
    """
    if not len(read.ids) or not (bare or (~read.special).any()):
        raise BadInput(f"{name} holds nothing this model's tokenizer can read. Use letters, digits or punctuation.")
    cut = max(0, len(read.ids) - min(most, loaded.window))
    return without(read, cut), cut


def without(read: Encoded, cut: int) -> Encoded:
    """Without the last `cut` tokens before the special tokens at the end."""
    if cut <= 0:
        return read
    real = np.flatnonzero(~read.special)
    tail = len(read.special) - int(real[-1]) - 1 if len(real) else 0
    places = np.r_[: len(read.ids) - tail - cut, len(read.ids) - tail : len(read.ids)]
    return Encoded(read.ids[places], tuple(read.pieces[i] for i in places), read.starts[places], read.ends[places], read.special[places])


def target_in(
    loaded: Loaded, source: SourceText, inputs: dict[str, torch.Tensor], most: int, target: str = "", *, bare: bool = True
) -> tuple[str, Encoded, list[int], int]:
    """(text, its tokens, decoder input ids, tokens left out) of `target`, or of the model's own translation of `source`, which `inputs`
    hold: the decoder reads it one step behind, after the start token."""
    target = target or french_of(loaded, source, own_ids(loaded, source, inputs)) or " "
    made, lost = shortened(loaded, encoded(loaded, target_of(loaded, source, target), target=True), most, "The target text", bare=bare)
    target = target[: made.end] if lost else target
    return target, made, [int(loaded.model.config.decoder_start_token_id), *made.ids[:-1].tolist()], lost
