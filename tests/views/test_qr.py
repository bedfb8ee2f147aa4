"""QR codes: the standard's fixed patterns, every length a link may have, and what is refused."""

import pytest
import segno

from playground.errors import BadInput
from playground.views.qr import LONGEST, qr_rows

FINDER = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]


@pytest.mark.parametrize("length", [20, 300, 301, LONGEST])
def test_codes_have_the_standards_patterns_and_hold_the_link(length: int) -> None:
    link = "https://example.org/?tab=tokens&text=%F0%9F%A4%97".ljust(length, "a")[:length]
    rows = qr_rows(link)
    size = len(rows)
    assert all(len(row) == size for row in rows) and (size - 21) % 4 == 0 and size <= 177
    for top, left in ((0, 0), (0, size - 7), (size - 7, 0)):
        assert [row[left : left + 7] for row in rows[top : top + 7]] == FINDER
    assert rows[6][8 : size - 8] == ("10" * size)[: size - 16] == "".join(row[6] for row in rows[8 : size - 8])
    code = segno.make_qr(link, error="l" if length > 300 else "m")
    assert not code.is_micro and rows == ["".join(map(str, row)) for row in code.matrix]


@pytest.mark.parametrize("link", ["", "javascript:alert(1)", "https://é.org", "text", "https://a" + "a" * LONGEST, "https://\x00\ud800"])
def test_what_is_no_short_web_address_is_refused(link: str) -> None:
    with pytest.raises(BadInput, match=r"\.$"):
        qr_rows(link)
