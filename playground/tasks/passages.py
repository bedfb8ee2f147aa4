"""A text cut into sentences and what lies between them, so that translating sentences loses nothing. Knows no model.

Whatever is cut, the parts put together are the text, code point for code point. A line break ends a sentence.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

LINES = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
# Indentation, quote marks, headings, list markers with their spaces, check boxes: what a line begins with.
LEAD = re.compile(r"\s*(?:>\s*)*(?:#{1,6}\s+)?(?:(?:[-*+•‣◦▪–—]|\(?\d{1,3}[.)]|\(?[A-Za-z]\)|\[[ xX]\])\s+)*")
ENDS = re.compile(r"(?:[.!?…‼⁇⁈⁉]+|[。！？｡．؟۔।]+)[\"'”’»)\]*_]*")
WIDE = frozenset("。！？｡．")
LINKS = re.compile(r"(?:https?://|www\.|mailto:)\S+|(?<!\S)[^\s@]{1,64}@[^\s@]{1,255}\.\w+")
PAIRS = {'"': '"', "“": "”", "«": "»", "„": "“", "(": ")", "[": "]", "{": "}", "「": "」", "『": "』"}
KIN = {mark: frozenset(m for pair in PAIRS.items() if mark in pair for m in pair) for pair in PAIRS.items() for mark in pair}
EMPHASIS = re.compile(r"([*_~`]+)([^*_~`]+)\1")
# Words a full stop after which ends no sentence; the NUMBERED only before a digit ("no. 5"). ENDING ones may end it or not, and what
# follows decides. After initials (U.S.) only one of the STARTERS begins a new sentence.
TITLES = {
    "mr", "mrs", "ms", "mx", "dr", "prof", "st", "mt", "rev", "hon", "gen", "col", "maj", "capt", "cpt", "lt", "sgt", "gov", "sen",
    "vs", "e.g", "i.e", "cf", "approx", "dept", "univ", "viz", "messrs",
}  # fmt: skip
NUMBERED = {
    "no", "nos", "fig", "figs", "eq", "vol", "ch", "sec", "art", "p", "pp", "ca", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep",
    "sept", "oct", "nov", "dec",
}  # fmt: skip
ENDING = {"etc", "inc", "ltd", "co", "corp", "jr", "sr", "a.m", "p.m"}
STARTERS = {
    "the", "a", "an", "he", "she", "it", "we", "they", "i", "you", "this", "that", "these", "those", "there", "then", "but", "and", "so",
    "in", "on", "at", "his", "her", "their", "my", "our",
}  # fmt: skip


@dataclass(frozen=True)
class Passage:
    """A part of a text: a `sentence` to translate, or what is kept as it is."""

    text: str
    sentence: bool


def passages_of(text: str) -> tuple[Passage, ...]:
    """All of `text` in order. Neighbours that are kept are one passage; a sentence holds at least one letter."""
    found: list[Passage] = []
    for part in (part for line in LINES.findall(text) for part in _line(line)):
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


def _line(line: str) -> Iterator[Passage]:
    if not line.strip() or not _speaks(line):
        yield Passage(line, False)
        return
    lead = LEAD.match(line)
    begin = lead.end() if lead and _speaks(line[lead.end() :]) else 0
    yield Passage(line[:begin], False)
    for start, end in _sentences(line, begin):
        yield from _trimmed(line[start:end])


def _sentences(line: str, begin: int) -> Iterator[tuple[int, int]]:
    links = bytearray(len(line) + 1)
    for link in LINKS.finditer(line):
        links[link.start() : link.end()] = b"\1" * (link.end() - link.start())
    seen, said = _next(line, lambda letter: not letter.isspace()), _next(line, str.isalnum)
    start = begin
    for mark in ENDS.finditer(line, begin):
        inside = links[mark.start()] and links[mark.end()]
        if not inside and _ends(line, start, mark.start(), mark.end(), seen[mark.end()], said[mark.end()]):
            yield start, mark.end()
            start = mark.end()
    yield start, len(line)


def _next(line: str, wanted: Callable[[str], bool]) -> list[int]:
    """For every place of `line`, and its end, where the next wanted letter is from there on: len(line) where none is."""
    found = [len(line)] * (len(line) + 1)
    for i in range(len(line) - 1, -1, -1):
        found[i] = i if wanted(line[i]) else found[i + 1]
    return found


def _ends(line: str, start: int, mark: int, after: int, seen: int, said: int) -> bool:
    """Whether the marks at line[mark:after] end a sentence: by what stands before a full stop, and by what comes next.

    `seen` and `said` are where the next letter that is no space and the next one of a word or number stand. Looks at few letters
    around: a line may be as long as a text.
    """
    if seen == len(line) or line[mark] in WIDE:
        return True
    spaced, full = line[after].isspace(), line[mark:after].rstrip("\"'”’»)]*_") == "."
    if not spaced and (full or line[mark] == "…" or "." in line[mark:after] or not line[after].isalpha()):
        return False
    following = line[said : said + 1]
    if following.islower():
        return False
    if not full:
        return True
    word = re.split(r"[\s(\[\"“‘«]", line[max(start, mark - 64) : mark])[-1].lower()
    if word in TITLES or (word in NUMBERED and following.isdigit()) or (len(word) == 1 and word.isalpha() and word != "i"):
        return False
    if word in ENDING:
        return following.isupper()
    return not re.fullmatch(r"(?:[a-z]\.)+[a-z]", word) or re.split(r"\W", line[seen : seen + 20].lower())[0] in STARTERS


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
