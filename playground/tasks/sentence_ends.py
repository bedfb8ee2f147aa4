"""Where sentences of one line, or of one paragraph, end. Knows words and marks, nothing of what is done with the sentences.

A mark with a space behind it ends a sentence unless it belongs to an abbreviation, a number or a name, or the sentence plainly goes on.
Texts typed in lower case end their sentences too: what goes on after a full stop is known by the word before it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

CLOSERS = "\"'”’»)]*_"
ENDS = re.compile(rf"(?:[.!?…‼⁇⁈⁉]+|[。！？｡．؟۔।]+)[{re.escape(CLOSERS)}]*")
WIDE = frozenset("。！？｡．")
LINKS = re.compile(r"(?:https?://|www\.|mailto:)\S+|(?<!\S)[^\s@]{1,64}@[^\s@]{1,255}\.\w+")
LETTERS = re.compile(r"(?:[a-z]{1,2}\.)+[a-z]{1,2}")  # u.s, e.g, ph.d, a.k.a
INITIALS = re.compile(r"(?:[a-z]\.)+[a-z]")
NAMES = frozenset({"yahoo!", "jeopardy!", "kahoot!", "joomla!"})  # marks and all


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


# After a full stop behind a TITLE no sentence begins; behind a NUMBERED one none begins with a digit, and behind a DAY or MONTH with a
# capital neither. ENDING ones may end a sentence or not, and a capital decides. Behind a PLACE, and behind letters (U.S., Albert I.),
# only one of the STARTERS begins a new sentence. None of them, nor what is SHORTENED, ends one before a small letter.
TITLES = _words("mr mrs ms mx dr prof rev hon gen col maj capt cpt lt sgt gov sen rep pres supt messrs vs e.g i.e ie eg cf viz")
NUMBERED = _words("no nos fig figs eq vol ch sec art p pp ca")
MONTHS = _words("jan feb mar apr jun jul aug sep sept oct nov dec")
DAYS = _words("Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun")
ENDING = _words("etc inc ltd co corp jr sr a.m p.m bros")
PLACES = _words("st mt ft ave rd blvd sq dept univ est approx al ex mfg")
SHORTENED = _words(
    "resp vol eq figs pp ca incl excl max min avg std tel ext ref temp misc esp usu orig abbr govt intl assn hrs hr yr yrs lb lbs oz ed "
    "eds trans calif conn penn fla ariz colo okla minn wis mich tenn wyo"
)
STARTERS = _words(
    "the a an he she it we they i you this that these those there then but and so in on at his her their my our did do does is are was "
    "were what who when where why how which will would can could should if as for to not yes however after before while because although "
    "since now here one some many most all each both please let also later today nobody everyone"
)


@dataclass(frozen=True)
class _Place:
    """A run of marks text[mark:after] in a sentence begun at `start`; `seen`, `said`: the next letter that is no space, and that is one
    of a word or number (len(text) where none is)."""

    text: str
    start: int
    mark: int
    after: int
    seen: int
    said: int


def sentences_in(text: str, begin: int) -> Iterator[tuple[int, int]]:
    """(start, end) of each sentence of `text` from `begin` on: together all of it, spaces between included in the next."""
    links = bytearray(len(text) + 1)
    for link in LINKS.finditer(text):
        links[link.start() : link.end()] = b"\1" * (link.end() - link.start())
    seen, said = _next(text, lambda letter: not letter.isspace()), _next(text, str.isalnum)
    start = begin
    for mark in ENDS.finditer(text, begin):
        inside = links[mark.start()] and links[mark.end()]
        if not inside and _ends(_Place(text, start, mark.start(), mark.end(), seen[mark.end()], said[mark.end()])):
            yield start, mark.end()
            start = mark.end()
    yield start, len(text)


def _next(text: str, wanted: Callable[[str], bool]) -> list[int]:
    """For every place of `text`, and its end, where the next wanted letter is from there on: len(text) where none is."""
    found = [len(text)] * (len(text) + 1)
    for i in range(len(text) - 1, -1, -1):
        found[i] = i if wanted(text[i]) else found[i + 1]
    return found


def _ends(at: _Place) -> bool:
    """Whether the marks end a sentence. Looks at few letters around: a text may be a single line."""
    if at.seen == len(at.text) or at.text[at.mark] in WIDE:
        return True
    marks = at.text[at.mark : at.after]
    full, dotted = marks.rstrip(CLOSERS) == ".", "." in marks or marks[0] == "…"
    coming = re.split(r"\W", at.text[at.said : at.said + 24], maxsplit=1)[0]
    small = coming[:1].islower() and not any(letter.isupper() for letter in coming[1:])  # iPhone, eBay and macOS are names
    word = re.split(r"[\s(\[\"“‘«]", at.text[max(at.start, at.mark - 64) : at.mark])[-1]
    if not at.text[at.after].isspace():
        return _ends_unspaced(at, full, dotted, coming, small, word)
    if small:
        return _ends_before_small(at, marks, full, dotted, word)
    return not full or _ends_before_capital(at, word, coming)


def _ends_unspaced(at: _Place, full: bool, dotted: bool, coming: str, small: bool, word: str) -> bool:
    """Without a space behind: marks other than full stops before a word ("Yes!Good"), full stops between plain words ("cats.I like")."""
    if not dotted:
        return at.text[at.after].isalpha() and not small
    plain = full and at.seen == at.said == at.mark + 1 and re.fullmatch(r"[A-Z]?[a-z]{2,}", word)
    follows = at.text[at.said + len(coming) : at.said + len(coming) + 1].isspace()
    return bool(plain) and follows and coming[:1].isupper() and coming.lower() in STARTERS and not _shortened(word)


def _ends_before_small(at: _Place, marks: str, full: bool, dotted: bool, word: str) -> bool:
    """Before a small letter: not after a closing quote or bracket (“Stop!” and ran), dots (Well… perhaps), or what is shortened."""
    if marks[-1] in CLOSERS or (dotted and not full):
        return False
    if not full:
        return f"{word}{marks}".lower() not in NAMES
    letter = len(word) == 1 and word.isalpha() and (word.lower() != "i" or at.text[at.said + 1 : at.said + 2] == ".")  # i. e.
    return not letter and not _shortened(word) and not _is_marker(at)


def _shortened(word: str) -> bool:
    low = word.lower()
    days_or_months = word in DAYS or low in MONTHS
    return days_or_months or low in TITLES | ENDING | PLACES | SHORTENED or bool(LETTERS.fullmatch(low))


def _ends_before_capital(at: _Place, word: str, coming: str) -> bool:
    """A full stop before a capital letter or a digit."""
    low = word.lower()
    if low in TITLES or _is_marker(at):
        return False
    if coming[:1].isdigit() and (low in NUMBERED | MONTHS or word in DAYS):
        return False
    if word in DAYS and coming[:3].lower() in MONTHS:
        return False
    if low in ENDING:
        return coming[:1].isupper()
    alone = len(word) == 1 and word.isalpha()
    if alone and low == "i" and not _is_name(at, word):
        return True
    if alone or low in PLACES or INITIALS.fullmatch(low):
        initial = len(coming) == 1 and at.text[at.said + 1 : at.said + 2] == "."  # J. A. Smith
        return coming.lower() in STARTERS and not initial and at.seen == at.said
    return True


def _is_marker(at: _Place) -> bool:
    """ "2." where a sentence begins: the number of what follows."""
    return at.mark - at.start < 8 and at.text[at.start : at.mark].strip().isdigit()


def _is_name(at: _Place, word: str) -> bool:
    """Whether a capital word stands before the single letter `word`: Albert I."""
    before = at.text[max(at.start, at.mark - 64) : at.mark - len(word)].split()
    return bool(before) and before[-1][:1].isupper() and before[-1] not in ("I", "So")
