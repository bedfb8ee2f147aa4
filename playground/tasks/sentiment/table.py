"""A table of texts out of the bytes of a CSV, TSV or text file, whatever wrote it. Raises BadInput with a sentence. Knows no room."""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from playground.errors import BadInput
from playground.tasks.files import read_text
from playground.tasks.sentiment.limits import LIMITS
from playground.tasks.sentiment.tally import WORDS, label_names
from playground.tasks.text import shown

ENDINGS = (".csv", ".tsv", ".txt")
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
NO_SEPARATOR = "\x1f"
MOST_COLUMNS = 100
TEXT_NAMES = ("text", "sentence", "review", "comment", "content", "message", "tweet", "body", "phrase", "line")
LABEL_NAMES = ("label", "sentiment", "class", "target", "polarity", "gold", "category", "score")
EMPTY = "The file is empty: it holds no text at all. Choose another."
AS = "Save it as CSV, UTF-8, and send it again."
SAYS = re.compile(r"sep=([^\w\s\"]|\t)[ \t]*(?:\r\n|\r|\n|$)", re.IGNORECASE)  # Excel's first line
LABELS = frozenset((*WORDS, *WORDS.values(), "mixed"))
SIDES = ("positive", "negative", "neutral")


@dataclass(frozen=True)
class Table:
    """`rows` without the header, each as long as `columns`; `separator` is "" for a text file, one text a line.

    `header`: whether the first row is taken for names. `uneven`: rows that had more or fewer cells than columns; cells too many were
    taken for signs in the text. `guessed`: the encoding is a guess.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    encoding: str
    separator: str
    header: bool
    uneven: int = 0
    guessed: bool = False

    def column(self, name: str) -> list[str]:
        if name not in self.columns:
            raise BadInput(f"There is no column {shown(name)} in this file. It has: {', '.join(map(shown, self.columns[:20]))}.")
        place = self.columns.index(name)
        return [row[place] for row in self.rows]


def read_table(data: bytes, name: str, header: bool | None = None, encoding: str = "") -> Table:
    """`header`: whether the first row holds names; None guesses. `encoding` as `tasks/files.py` has it, "" finds it out.

    Raises BadInput where the file is none of ours, and says why.
    """
    if not name.lower().endswith(ENDINGS):
        raise BadInput(f"{shown(name)} is not a {', '.join(ENDINGS[:2])} or {ENDINGS[2]} file. {AS}")
    made = read_text(data, LIMITS.table_bytes, encoding)
    if not made.text.strip():
        raise BadInput(EMPTY)
    if name.lower().endswith(".txt"):
        lines = [(line,) for line in re.split(r"\r\n|\r|\n", made.text) if line.strip()]
        return Table(("text",), _few(lines), made.encoding, "", False, 0, made.guessed)
    said = SAYS.match(made.text)
    text = made.text[said.end() :] if said else made.text
    found = _cells(text, said[1]) if said else _guessed(text, name.lower().endswith(".tsv"))
    return replace(_table(found, header), encoding=made.encoding, guessed=made.guessed)


@dataclass(frozen=True)
class _Cells:
    """Rows of cells, what separates them, how many most have, and how sure it is that they are cells: above 0 where it is at all."""

    rows: list[list[str]]
    separator: str
    width: int
    sure: float


def _guessed(text: str, tabs: bool) -> _Cells:
    """With the sign that gives nearly all rows as many cells, above 1, unless it is prose that has as many commas a line."""
    signs = [sign for sign in (("\t",) if tabs else SEPARATORS) if sign in text[:100_000]]
    best = max((_cells(text, sign) for sign in signs), key=lambda one: one.sure, default=None)
    return best if best and best.sure else _Cells(_parsed(text, NO_SEPARATOR), "", 1, 1.0)


def _cells(text: str, sign: str) -> _Cells:
    rows = _parsed(text, sign)
    if not rows:
        return _Cells(rows, sign, 1, 0.0)
    named, labelled, lengths = _known_names(rows[0]), any(_labels([row[end] for row in rows]) for end in (0, -1)), Counter(map(len, rows))
    width = len(rows[0]) if named else min(lengths) if labelled and min(lengths) > 1 else max(lengths, key=lambda n: (lengths[n], -n))
    fit = lengths[width] / len(rows)
    least = 0.3 if named else 0.0 if labelled else 1.0 if sign in ",;" and _is_prose(rows) else 0.9
    return _Cells(rows, sign, width, fit if width > 1 and fit > least else 0.0)


def _labels(cells: Sequence[str]) -> bool:
    """Whether the cells of a column look like labels: known ones, or a few short words or numbers that come again and again."""
    held = [cell.strip().lower() for cell in cells if cell.strip()]
    few = len(held) > 3 and len(set(held)) <= max(2, len(held) // 3)
    return len(held) > 0.9 * len(cells) and all(
        cell in LABELS or re.fullmatch(r"[-−+]?\d+(\.\d+)?|\w{1,20}" if few else r"-?\d", cell) for cell in held
    )


def _is_prose(rows: list[list[str]]) -> bool:
    """Whether a space stands behind nearly every comma, and behind that mostly a small letter or “I”: what people write, not programs."""
    after = [cell for row in rows for cell in row[1:] if cell.strip()]
    goes_on = sum(cell.strip()[0].islower() or re.match(r" *I\b", cell) is not None for cell in after)
    spaced = sum(cell[0] == " " for cell in after)
    return bool(after) and spaced > 0.9 * len(after) and goes_on > 0.5 * len(after)


def _parsed(text: str, sign: str) -> list[list[str]]:
    """Rows that are not blank, at most two over the limit. Quoted cells may hold the sign and line breaks."""
    csv.field_size_limit(LIMITS.table_bytes)  # of the whole process: csv has no limit of one reader. Nobody here sets another
    try:
        return _first_rows(text, sign, strict=True)
    except csv.Error:  # a quote out of place: a lenient reader would take what follows, up to the next one, for one cell
        return _first_rows(_letters_quoted(text, sign), sign, strict=False)


def _first_rows(text: str, sign: str, strict: bool) -> list[list[str]]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=strict)
    return list(islice((row for row in rows if any(cell.strip() for cell in row)), LIMITS.file_lines + 2))


def _letters_quoted(text: str, sign: str) -> str:
    """`text` with those cells quoted anew that begin with a quote but are no quoted cell: that quote is a letter of theirs.

    The next single quote must end a quoted cell. Where it does not, or there is none, the cell ends in its line:
    `"Great, honest" film` is one cell, and of `"Awful film,negative` the first ends at the comma.
    """
    letter = rf"[^{sign}\r\n]"
    quoted = rf'(?:[^"]|"")*+" *+(?!{letter})'
    begins_quoted = rf'[^"\r\n]*+(?<![{sign}])"{letter}*+'
    cell = re.compile(rf'(?<!{letter})"(?:({quoted})|{begins_quoted}|{letter}*+)')
    return cell.sub(lambda found: found[0] if found[1] else '"' + found[0].replace('"', '""') + '"', text)


def _table(found: _Cells, header: bool | None) -> Table:
    if not found.rows:
        raise BadInput(EMPTY)
    named = _has_names(found.rows) if header is None else header
    rows, width = (found.rows[1:], len(found.rows[0])) if named else (found.rows, found.width)
    if width > MOST_COLUMNS:
        raise BadInput(f"The file has {width:,} columns; up to {MOST_COLUMNS} can be read. Keep the one with the texts.")
    if not rows:
        raise BadInput("The file holds a row of column names and nothing under it. Choose a file with texts.")
    names = found.rows[0] if named else ["text"] if width == 1 else [f"column {i + 1}" for i in range(width)]
    columns, whole = _distinct(names), [tuple(row) for row in rows[:500] if len(row) == width]
    place = columns.index(text_column(Table(columns, tuple(whole), "", "", named))) if whole else width - 1
    even = [tuple(_even(row, width, found.separator, place)) for row in _few(rows)]
    return Table(columns, tuple(even), "", found.separator, named, sum(len(row) != width for row in rows))


def _few(rows: Sequence[tuple[str, ...] | list[str]]) -> tuple[tuple[str, ...], ...]:
    if len(rows) > LIMITS.file_lines:
        raise BadInput(f"The file has more than {LIMITS.file_lines:,} rows of text, and that is the limit. Send it in parts.")
    return tuple(tuple(row) for row in rows)


def _even(row: Sequence[str], width: int, separator: str, place: int) -> list[str]:
    """Cells too many belong to the text, column `place`, written without quotes; what is missing is empty."""
    over = len(row) - width
    while over > 0 and not row[-1].strip():
        row, over = row[:-1], over - 1
    if over <= 0:
        return [*row, *[""] * -over]
    return [*row[:place], (separator or " ").join(row[place : place + over + 1]), *row[place + over + 1 :]]


def _has_names(rows: list[list[str]]) -> bool:
    """A known name is one; else no cell is a label, every one is short and without digits first, none comes again below, and the texts
    are longer."""
    if _known_names(rows[0]):
        return True
    first = [cell.strip().lower() for cell in rows[0]]
    if len(first) < 2 or not LABELS.isdisjoint(first) or not all(re.fullmatch(r"[^\W\d][\w .-]{0,39}", cell) for cell in first):
        return False
    below = rows[1:200]
    again = any(cell == row[i].strip().lower() for row in below for i, cell in enumerate(first) if i < len(row))
    return bool(below) and not again and max(map(len, first)) < max(len(cell) for row in below for cell in row)


def _known_names(row: Sequence[str]) -> bool:
    return any(cell.strip().lower() in TEXT_NAMES + LABEL_NAMES for cell in row)


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Names that are there, short and not twice."""
    out: list[str] = []
    for number, name in enumerate(names, 1):
        base = (" ".join(name.split()) or f"column {number}")[:60]
        out.append(base if base not in out else f"{base} ({number})")
    return tuple(out)


def text_column(table: Table) -> str:
    """The column that is named like a text, else the one with the most letters."""
    named = [name for known in TEXT_NAMES for name in table.columns if name.lower() == known]
    if named:
        return named[0]
    some = table.rows[:500]
    return max(table.columns, key=lambda name: sum(map(str.isalpha, "".join(row[table.columns.index(name)] for row in some))))


def label_column(table: Table) -> str:
    """The column that is named like a label, else one that holds labels known here, words or numbers; "" if none is."""
    text = text_column(table)
    named = [name for known in LABEL_NAMES for name in table.columns if name.lower() == known and name != text]
    others = (name for name in table.columns if name != text)
    return named[0] if named else next((name for name in others if _known_labels(table.column(name))), "")


def _known_labels(cells: Sequence[str]) -> bool:
    held = [cell for cell in cells if cell.strip()]
    values = list(dict.fromkeys(cell.strip() for cell in held))
    names = label_names(held, SIDES)
    counted = [value for value in values if value.lower() not in LABELS]  # numbers: at least two kinds, and not rows 1 and 2
    if len(counted) == 1 or values == ["1", "2"]:
        return False
    return bool(held) and len(held) > 0.9 * len(cells) and all(names.values())
