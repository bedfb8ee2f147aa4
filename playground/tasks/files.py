"""A file's bytes as text: UTF-8 or UTF-16, or a sentence that says what is wrong with it. Pure; opens nothing."""

import codecs

from playground.errors import BadInput
from playground.tasks.limits import LIMITS

_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def read_text(data: bytes) -> str:
    """UTF-8, or what its byte order mark says. Raises BadInput for too many bytes, other encodings and binary files."""
    if len(data) > LIMITS.file_bytes:
        raise BadInput(f"The file has {len(data):,} bytes; the limit is {LIMITS.file_bytes:,}. Split it, or take a part of it.")
    mark, encoding = next(((m, e) for m, e in _MARKS.items() if data.startswith(m)), (b"", "utf-8"))
    if not mark and b"\x00" in data[:4096]:
        raise BadInput("The file holds zero bytes, so it is no plain text (a picture, a PDF, a document?). Save it as plain text, UTF-8.")
    try:
        return data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        byte = data[len(mark) + error.start : len(mark) + error.start + 1].hex().upper()
        raise BadInput(
            f"The file is not {encoding.upper()} text: byte {byte} at place {len(mark) + error.start:,} does not fit. It may be in an "
            "older encoding (Windows-1252, Latin-1, Shift-JIS, …). Save it again as UTF-8."
        ) from None
