"""What of a text a tokenizer has no piece for: the tokens that came out as [UNK]. No torch."""

import numpy as np

from playground.engine.codec import Codec, Encoded
from playground.tasks.unread import Unread

UNKNOWN = ("[UNK]", "<unk>")


def unknown_ids(codec: Codec) -> list[int]:
    return [number for piece in UNKNOWN if (number := codec.id_of(piece)) is not None]


def unread_of(codec: Codec, text: str, made: Encoded) -> Unread:
    """Of `text`, which `codec` made `made` of. A byte-level vocabulary holds every byte, so nothing of a text is unread there."""
    places = np.flatnonzero(np.isin(made.ids, unknown_ids(codec)) & ~made.special)
    parts = tuple(dict.fromkeys(text[made.starts[i] : made.ends[i]].strip() for i in places))
    return Unread(len(places), int((~made.special).sum()), tuple(part for part in parts if part))
