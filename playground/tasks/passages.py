"""A text cut into sentences and what lies between them, so that translating sentences loses nothing. Knows no model.

Whatever is cut, the parts put together are the text, code point for code point. A line break ends a sentence, except where a paragraph
is plainly wrapped at a width.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise, takewhile

from playground.tasks.sentence_ends import LINKS, sentences_in

LINES = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
# Indentation, quote marks, headings, list markers with their spaces, check boxes: what a line begins with.
LEAD = re.compile(r"\s*(?:>\s*)*(?:#{1,6}\s+)?(?:(?:[-*+•‣◦▪–—]|\(?\d{1,3}[.)]|\(?[A-Za-z]\)|\[[ xX]\])\s+)*")
NARROWEST, WIDEST = 40, 120  # characters of the longest line of a paragraph that was wrapped at a width
PAIRS = {'"': '"', "“": "”", "«": "»", "„": "“", "(": ")", "[": "]", "{": "}", "「": "」", "『": "』"}
KIN = {mark: frozenset(m for pair in PAIRS.items() if mark in pair for m in pair) for pair in PAIRS.items() for mark in pair}
EMPHASIS = re.compile(r"([*_~`]+)([^*_~`]+)\1")


@dataclass(frozen=True)
class Passage:
    """A part of a text: a `sentence` to translate, or what is kept as it is."""

    text: str
    sentence: bool


def passages_of(text: str) -> tuple[Passage, ...]:
    """All of `text` in order. Neighbours that are kept are one passage; a sentence holds at least one letter."""
    found: list[Passage] = []
    for part in (part for line in _unwrapped(LINES.findall(text)) for part in _line(line)):
        if not part.text:
            continue
        if found and not part.sentence and not found[-1].sentence:
            found[-1] = Passage(found[-1].text + part.text, False)
        else:
            found.append(part)
    return tuple(found)


def parted(sentence: str, fits: Callable[[str], bool]) -> tuple[Passage, ...]:
    """`sentence` in parts that fit: cut after the comma, semicolon or colon nearest its middle, else at a space, else anywhere."""
    if fits(sentence) or len(sentence) < 2:
        return _trimmed(sentence)
    middle = len(sentence) // 2
    for places in (re.finditer(r"[,;:،，、；：](?=\s|[^\x00-\x7f])", sentence), re.finditer(r"\s", sentence)):
        cuts = [place.end() for place in places if 0 < place.end() < len(sentence)]
        if cuts:
            middle = min(cuts, key=lambda cut: abs(cut - len(sentence) // 2))
            break
    return parted(sentence[:middle], fits) + parted(sentence[middle:], fits)


def _unwrapped(parts: list[str]) -> Iterator[str]:
    """Lines and the breaks between them, with the lines of a wrapped paragraph put together again, breaks and all."""
    at = 0
    while at < len(parts):
        end = at + 1
        while end + 1 < len(parts) and parts[end] in ("\n", "\r\n", "\r") and not _stands_alone(parts[at], parts[end + 1]):
            end += 2
        lines, joined = parts[at:end:2], parts[at]
        for goes_on, i in zip(_goes_on(lines), range(at + 1, end, 2), strict=True):
            if goes_on:
                joined += parts[i] + parts[i + 1]
            else:
                yield joined
                yield parts[i]
                joined = parts[i + 1]
        yield joined
        at = end


def _goes_on(lines: list[str]) -> list[bool]:
    """For each line but the last whether the next goes on with it: its first word would not have fitted into the width, which the
    longest line tells, and it begins small, or another one of this paragraph does after a line without a mark at its end."""
    width = max(len(line.rstrip()) for line in lines)
    if not NARROWEST <= width <= WIDEST:
        return [False] * (len(lines) - 1)
    pairs = list(pairwise(lines))
    full = [len(line.rstrip()) + 1 + len(after.split(maxsplit=1)[0]) > width if after.strip() else False for line, after in pairs]
    small = [after.strip()[:1].islower() for _, after in pairs]
    wrapped = any(f and s and line.rstrip()[-1:].isalnum() for f, s, (line, _) in zip(full, small, pairs, strict=True))
    return [f and (s or wrapped) for f, s in zip(full, small, strict=True)]


def _stands_alone(first: str, line: str) -> bool:
    """Whether `line` is no part of the paragraph that `first` begins: blank, a list item, a quote, a heading or below one."""
    lead = LEAD.match(line)
    return not line.strip() or bool(lead and lead[0].strip()) or first.lstrip().startswith("#")


def _line(line: str) -> Iterator[Passage]:
    if not line.strip() or not _speaks(line):
        yield Passage(line, False)
        return
    lead = LEAD.match(line)
    begin = lead.end() if lead and _speaks(line[lead.end() :]) else 0
    yield Passage(line[:begin], False)
    for start, end in sentences_in(line, begin):
        yield from _trimmed(line[start:end])


def _trimmed(text: str) -> tuple[Passage, ...]:
    """What frames a sentence is kept apart from it: spaces, emoji, quotes and brackets around it, Markdown's emphasis. Without a
    letter all of it is kept."""
    begin, end = 0, len(text)
    while True:
        body = text[begin:end]
        if not _speaks(body) or LINKS.fullmatch(body):
            return (Passage(text, False),) if text else ()
        before, after = _frame(body)
        if not before and not after:
            break
        begin, end = begin + before, end - after
    return tuple(p for p in (Passage(text[:begin], False), Passage(text[begin:end], True), Passage(text[end:], False)) if p.text)


def _frame(body: str) -> tuple[int, int]:
    """How many characters at the beginning and at the end of `body` only frame it: one layer, (0, 0) where there is none."""
    first, last = body[0], body[-1]
    if _is_empty(first) or _is_empty(last):
        return _empties(body), _empties(reversed(body))
    if emphasis := EMPHASIS.fullmatch(body):
        return len(emphasis[1]), len(emphasis[1])
    if PAIRS.get(first) == last and KIN[first].isdisjoint(body[1:-1]):
        return 1, 1
    return int(first in KIN and KIN[first].isdisjoint(body[1:])), int(last in KIN and KIN[last].isdisjoint(body[:-1]))


def _empties(letters: Iterable[str]) -> int:
    return sum(1 for _ in takewhile(_is_empty, letters))


def _is_empty(letter: str) -> bool:
    """Spaces, emoji and their joiners, control characters: nothing to translate at a sentence's edge."""
    return letter.isspace() or unicodedata.category(letter) in ("So", "Sk", "Cc", "Cf", "Cn", "Co")


def _speaks(text: str) -> bool:
    return any(letter.isalpha() for letter in text)
