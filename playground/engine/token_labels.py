"""The tokens of a text as labels people read: surface text, or the bytes of a piece that is only part of a character."""

from playground.engine.codec import Encoded
from playground.engine.models import Loaded
from playground.tasks.tokens.tokens import Tokens, piece_bytes, shares_character


def labels_of(loaded: Loaded, text: str, read: Encoded) -> tuple[str, ...]:
    """One label a token of `text`; a special token shows its piece."""
    tokens = Tokens(text, loaded.card.slug, loaded.card.scheme, read.pieces, read.ids, read.starts, read.ends, read.special, loaded.window)
    shared = shares_character(tokens)
    labels = []
    for i, piece in enumerate(read.pieces):
        raw = piece_bytes(piece, loaded.card.scheme) if shared[i] and not read.special[i] else None
        surface = text[read.starts[i] : read.ends[i]]
        labels.append(f"⟨{raw.hex(' ').upper()}⟩" if raw else piece if read.special[i] or not surface else surface)
    return tuple(labels)


def entry_label(loaded: Loaded, piece: str) -> str:
    """A vocabulary entry: its text where its bytes are whole characters, with a ▁ in SentencePiece's way as a space."""
    raw = piece_bytes(piece, loaded.card.scheme)
    if raw is None:
        return piece
    try:
        return raw.decode() or piece
    except UnicodeDecodeError:
        return f"⟨{raw.hex(' ').upper()}⟩"
