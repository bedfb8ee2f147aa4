"""Words of a text as spans of code points, for any script: what people click, remove and compare. Knows no model."""

import unicodedata
from collections.abc import Collection, Sequence

Span = tuple[int, int]
INNER = frozenset("'’-\u200d")  # stay inside a word that goes on after them


def words_of(text: str) -> tuple[Span, ...]:
    """(start, end) of every word, number or run of other signs, in order; only white space is in none of them.

    Combining marks and joiners stay with their letter; an apostrophe or hyphen between letters is inside the word.
    """
    found: list[list[int]] = []
    last = ""
    for place in range(len(text)):
        kind = _kind(text, place, last)
        if kind == " ":
            last = ""
            continue
        if kind == last:
            found[-1][1] = place + 1
        else:
            found.append([place, place + 1])
        last = kind
    return tuple((start, end) for start, end in found)


def _kind(text: str, place: int, last: str) -> str:
    """ "a" in a word, "." in a run of signs, " " between."""
    letter = text[place]
    if letter.isspace():
        return " "
    if letter.isalnum() or letter == "_":
        return "a"
    if last and unicodedata.category(letter)[0] == "M":
        return last
    if last == "a" and letter in INNER and text[place + 1 : place + 2].isalnum():
        return "a"
    return "."


def words_at(words: Sequence[Span], starts: Sequence[int], ends: Sequence[int]) -> tuple[int, ...]:
    """For every span (starts[i], ends[i]) the index of the word its first character is in; for an empty span too, -1 where none is."""
    found, word = [], 0
    for start, end in zip(starts, ends, strict=True):
        while word < len(words) and words[word][1] <= start:
            word += 1
        inside = word < len(words) and words[word][0] < max(end, start + 1)
        found.append(word if inside else -1)
    return tuple(found)


def without(text: str, removed: Collection[int]) -> str:
    """`text` without the words of these numbers (of `words_of`), and without the space each leaves behind."""
    kept, place = "", 0
    for number, (start, end) in enumerate(words_of(text)):
        if number in removed:
            kept += text[place:start]
            place = end
            after = text[place : place + 1]
            if (not kept or kept[-1].isspace()) and after.isspace():
                place += 1
            elif kept[-1:].isspace() and not after.isalnum():
                kept = kept[:-1]
    return kept + text[place:]
