"""What is answered without the model: words that mean nothing by themselves, single letters, texts that are all copied. Pure text.

A letter is its own translation.
"""

import re

from playground.tasks.carried import KIND_OF
from playground.tasks.short_words import SHORT_WORDS
from playground.tasks.source_text import SourceText

_ALONE = re.compile(r"^(\W*)([^\W\d_]+)(\W*)$")


def by_rule(source: SourceText) -> str:
    """The French of a text that needs no model, slots and marks as in what is read; "" where the model has to answer."""
    read = source.read.strip()
    rest = "".join(c for c in read if c not in KIND_OF)
    if not any(c.isalpha() for c in rest):
        return read
    match = _ALONE.match(read)
    if not match or any(c in KIND_OF for c in read):
        return ""
    before, word, after = match.groups()
    if len(word) == 1 and word.lower() not in ("a", "i"):
        return read
    if after.strip() in ("!", "?") and word.lower() not in ("a", "an", "the", "of"):
        return ""  # "What?" and "You!" are said by people
    french = SHORT_WORDS.get(word.lower(), "")
    if not french:
        return ""
    return before + (french[0].upper() + french[1:] if word[0].isupper() and word != "I" else french) + after
