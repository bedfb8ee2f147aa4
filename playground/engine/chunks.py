"""A long text in parts that can be tokenized one by one: no token crosses the places where they are parted. Knows no library.

A word that follows a letter and one space or line break begins a pre-token in every scheme of the catalog, and no piece holds
a space but in front. tests/engine/test_parts.py holds parts equal to the whole.
"""

import re

SIZE = 32_768  # characters; takes some 30 ms, so a Stop is heard soon
# Plain characters around one space or line break: what is rarer may be joined by a normaliser.
_PLACE = re.compile(r"(?<=[A-Za-z0-9.,;:!?])(?=[ \n][A-Za-z0-9])")


def parted(text: str, size: int = SIZE) -> list[str]:
    """`text` in parts of about `size` characters, longer where there is no safe place; joined they are the text."""
    parts, begin = [], 0
    while len(text) - begin > size:
        found = _PLACE.search(text, begin + size)
        if found is None:
            break
        parts.append(text[begin : found.start()])
        begin = found.start()
    return [*parts, text[begin:]]
