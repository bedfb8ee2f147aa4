"""What a translator must not translate: numbers, prices, times, addresses, code, tags, emoji, names and signs its vocabulary lacks.

Each is found as a span of the text with the form it takes in French; the model reads one reserved character (a slot) in its place and
writes that character where it belongs. Pure text; which letters and words a model knows is given.
"""

import re
import unicodedata
from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import Literal

from playground.tasks.copied_rules import MONTHS, found
from playground.tasks.french_forms import clock, date, measure, number, ordinal, price
from playground.tasks.short_words import SHORT_WORDS

Kind = Literal["number", "time", "price", "thing", "sign"]
FIRST = 0xE000
SIZES: dict[Kind, int] = {"number": 12, "time": 6, "price": 6, "thing": 12, "sign": 12}
KIND_OF: dict[str, Kind] = dict(
    zip(map(chr, range(FIRST, FIRST + sum(SIZES.values()))), (kind for kind, size in SIZES.items() for _ in range(size)), strict=True)
)
SLOTS = "".join(KIND_OF)
POOLS: dict[Kind, str] = {kind: "".join(slot for slot in SLOTS if KIND_OF[slot] == kind) for kind in SIZES}

_VERSIONED = re.compile(
    r"(?:\b[vV]ersion|\b[rR]elease|\b[cC]hapter|\b[sS]ection|\b[fF]igure|\b[tT]able|[a-z,] [A-Z]\w*|\b[A-Z]\w*[A-Z]\w*|^Python)\s$"
)
_QUOTED = re.compile(r"([\"“„«]\s?)([A-Za-z]+)(?=[.,!?]?\s?[\"”»])")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_DASH = re.compile(r"\s?[-–—]\s?")
_POSSESSIVE = re.compile(r"['’](?:s|S|d|ll|re|ve|m|t)$")
_BEFORE_A_WORD = re.compile(r"[\w,;)\"”’'-]\s+(?:[\"“(‘']\s?)?$")
_ENGLISH_ENDS = ("ing", "ed", "ly", "tion", "tions", "ness", "ment", "ous", "able", "ive", "ful", "less", "est", "ity", "ies", "ers", "ism")


# Written in capitals to be heard; any other word in capitals among small letters is a name, a key or a code.
EMPHASISED = frozenset(
    re.findall(
        r"\w+",
        "not no never always all every only very must should please really now here there this that these those and or but if also more "
        "most less best free new now yes ever do does did don is are was be will can cannot i you we they he she it my your our his her "
        "their the a an of to in on at for with without before after first last important warning note attention love hate so too much "
        "many any some what who why how when where which",
    )
)


@dataclass(frozen=True)
class Span:
    """`text[start:end]` goes around the model. `forms` are what it may be in French, the one used first; `rule` found it."""

    start: int
    end: int
    kind: Kind
    forms: tuple[str, ...]
    rule: str


def spans_of(text: str, letters: Set[str] = frozenset(), words: Set[str] = frozenset()) -> list[Span]:
    """The spans of `text` in order, none overlapping. `letters` a model can spell and `words` it knows: empty, all of them."""
    spans = [Span(match.start(), match.end(), *_form(rule, match), rule) for rule, match in found(text)]
    spans += _quoted(text, spans) if letters else []
    free = [True] * len(text)
    for finder, given in ((_unspelt, letters), (_names, words)):
        for span in spans:
            free[span.start : span.end] = [False] * (span.end - span.start)
        spans += finder(text, free, given) if given else []
    return _joined(text, sorted(spans, key=lambda span: span.start))


def _quoted(text: str, others: list[Span]) -> list[Span]:
    """A short word alone in quotes: a small model cannot read one, and its French is known."""
    found = [(match.span(2), match[2]) for match in _QUOTED.finditer(text)]
    return [
        Span(start, end, "thing", (french[0].upper() + french[1:] if word[0].isupper() else french,), "short word")
        for (start, end), word in found
        if (french := SHORT_WORDS.get(word.lower(), "")) and "," not in french and not any(o.start < end and start < o.end for o in others)
    ]


def _form(rule: str, match: re.Match[str]) -> tuple[Kind, tuple[str, ...]]:
    if rule in _FORMS:
        return _FORMS[rule](match)
    kinds: dict[str, Kind] = {"digits": "number", "fraction": "number", "range": "number", "date": "time"}
    kinds |= {"tag": "sign", "emoji": "sign", "mark": "sign"}
    return kinds.get(rule, "thing"), (match.group(),)


def _time(match: re.Match[str]) -> tuple[Kind, tuple[str, ...]]:
    got, said = match.groupdict(), match.group()
    hour, minute = got["hour"] or got["hour2"] or got["hour3"], got["minute"] or got["minute3"]
    made = clock(int(hour), None if minute is None else int(minute), (got["half"] or got["half2"] or "").lower())
    return "time", (made, made.replace("\u00a0", ""), said, said.split()[0])


def _day(match: re.Match[str]) -> tuple[Kind, tuple[str, ...]]:
    weekday, day, month, year = (match[name] or match[name + "2"] or "" for name in ("weekday", "day", "month", "year"))
    made = date(day.rstrip("stndrh"), month, year, weekday)
    first = not match.string[: match.start()].strip() and weekday
    return "time", (made[0].upper() + made[1:] if first else made, match.group())


def _price(match: re.Match[str]) -> tuple[Kind, tuple[str, ...]]:
    got, said = match.groupdict(), match.group()
    sign = got["sign"] or got["sign2"]
    made = price(sign, got["amount"] or got["amount2"], got["scale"] or "")
    before = said[: said.index(sign)].strip() if got["sign"] else ""
    return "price", (made + (f"\u00a0{before}" if before else ""), made.replace("\u00a0", ""), said)


