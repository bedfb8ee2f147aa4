"""An uploaded file's bytes as text, in the encoding its mark says, its reader says, or a guess. Pure; opens nothing.

The guess for bytes that are no UTF-8: the encoding in which most signs beyond ASCII are among the commonest of its languages. A few
letters are often right in two encodings, so it stays a guess: `readings` shows what each would make of them.
"""

import codecs
from dataclasses import dataclass

from playground.errors import BadInput
from playground.tasks.text import shown

AS = "Save it as plain text, UTF-8, and send it again."
SAMPLE, HEAD = 24, 20_000  # signs shown of a reading, bytes that the guess looks at
_BOMS = (
    (codecs.BOM_UTF8, "UTF-8"), (codecs.BOM_UTF32_LE, "UTF-32"), (codecs.BOM_UTF32_BE, "UTF-32"), (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)  # fmt: skip
_FORMATS = ((b"PK\x03\x04", "a spreadsheet or a zip archive"), (b"%PDF", "a PDF"), (b"\x1f\x8b", "a gzip archive"),
            (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"), (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"))  # fmt: skip
_UNICODE = {"UTF-8": "utf-8-sig", "UTF-16": "utf-16", "UTF-16-LE": "utf-16-le", "UTF-16-BE": "utf-16-be", "UTF-32": "utf-32"}
_LATIN = "áàâäãåéèêëíìîïóòôöõøúùûüçñßæœ’‘“”–—…«»°·€£¥©®¿¡½"
_HAN = "的一是不了在人有我他中大上到地出也自道可好天看本想子和心里小生那下就年得事之多行然"
# (name shown, codec, commonest signs of its languages, the share of a text's signs that these are), the earlier preferred where two
# are as likely.
_OLDER: tuple[tuple[str, str, str, float], ...] = (
    ("Windows-1252 (Western Europe)", "cp1252", _LATIN, 1.0),
    ("Windows-1250 (Central Europe)", "cp1250", "ąćęłńóśźżáčďéěíňřšťúůýžőűăâîşţľĺôäöü’“”„–…", 1.0),
    ("Windows-1254 (Turkish)", "cp1254", "ğışİŞçöüâîû’“”–", 1.0),
    ("Windows-1251 (Cyrillic)", "cp1251", "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїє«»—", 1.0),
    ("KOI8-R (Cyrillic)", "koi8_r", "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё", 1.0),
    ("Windows-1253 (Greek)", "cp1253", "αοιετσνηυρπκμλςωάόίέήύώγδθφχξψζβ", 1.0),
    ("Windows-1255 (Hebrew)", "cp1255", "אבגדהוזחטיךכלםמןנסעףפץצקרשת", 1.0),
    ("Windows-1256 (Arabic)", "cp1256", "اليمونرتبةعدسفهكقحجشطصخضذثئءىغظزأإآؤ،", 1.0),
    ("Shift_JIS (Japanese)", "cp932", "のにはをがでとたしいるてなれさかっもこうりらくすきよだまけど、。！？ーンスルトイアラリクド", 0.7),
    ("EUC-JP (Japanese)", "euc_jp", "のにはをがでとたしいるてなれさかっもこうりらくすきよだまけど、。！？ーンスルトイアラリクド", 0.7),
    ("GBK (simplified Chinese)", "gb18030", _HAN + "这个们来为国说时要会对发后作能过没很什么，。！？“”、", 0.45),
    ("Big5 (traditional Chinese)", "big5", _HAN + "這個們來為國說時要會對發後作能過沒很什麼，。！？「」、", 0.45),
    ("EUC-KR (Korean)", "cp949", "이다는을에가의고하지은를로도한서나사기있어리아대자해라그게것일니수들정인만없였었습말전요", 0.6),
    ("Mac Roman (older Macs)", "mac_roman", "", 1.0),
    ("Latin-1 (ISO 8859-1)", "latin-1", "", 1.0),
)  # fmt: skip
ENCODINGS = {**_UNICODE, **{name: codec for name, codec, *_ in _OLDER}}


@dataclass(frozen=True)
class Decoded:
    """`encoding` is one of ENCODINGS; `guessed` where neither a mark, nor UTF-8's own form, nor the reader says it."""

    text: str
    encoding: str
    guessed: bool = False


def read_text(data: bytes, most: int, encoding: str = "") -> Decoded:
    """At most `most` bytes, in `encoding`, one of ENCODINGS; "" finds it out. Raises BadInput, and says what to do."""
    if len(data) > most:
        raise BadInput(f"The file has {len(data):,} bytes; the limit is {most:,}. Split it, or take a part of it.")
    if not isinstance(encoding, str) or (encoding and encoding not in ENCODINGS):
        raise BadInput(f"There is no encoding {shown(encoding)} here. Choose one of: {', '.join(ENCODINGS)}.")
    for start, what in _FORMATS:
        if data.startswith(start):
            raise BadInput(f"This is {what}, not a text file, whatever its name says. {AS}")
    marked = next((name for mark, name in _BOMS if data.startswith(mark)), "")
    made = _decoded(data, encoding or marked, bool(encoding)) if encoding or marked else _found(data)
    if (place := made.text.find("\0")) >= 0:
        raise BadInput(f"The file has a NUL character in line {made.text.count(chr(10), 0, place) + 1:,}, so it is no plain text. {AS}")
    return made


def readings(data: bytes) -> list[tuple[str, str]]:
    """(encoding, what it makes of the first signs beyond ASCII) for each older encoding that can be; [] for UTF-8 and marked files."""
    if any(data.startswith(mark) for mark, _ in _BOMS) or _wide(data) or _try(data, "utf-8") is not None:
        return []
    at = next(i for i, byte in enumerate(data) if byte > 127)
    begin = max(data.rfind(b"\n", 0, at) + 1, at - SAMPLE // 2)
    found = []
    for name, codec, *_ in _OLDER:
        if _try(data, codec) is not None:
            text = data[begin : begin + 4 * SAMPLE].decode(codec, "ignore")
            found.append((name, " ".join(text.split())[:SAMPLE].strip()))
    return found


def _decoded(data: bytes, encoding: str, chosen: bool) -> Decoded:
    try:
        return Decoded(data.decode(ENCODINGS[encoding]), encoding)
    except UnicodeDecodeError as error:
        byte = f"byte {data[error.start : error.start + 1].hex().upper()} at place {error.start:,} does not fit"
        what = f"The file is not {encoding} text: {byte}. Choose another encoding."
        raise BadInput(what if chosen else f"The file says that it is {encoding} and is not: {byte}. {AS}") from None


def _found(data: bytes) -> Decoded:
    if wide := _wide(data):
        return _decoded(data, wide, False)
    if (text := _try(data, "utf-8")) is not None:
        return Decoded(text, "UTF-8")
    head = data[: data.rfind(b"\n", 0, HEAD) + 1 or None] if len(data) > HEAD else data
    made = [(_share(text, common) / usual, name) for name, codec, common, usual in _OLDER if (text := _try(head, codec)) is not None]
    likeliest = [name for _, name in sorted(made, key=lambda one: -one[0])]
    name, text = next((name, text) for name in (*likeliest, _OLDER[-1][0]) if (text := _try(data, ENCODINGS[name])) is not None)
    return Decoded(text, name, guessed=True)


def _share(text: str, common: str) -> float:
    """Of the signs beyond ASCII, the share that is among the `common` ones: a capital where a word begins; of a Latin alphabet those that
    have an ASCII sign beside them, of another one those that have no ASCII letter there."""
    text, latin, right, beyond = f" {text} ", "ö" in common, 0, 0
    for before, letter, after in zip(text, text[1:], text[2:], strict=False):
        if letter > "\x7f":
            beyond += 1
            known = letter in common or (letter.lower() in common and not before.isalpha())
            plain = [side for side in (before, after) if side <= "\x7f"]
            right += known and (bool(plain) if latin else not any(side.isalpha() for side in plain))
    return right / (beyond or 1)


def _try(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _wide(data: bytes) -> str:
    """UTF-16 without a mark: every other byte of plain Latin text is 0."""
    head = data[:2000]
    for first, name in ((1, "UTF-16-LE"), (0, "UTF-16-BE")):
        half = head[first::2]
        if len(half) > 3 and half.count(0) > 0.7 * len(half) and head[1 - first :: 2].count(0) == 0:
            return name
    return ""
