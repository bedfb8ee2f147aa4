"""An English text as a small translator reads it: slots for what is copied, plain quotes, no shouting; and back from its French.

Every character of what is read knows the place in the text it stands for, so that tokens keep their offsets. Pure text.
"""

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass
from itertools import pairwise

from playground.tasks.carried import KIND_OF, POOLS, SLOTS, Kind, Span, spans_of
from playground.tasks.french_forms import plain

QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"') | dict.fromkeys("‘’‛", "'") | {"\u00a0": " ", "\u202f": " "})
# What our SentencePiece models were trained without: curly apostrophes and spaces that keep lines together.
PLAIN = str.maketrans({"’": "'", "‘": "'", "\u00a0": " ", "\u202f": " "})
_SINGLE = re.compile(r"(?<!\w)['‘](?=\w)([^'‘’\n]*(?:\w['’]\w[^'‘’\n]*)*)['’](?!\w)")
_MARKS = re.compile(r"[!?]{2,}|\.{4,}")
_AND = re.compile(r"(?<=\s)&(?=\s)")


# Words that keep their capital when a text in capitals is read in small letters.
KEPT = frozenset(
    re.findall(
        r"\w+",
        "i monday tuesday wednesday thursday friday saturday sunday january february april june july august september october november "
        "december english french german spanish italian american british european chinese japanese russian african asian indian dutch "
        "christmas easter christian jewish",
    )
)
SMALL = frozenset(re.findall(r"\w+", "a an the of to in on at for and or but nor by with from as is vs via into over your their its"))
# Read as another character, so that no vocabulary need have them.
READ_AS_OTHERS = frozenset("“”„‘’‛«»…\u00a0\u202f\u2009&")


def letters_of(vocabulary: Iterable[str]) -> frozenset[str]:
    """The single characters that a SentencePiece vocabulary spells without falling to bytes, and those read as one of them."""
    return frozenset(piece.lstrip("▁") for piece in vocabulary if len(piece.lstrip("▁")) == 1) | READ_AS_OTHERS


@dataclass(frozen=True)
class SourceText:
    """`read`: what the model is given, where read[i] stands for text[starts[i]:ends[i]]. `spans[n]` goes as `slots[n]`.

    `shouted`: the text was all capitals, so the French is made so too. `marks`: runs such as !!! that were read as their first mark.
    `raised`: one word alone was read without its capital, which the French gets again.
    """

    text: str
    read: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    spans: tuple[Span, ...]
    slots: tuple[str, ...]
    shouted: bool = False
    marks: tuple[str, ...] = ()
    raised: bool = False

    @property
    def forms(self) -> dict[str, str]:
        """The French form of each slot."""
        return {slot: span.forms[0] for span, slot in zip(self.spans, self.slots, strict=True)}

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The part of the text that read[start:end] stands for, empty where that is."""
        if start >= len(self.read):
            return len(self.text), len(self.text)
        return self.starts[start], self.ends[end - 1] if end > start else self.starts[start]


def as_it_is(text: str) -> SourceText:
    """A text that is read as it is: for models without slots."""
    return SourceText(text, text, tuple(range(len(text))), tuple(range(1, len(text) + 1)), (), ())


def source_text(text: str, letters: Set[str] = frozenset(), words: Set[str] = frozenset()) -> SourceText:
    """`text` as it is read by a model with slots, whose vocabulary has these single `letters` and which has met these `words`."""
    spans, slots = with_slots(text, spans_of(text, letters, words))
    covered = [False] * len(text)
    for span in spans:
        covered[span.start : span.end] = [True] * (span.end - span.start)
    calm, marks = _plain(text, covered), list[str]()
    shouted = _shouted(text, covered)
    if shouted or _titled(text, covered, words):
        calm = _calm(calm, words)
    if raised := _raised(calm, words):
        calm = calm.lower()
    at, out, places = 0, list[str](), list[tuple[int, int]]()
    opens = {span.start: (span, slot) for span, slot in zip(spans, slots, strict=True)}
    while at < len(text):
        if at in opens:
            span, slot = opens[at]
            end, new = span.end, slot
        elif (run := _MARKS.match(text, at)) and not any(covered[at : run.end()]):
            marks.append(run.group())
            end, new = run.end(), run.group()[0] if run.group()[0] != "." else "..."
        elif calm[at] == "&" and _AND.match(text, at):
            end, new = at + 1, "and"
        else:
            end, new = at + 1, calm[at]
        out.append(new)
        places += [(at, end)] * len(new)
        at = end
    starts, ends = tuple(a for a, _ in places), tuple(b for _, b in places)
    return SourceText(text, "".join(out), starts, ends, tuple(spans), tuple(slots), shouted, tuple(marks), raised)


def with_slots(text: str, spans: list[Span]) -> tuple[list[Span], list[str]]:
    """The spans with a slot each, in order of their kind's; where slots run out, neighbours become one span."""
    while len(spans) > len(SLOTS):
        gaps = [b.start - a.end for a, b in pairwise(spans)]
        i = gaps.index(min(gaps))
        whole = text[spans[i].start : spans[i + 1].end]
        forms = spans[i].forms[0] + text[spans[i].end : spans[i + 1].start] + spans[i + 1].forms[0]
        spans[i : i + 2] = [Span(spans[i].start, spans[i + 1].end, "thing", (forms, whole), "list")]
    free = {kind: list(pool) for kind, pool in POOLS.items()}
    slots = list[str]()
    for span in spans:
        pool: Kind = span.kind if free[span.kind] else max(free, key=lambda kind: len(free[kind]))
        slots.append(free[pool].pop(0))
    return spans, slots


