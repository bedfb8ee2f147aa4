"""A link -> the modules of its QR code (ISO/IEC 18004, made by segno). Knows no page."""

import segno

from playground.errors import BadInput

LONGEST = 2_000


def qr_rows(link: str) -> list[str]:
    """Rows of "1" (dark) and "0", without the quiet zone of 4 modules. Raises BadInput for what is no web address or too long."""
    if not link.startswith(("http://", "https://")) or not link.isascii():
        raise BadInput("A QR code is made of a web address, with everything but ASCII percent-encoded.")
    if len(link) > LONGEST:
        raise BadInput(f"The link has {len(link):,} characters; the limit is {LONGEST:,}. Shorten the text.")
    return ["".join(map(str, row)) for row in segno.make_qr(link, error="l" if len(link) > 300 else "m").matrix]
