"""How much of a text a model could not read, counted on its tokens. Knows no tokenizer."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Unread:
    """`tokens` of the text's `of` (special ones not counted) say only that something unknown stood there; `parts` are what stood
    there, each once, in order."""

    tokens: int = 0
    of: int = 0
    parts: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.tokens / self.of if self.of else 0.0

    def __add__(self, other: "Unread") -> "Unread":
        return Unread(self.tokens + other.tokens, self.of + other.of, tuple(dict.fromkeys(self.parts + other.parts)))
