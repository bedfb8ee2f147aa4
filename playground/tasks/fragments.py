"""What is answered without the model: words that mean nothing by themselves, labels, single letters, texts that are all copied. Pure text.

A letter is its own translation. A label ("Save as…", "Price: £20", "and/or") is words of the lists with copied parts and marks between.
"""

import re

from playground.tasks.carried import KIND_OF
from playground.tasks.labels import GREETINGS, LABELS
from playground.tasks.short_words import SHORT_WORDS
from playground.tasks.source_text import SourceText

_WORDS = re.compile(r"[^\W\d_]+(?:['’ -]+[^\W\d_]+)*")
_BETWEEN = re.compile(r"[\s/|:()\[\]…–—.,*+-]*")
_SIGNS = ("mark", "emoji")  # rules whose parts stand between labels
_SPACED = re.compile(r"\s*(:)(?!\S)")


def by_rule(source: SourceText) -> str:
    """The French of a text that needs no model, slots and marks as in what is read; "" where the model has to answer."""
    read = source.read.strip()
    slots = [c for c in read if c in KIND_OF]
    rest = "".join(c for c in read if c not in KIND_OF)
    if not any(c.isalpha() for c in rest):
        return read
    if len(letters := [c for c in rest if c.isalpha()]) == 1 and not slots and letters[0].lower() not in ("a", "i"):
        return read
    return _greeting(read) or _label(source, read)


def _greeting(read: str) -> str:
    """What is said to somebody, with its mark and what is copied after it."""
    match = re.fullmatch(r"([^\W\d_]+(?: [^\W\d_]+)*)( ?!*\.?)(.*)", read)
    french = GREETINGS.get(match[1].lower(), "") if match else ""
    if not match or not french or any(c.isalpha() and c not in KIND_OF for c in match[3]) or any(c in "?:/" for c in match[3]):
        return ""
    return _cased(french, match[1]) + (" " + match[2].strip() if "!" in match[2] else match[2]) + match[3]


def _label(source: SourceText, read: str) -> str:
    """Every run of words from the lists, and between them nothing that makes a sentence."""
    rules = {slot: span.rule for slot, span in zip(source.slots, source.spans, strict=True)}
    runs = list(_WORDS.finditer(read))
    gaps = [read[a:b] for a, b in zip([0, *(run.end() for run in runs)], [*(run.start() for run in runs), len(read)], strict=True)]
    marks = "".join(c for gap in gaps for c in gap if c not in rules)
    copied = any(rule not in _SIGNS for rule in rules.values())
    if not _BETWEEN.fullmatch(marks) or (copied and not re.search(r"[:(–—/-]", marks)):  # "a 5" is part of something said
        return ""
    if not all(any(rules.get(c) in _SIGNS or not (c in rules or c.isspace()) for c in gap) for gap in gaps[1:-1]):
        return ""
    french = [_french_of(run.group(), len(runs) == 1 and not rules, not rules and set(marks) <= set("/,. ")) for run in runs]
    if not all(french):
        return ""
    made = gaps[0] + "".join(one + gap for one, gap in zip(french, gaps[1:], strict=True))
    return _SPACED.sub(r" \1", made)


def _french_of(words: str, alone: bool, short: bool) -> str:
    """From the lists, two labels with "and" or "or" between them too; beside other words the first of several answers.

    `short`: the short words count, which among copied parts would be a piece of a sentence.
    """
    low = words.lower()
    if french := LABELS.get(low, SHORT_WORDS.get(low, "") if alone or (short and len(low) > 1) else ""):
        return _cased(french if alone else french.split(",")[0], words)
    for english, between in ((" and ", " et "), (" or ", " ou ")):
        one, joint, two = low.partition(english)
        if joint and one in LABELS and two in LABELS:
            return _cased(LABELS[one] + between + LABELS[two], words)
    return ""


def _cased(french: str, english: str) -> str:
    return french[0].upper() + french[1:] if english[0].isupper() and english != "I" else french
