"""The text of single tokens. A token that is only part of a character shows its bytes, a special token its name. No torch."""

import codecs
from dataclasses import dataclass, field

from playground.engine.codec import Codec, FastCodec
from playground.tasks.tokens.tokens import piece_bytes, piece_text
from playground.tasks.vocabulary import Words

_LONGEST = 4  # bytes of a character in UTF-8, so tokens too that it may lie in


@dataclass
class Pieces:
    """Reads ids as text and remembers them, in the order they came up. `scheme` is the catalog's name of the tokenizer's kind."""

    codec: Codec
    scheme: str
    labels: dict[int, str] = field(default_factory=dict)
    special: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if isinstance(self.codec, FastCodec):
            added = self.codec.tokenizer.get_added_tokens_decoder()
            self.special = frozenset(number for number, token in added.items() if token.special)

    def label(self, number: int) -> str:
        """A plain text; ⟨F0 9F⟩ for bytes that are no whole character, the piece itself for what decodes to nothing."""
        if number not in self.labels:
            self.labels[number] = self._read(number)
        return self.labels[number]

    def _read(self, number: int) -> str:
        text = self.codec.decode([number])
        piece = self.codec.tokenizer.id_to_token(number) or "" if isinstance(self.codec, FastCodec) else ""
        return piece_text(piece, self.scheme) if "\ufffd" in text else text or piece

    def whole(self, ids: list[int]) -> tuple[str, str]:
        """(text, held back): what `ids` say up to their last whole character, and the bytes of one they end inside of, as “F0 9F”."""
        text = self.codec.decode(ids)
        if not text.endswith("\ufffd"):
            return text, ""
        pieces = [self.codec.piece_of(number) or "" for number in ids if number not in self.special][-_LONGEST:]
        reader = codecs.getincrementaldecoder("utf-8")("replace")
        reader.decode(b"".join(piece_bytes(piece, self.scheme) or b"" for piece in pieces))
        begun = reader.getstate()[0]
        return (text[:-1], begun.hex(" ").upper()) if begun else (text, "")

    def words(self) -> Words:
        """All that came up so far."""
        ids = tuple(self.labels)
        return Words(ids, tuple(self.labels.values()), tuple(number in self.special for number in ids))