def _percent(match: re.Match[str]) -> tuple[Kind, tuple[str, ...]]:
    share = number(match["share"])
    return "number", (f"{share}\u00a0%", f"{share}%", match.group())


def _decade(match: re.Match[str]) -> tuple[Kind, tuple[str, ...]]:
    return "time", (f"années {match['decade']}", f"années {match['decade'][2:]}")


def _ordinal(match: re.Match[str]) -> tuple[Kind, tuple[str, ...]]:
    digits = match["nth"]
    made = ordinal(digits)
    dated = _in_a_date(match) and digits != "1"
    return "number", (digits, made) if dated else (made, f"{digits}ème", f"{digits}è", digits)


def _measure(match: re.Match[str]) -> tuple[Kind, tuple[str, ...]]:
    value, unit = number(match["measured"]), match["unit"]
    return "number", (measure(value, unit), f"{value} {unit}", f"{value}{unit}", match.group())


def _number(match: re.Match[str]) -> tuple[Kind, tuple[str, ...]]:
    said = match.group()
    if "." in said and _VERSIONED.search(match.string[: match.start()]):
        return "number", (said,)
    if said == "1" and _in_a_date(match):
        return "number", ("1er", "1")
    return "number", (number(said), said, said.replace(",", ""), said.replace(",", "."))


_FORMS: dict[str, Callable[[re.Match[str]], tuple[Kind, tuple[str, ...]]]] = {
    "day": _day,
    "time": _time, "price": _price, "percent": _percent, "decade": _decade, "ordinal": _ordinal, "measure": _measure, "number": _number,
}  # fmt: skip


def _in_a_date(match: re.Match[str]) -> bool:
    """Whether a month stands beside."""
    before, after = match.string[: match.start()], match.string[match.end() :]
    return bool(re.search(rf"(?:{MONTHS})\.?,? (?:the )?$", before) or re.match(rf",? (?:of )?(?:{MONTHS})\b", after))


def _unspelt(text: str, free: list[bool], letters: Set[str]) -> list[Span]:
    """Words with a letter the vocabulary lacks, and runs of other characters it lacks."""
    lacks = [not (c.isspace() or c in letters or not set(unicodedata.normalize("NFKC", c)) - letters - {" "}) for c in text]
    spans, at = list[Span](), 0
    while at < len(text):
        if not (lacks[at] and free[at]):
            at += 1
            continue
        begin, end, word = at, at + 1, _in_words(text[at])
        while word and begin and free[begin - 1] and _in_words(text[begin - 1]):
            begin -= 1
        while end < len(text) and free[end] and (_goes_on(text, end) if word else lacks[end] and not _in_words(text[end])):
            end += 1
        spans.append(Span(begin, end, "thing" if word else "sign", (text[begin:end],), "letters" if word else "mark"))
        at = end
    return spans


def _in_words(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM"


def _goes_on(text: str, at: int) -> bool:
    """Whether a word goes on at `at`: a letter, or what joins two, but no possessive."""
    joint = text[at] in "'’-" and text[at + 1 : at + 2].isalpha() and not re.match(r"['’]s(?!\w)", text[at:])
    return joint or _in_words(text[at])


def _names(text: str, free: list[bool], words: Set[str]) -> list[Span]:
    """Capitalised words the model has not met: names, mostly. At a sentence's beginning only what cannot be an English word form."""
    spans, calm = list[Span](), any(c.islower() for c in text)
    for match in _WORD.finditer(text):
        said = _POSSESSIVE.sub("", match.group())
        if not all(free[match.start() : match.end()]) or not said[:1].isupper():
            continue
        if calm and said.isupper() and len(said) > 1 and said not in words and said.lower() not in EMPHASISED:
            spans.append(Span(match.start(), match.start() + len(said), "thing", (said,), "name"))
        if known(said, words) or (said.isupper() and calm):
            continue
        first = not _BEFORE_A_WORD.search(text[: match.start()])
        if not first or (len(said) > 1 and not said.lower().endswith(_ENGLISH_ENDS)):
            spans.append(Span(match.start(), match.start() + len(said), "thing", (said,), "name"))
    return spans


def known(word: str, words: Set[str]) -> bool:
    """Whether `words` has this word as it is or in lower case, or each of its parts."""
    if word in words or word.lower() in words or (word.isupper() and word.capitalize() in words):
        return True
    parts = re.split(r"['’-]", word)
    return len(parts) > 1 and all(known(part, words) for part in parts if part)


def _joined(text: str, spans: list[Span]) -> list[Span]:
    """Names that follow one another as one span, words of another script too, spans that touch, and from one price or time to another."""
    made = list[Span]()
    for span in spans:
        last = made[-1] if made else None
        dash = text[last.end : span.start] if last else ""
        if last and _range(last, span) and _DASH.fullmatch(dash):
            forms = last.forms[0] + dash + span.forms[0], text[last.start : span.end]
            made[-1] = Span(last.start, span.end, span.kind, forms, "range")
        elif last and last.kind == span.kind == "thing" and _together(text, last, span):
            made[-1] = Span(last.start, span.end, "thing", (text[last.start : span.end],), last.rule)
        else:
            made.append(span)
    return made


def _range(one: Span, two: Span) -> bool:
    """Two prices, times or shares, which a dash between them makes one."""
    return one.kind == two.kind and (one.kind in ("price", "time") or one.rule == two.rule == "percent")


def _together(text: str, one: Span, two: Span) -> bool:
    between = text[one.end : two.start]
    if between in ("", "-", "/"):
        return True
    named = one.rule in ("name", "letters") and two.rule in ("name", "letters") and between == " "
    return named and (text[two.start].isupper() or not _cased(text[two.start]))


def _cased(letter: str) -> bool:
    return "LATIN" in unicodedata.name(letter, "")
