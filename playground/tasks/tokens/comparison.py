"""One text cut by several tokenizers: which spans they cut differently, and how many tokens each needs. Pure; knows no tokenizer."""

from collections.abc import Sequence
from dataclasses import dataclass

from playground.errors import BadInput
from playground.tasks.text import check_text
from playground.tasks.tokens.limits import LIMITS
from playground.tasks.tokens.tokens import Tokens, unknown_pieces

FEWEST, MOST = 2, 4
Span = tuple[int, int]


@dataclass(frozen=True)
class Row:
    """One tokenizer's tokens (special ones left out). `differs[i]`: not every other tokenizer has this very span.

    `lost` counts tokens that stand for what the vocabulary lacks.
    """

    tokens: Tokens
    differs: tuple[bool, ...]
    lost: int


def check_contrast(text: object, tokenizers: object) -> tuple[str, ...]:
    """The names, in order. Raises BadInput where there are not 2 to 4 different ones, or the text is none or too long."""
    check_text(text, "The text", LIMITS.contrast_characters, blank=True)
    if not isinstance(tokenizers, list | tuple) or not all(isinstance(name, str) for name in tokenizers):
        raise BadInput("The tokenizers must be a list of names, like [“smollm2-135m”, “minilm-l6”].")
    names = tuple(dict.fromkeys(tokenizers))
    if not FEWEST <= len(names) <= MOST:
        raise BadInput(f"Choose {FEWEST} to {MOST} different tokenizers to compare, not {len(names)}.")
    return names


def contrast(several: Sequence[Tokens]) -> tuple[Row, ...]:
    """Spans are compared without the spaces at their ends: some tokenizers give a space to the word after it, others to none."""
    spans = [[_trimmed(one.text, int(s), int(e)) for s, e in zip(one.starts, one.ends, strict=True)] for one in several]
    sets = [_spans_of(one, row) for one, row in zip(several, spans, strict=True)]
    shared = set.intersection(*sets) if sets else set()
    return tuple(
        Row(one, tuple(not special and span[0] < span[1] and span not in shared for span, special in zip(row, one.special, strict=True)),
            len(unknown_pieces(one)))
        for one, row in zip(several, spans, strict=True)
    )  # fmt: skip


def _spans_of(tokens: Tokens, spans: list[Span]) -> set[Span]:
    """A character that several tokens share is cut: its span counts as nobody else's."""
    seen: dict[Span, int] = {}
    for span, special in zip(spans, tokens.special, strict=True):
        if not special:
            seen[span] = seen.get(span, 0) + 1
    return {span for span, times in seen.items() if times == 1}


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
