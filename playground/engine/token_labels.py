"""The tokens of a text as labels people read: surface text, or the piece itself where it is only part of what a character became."""

from playground.engine.codec import Encoded
from playground.engine.models import Loaded
from playground.tasks.tokens.tokens import Tokens, piece_text, shares_character


def labels_of(loaded: Loaded, text: str, read: Encoded) -> tuple[str, ...]:
    """One label a token of `text`; a special token shows its piece."""
    tokens = Tokens(text, loaded.card.slug, loaded.card.scheme, read.pieces, read.ids, read.starts, read.ends, read.special, loaded.window)
    shared = shares_character(tokens)
    labels = []
    for i, piece in enumerate(read.pieces):
        surface = text[read.starts[i] : read.ends[i]]
        own = piece_text(piece, loaded.card.scheme) if shared[i] else surface
        labels.append(piece if read.special[i] or not surface else own)
    return tuple(labels)


def entry_label(loaded: Loaded, piece: str) -> str:
    """A vocabulary entry: its text where its bytes are whole characters, with a ▁ in SentencePiece's way as a space."""
    return piece_text(piece, loaded.card.scheme) or piece