def _plain(text: str, covered: list[bool]) -> str:
    made = text.translate(QUOTES)
    for match in _SINGLE.finditer(text):
        if not covered[match.start()] and not covered[match.end() - 1]:
            made = made[: match.start()] + '"' + made[match.start() + 1 : match.end() - 1] + '"' + made[match.end() :]
    return made


def _shouted(text: str, covered: list[bool]) -> bool:
    own = [c for c, hidden in zip(text, covered, strict=True) if c.isalpha() and not hidden]
    return len(own) > 1 and all(c.isupper() for c in own)


def _titled(text: str, covered: list[bool], words: Set[str]) -> bool:
    """Whether this is a heading in Title Case: of three words or more each has a capital, but for the SMALL and what is copied."""
    own = [m.group() for m in re.finditer(r"[^\W\d_]+(?:['’][^\W\d_]+)?", text) if not covered[m.start()]]
    large = [word for word in own[1:] if word.lower() not in SMALL]
    enough = len(large) > (1 if re.search(r"[.!]\W*$", text) else 0)
    return len(own) > 2 and enough and all(word[0].isupper() and word.lower() in words for word in large)


def _raised(text: str, words: Set[str]) -> bool:
    """Whether this is one word with a capital that the model knows better without."""
    word = text.strip(" .!?")
    return word.isalpha() and word[0].isupper() and word[1:].islower() and word.lower() in words and word.lower() not in KEPT


def _calm(text: str, words: Set[str]) -> str:
    """`text` in small letters but for sentences' beginnings, I, and words that are only known with a capital."""
    made = [c.lower() if len(c.lower()) == 1 else c for c in text]
    for match in re.finditer(r"[^\W\d_]+", text):
        low, first = match.group().lower(), not re.search(r"[\w,;:'\"-]\s*$", text[: match.start()])
        if first or low in KEPT or (words and low not in words and low.capitalize() in words):
            made[match.start()] = text[match.start()]
    return "".join(made)


def french_text(made: str, source: SourceText) -> str:
    """What the model wrote, with every slot's French form in its place, runs of marks as they were and capitals where they were."""
    if source.shouted:
        made = "".join(c.upper() if len(c.upper()) == 1 else c for c in made)
    if source.raised:
        made = made[:1].upper() + made[1:]
    forms = source.forms
    return "".join(forms.get(c, "") if c in KIND_OF else c for c in _with_marks(made, source))


def read_french(text: str, source: SourceText) -> SourceText:
    """A French text as the model would write it for `source`: the first place of each slot's form is the slot."""
    free, spans, slots = [True] * len(text), list[Span](), list[str]()
    for span, slot in sorted(zip(source.spans, source.slots, strict=True), key=lambda one: -len(one[0].forms[0])):
        for form in dict.fromkeys((span.forms[0], plain(span.forms[0]))):
            at = next((m.start() for m in re.finditer(re.escape(form), text) if all(free[m.start() : m.end()])), -1)
            if at >= 0:
                free[at : at + len(form)] = [False] * len(form)
                spans.append(Span(at, at + len(form), span.kind, (form,), span.rule))
                slots.append(slot)
                break
    ordered = sorted(zip(spans, slots, strict=True), key=lambda one: one[0].start)
    opens, out, places, at = {span.start: (span, slot) for span, slot in ordered}, list[str](), list[tuple[int, int]](), 0
    while at < len(text):
        if at in opens:
            end, new = opens[at][0].end, opens[at][1]
        else:
            end, new = at + 1, text[at].lower() if source.shouted and at and len(text[at].lower()) == 1 else text[at]
        new = new.lower() if source.raised and not at and len(new.lower()) == 1 else new
        out.append(new)
        places.append((at, end))
        at = end
    return SourceText(text, "".join(out), tuple(a for a, _ in places), tuple(b for _, b in places), tuple(span for span, _ in ordered),
                      tuple(slot for _, slot in ordered))  # fmt: skip


def _with_marks(made: str, source: SourceText) -> str:
    """Each run of marks in place of the single mark it was read as, in order; the last is the last."""
    place = len(made)
    for run in reversed(source.marks):
        single = "..." if run[0] == "." else run[0]
        place = made.rfind(single, 0, place)
        if place < 0:
            break
        made = made[:place] + run + made[place + len(single) :]
    return made
