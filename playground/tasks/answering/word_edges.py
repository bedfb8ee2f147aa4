"""Where words begin and end in a text, so that no answer is cut inside an unbroken string. Pure; knows no model.

A word here is what stands between white space, without the quotes, brackets and marks around it: `-12.5°C`, `12.5%`,
`jane.doe@example.com` and `don't` are one each. A span may take brackets, quotes and a final full stop along, ends before a
possessive ('s) or a footnote ([12]) too, and begins and ends at a dash (1889–1890). In scripts that are written without spaces every
letter is a word.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Edges = tuple[NDArray[np.bool_], NDArray[np.bool_]]

_OPEN = r"[(\[{<\"'“‘«„‚¿¡*_`~]"
_CLOSE = r"[,;:.!?…)\]}>\"'”’»*_`]{0,4}"  # bounded: a text may be one long row of marks
_ALONE = r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"  # written without spaces
BEGIN = re.compile(
    # After white space, at most two opening marks, a dash inside a string, or a dash that is no sign of a number
    rf"(?:(?<!\S)|(?<=(?<!\S){_OPEN})|(?<=(?<!\S){_OPEN}{_OPEN})|(?<=\S[—–…])|(?<=(?<!\S)[-–—])(?![\d.,$€£¥]))"
    # with what is no closing mark
    rf"(?=\S)(?![,;:!?…)\]}}>”’»—–]|\.(?!\d))|(?={_ALONE})|(?<={_ALONE})(?=\w)"
)
END = re.compile(
    # After what is no opening mark, comma or dash,
    r"(?<![\s,;:(\[{<“‘«„‚¿¡—–…])(?<=\S)"
    # before closing marks, footnotes and white space; a dash; or a possessive
    rf"(?={_CLOSE}(?:\[[^\]\s]{{1,12}}\]?){{0,2}}{_CLOSE}(?:[—–]{{0,3}}(?!\S)|[—–…]\S|\.\.\.\S)|['’]s{_CLOSE}(?:[—–]|(?!\S)))"
    rf"|(?<={_ALONE})|(?<=\w)(?={_ALONE})"
)


def word_edges(text: str, starts: Sequence[int] | NDArray[np.int32], ends: Sequence[int] | NDArray[np.int32]) -> Edges:
    """For tokens text[starts[i]:ends[i]] whether a word begins where the token does, and whether one ends where it does: (tokens,) each."""
    begins = np.zeros(len(text) + 1, bool)
    stops = np.zeros(len(text) + 1, bool)
    begins[[found.start() for found in BEGIN.finditer(text)]] = True
    stops[[found.start() for found in END.finditer(text)]] = True
    first, last = np.asarray(starts, np.int64), np.asarray(ends, np.int64)
    edges = begins[first] & (first < last), stops[last] & (first < last)
    for edge in edges:
        edge.setflags(write=False)
    return edges
