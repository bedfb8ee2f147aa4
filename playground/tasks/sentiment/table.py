"""A table of texts out of the bytes of a CSV, TSV or text file, whatever wrote it. Raises BadInput with a sentence. Knows no room."""

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from playground.errors import BadInput
from playground.tasks.sentiment.limits import LIMITS
from playground.tasks.text import shown

ENDINGS = (".csv", ".tsv", ".txt")
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
NO_SEPARATOR = "\x1f"
MOST_COLUMNS = 100
TEXT_NAMES = ("text", "sentence", "review", "comment", "content", "message", "tweet", "body", "phrase", "line")
LABEL_NAMES = ("label", "sentiment", "class", "target", "polarity", "gold", "category", "score")
EMPTY = "The file is empty: it holds no text at all. Choose another."
AS = "Save it as CSV, UTF-8, and send it again."
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_FORMATS = ((b"PK\x03\x04", "a spreadsheet or a zip archive"), (b"%PDF", "a PDF"), (b"\x1f\x8b", "a gzip archive"),
            (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"), (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"))  # fmt: skip


@dataclass(frozen=True)
class Table:
    """`rows` without the header, each as long as `columns`; `separator` is "" for a text file, one text a line.

    `header`: whether the first row is taken for names. `uneven`: rows that had more or fewer cells than columns.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    encoding: str
    separator: str
    header: bool
    uneven: int = 0

    def column(self, name: str) -> list[str]:
        if name not in self.columns:
            raise BadInput(f"There is no column {shown(name)} in this file. It has: {', '.join(map(shown, self.columns[:20]))}.")
        place = self.columns.index(name)
        return [row[place] for row in self.rows]


def read_table(data: bytes, name: str, header: bool | None = None) -> Table:
    """`header`: whether the first row holds names; None guesses. Raises BadInput where the file is none of ours, and says why."""
    if not name.lower().endswith(ENDINGS):
        raise BadInput(f"{shown(name)} is not a {', '.join(ENDINGS[:2])} or {ENDINGS[2]} file. {AS}")
    if len(data) > LIMITS.table_bytes:
        raise BadInput(f"The file has {len(data):,} bytes; the limit is {LIMITS.table_bytes:,}. Send it in parts.")
    text, encoding = _decoded(data)
    if not text.strip():
        raise BadInput(EMPTY)
    if (place := text.find("\0")) >= 0:
        raise BadInput(f"The file has a NUL character in line {text.count(chr(10), 0, place) + 1:,}, so it is no plain text. {AS}")
    if name.lower().endswith(".txt"):
        lines = [(line,) for line in re.split(r"\r\n|\r|\n", text) if line.strip()]
        return Table(("text",), _few(lines), encoding, "", False)
    found, separator = _cells(text, name.lower().endswith(".tsv"))
    return _table(found, separator, encoding, header)


def _decoded(data: bytes) -> tuple[str, str]:
    for start, what in _FORMATS:
        if data.startswith(start):
            raise BadInput(f"This is {what}, not a text file, whatever its name says. {AS}")
    encoding = next((name for mark, name in _BOMS if data.startswith(mark)), _guessed(data))
    try:
        return data.decode("utf-8-sig" if encoding == "utf-8" else encoding), encoding.upper()
    except UnicodeDecodeError:
        pass
    if encoding != "utf-8":
        raise BadInput(f"The file says that it is {encoding.upper()} and is not: it cannot be read. {AS}")
    try:
        return data.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "Latin-1"


def _guessed(data: bytes) -> str:
    """UTF-16 without a mark: every other byte of plain Latin text is 0."""
    head = data[:2000]
    for first, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = head[first::2]
        if len(half) > 3 and half.count(0) > 0.7 * len(half) and head[1 - first :: 2].count(0) == 0:
            return name
    return "utf-8"


def _cells(text: str, tabs: bool) -> tuple[list[list[str]], str]:
    """Rows of cells, and what separates them: the sign that gives nearly all rows as many cells as the first, above 1."""
    best, separator, share = _parsed(text, NO_SEPARATOR), "", 0.0
    for sign in ("\t",) if tabs else SEPARATORS:
        if sign not in text[:100_000]:
            continue
        rows = _parsed(text, sign)
        if not rows:
            continue
        width, fit = len(rows[0]), sum(len(row) == len(rows[0]) for row in rows) / len(rows)
        least = 0.3 if _known_names(rows[0]) else 0.9  # prose has commas too
        if width > 1 and fit > max(share, least):
            best, separator, share = rows, sign, fit
    return best, separator


def _parsed(text: str, sign: str) -> list[list[str]]:
    """Rows that are not blank, at most two over the limit. Quoted cells may hold the sign and line breaks."""
    csv.field_size_limit(LIMITS.table_bytes)
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


def _table(found: list[list[str]], separator: str, encoding: str, header: bool | None) -> Table:
    if not found:
        raise BadInput(EMPTY)
    width = len(found[0])
    if width > MOST_COLUMNS:
        raise BadInput(f"The file has {width:,} columns; up to {MOST_COLUMNS} can be read. Keep the one with the texts.")
    named = _has_names(found) if header is None else header
    rows = found[1:] if named else found
    if not rows:
        raise BadInput("The file holds a row of column names and nothing under it. Choose a file with texts.")
    uneven = sum(len(row) != width for row in rows)
    even = [tuple(_even(row, width, separator)) for row in _few(rows)]
    names = found[0] if named else ["text"] if width == 1 else [f"column {i + 1}" for i in range(width)]
    return Table(_distinct(names), tuple(even), encoding, separator, named, uneven)


def _few(rows: Sequence[tuple[str, ...] | list[str]]) -> tuple[tuple[str, ...], ...]:
    if len(rows) > LIMITS.file_lines:
        raise BadInput(f"The file has more than {LIMITS.file_lines:,} rows of text, and that is the limit. Send it in parts.")
    return tuple(tuple(row) for row in rows)


def _even(row: Sequence[str], width: int, separator: str) -> list[str]:
    """Cells too many belong to the last: a text written without quotes."""
    return [*row[: width - 1], (separator or " ").join(row[width - 1 :])] if len(row) >= width else [*row, *[""] * (width - len(row))]


def _has_names(rows: list[list[str]]) -> bool:
    """A known name is one; else every cell is short and without digits first, none comes again below, and the texts are longer."""
    if _known_names(rows[0]):
        return True
    first = [cell.strip().lower() for cell in rows[0]]
    if len(first) < 2 or not all(re.fullmatch(r"[^\W\d][\w .-]{0,39}", cell) for cell in first):
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
    """The column that is named like a text, else the one with the longest cells."""
    named = [name for known in TEXT_NAMES for name in table.columns if name.lower() == known]
    if named:
        return named[0]
    some = table.rows[:500]
    return max(table.columns, key=lambda name: sum(len(row[table.columns.index(name)]) for row in some))


def label_column(table: Table) -> str:
    """The column that is named like a label, "" if none is."""
    text = text_column(table)
    return next((name for known in LABEL_NAMES for name in table.columns if name.lower() == known and name != text), "")
