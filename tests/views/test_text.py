"""Labels: nothing unseen stays unseen, and plotly finds no markup in them."""

import pytest

from playground.views.text import bytes_label, piece_label, plotly_label, visible


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (" the", "␣the"),
        ("a\nb\tc", "a⏎b⇥c"),
        ("\x00\x1b\x7f", "␀␛␡"),
        ("\u202eabc", "⟨U+202E⟩abc"),
        ("\u200d", "⟨U+200D⟩"),
        ("\ufffd", "⟨U+FFFD⟩"),
        ("\u00a0", "⟨U+00A0⟩"),
        ("\u0301", "◌\u0301"),
        ("", ""),
        ("naïve 你好", "naïve␣你好"),
    ],
)
def test_visible(text: str, label: str) -> None:
    assert visible(text) == label


def test_no_replacement_character_for_any_code_point() -> None:
    assert not [p for p in range(0x110000) if "\ufffd" in visible(chr(p))]


def test_a_label_of_bytes_is_visible_already() -> None:
    """The engine's labels pass here too: ⟨F0␣9F⟩ would say that a space is among the bytes."""
    assert visible("⟨F0 9F⟩") == "⟨F0 9F⟩" and visible("a ⟨20 F0⟩\n") == "a␣⟨20 F0⟩⏎"
    assert visible("⟨a b⟩ ⟨F0  9F⟩") == "⟨a␣b⟩␣⟨F0␣␣9F⟩"


@pytest.mark.parametrize(
    ("piece", "scheme", "label"),
    [
        ("##bly", "WordPiece", "##bly"), ("[UNK]", "WordPiece", "[UNK]"), ("▁up", "SentencePiece", "▁up"), ("▁", "SentencePiece", "▁"),
        ("<0xE2>", "SentencePiece", "⟨E2⟩"), ("<0x7B>", "SentencePiece", "⟨7B⟩"), ("Ġup", "byte-level BPE", "␣up"),
        ("ĊĊ", "byte-level BPE", "⏎⏎"), ("ðŁ", "byte-level BPE", "⟨F0 9F⟩"), ("Ã©", "byte-level BPE", "é"),
        ("<|im_end|>", "byte-level BPE", "<|im_end|>"),
    ],
)  # fmt: skip
def test_a_piece_is_shown_as_it_is(piece: str, scheme: str, label: str) -> None:
    assert piece_label(piece, scheme) == label


def test_bytes_label() -> None:
    assert bytes_label("🤗".encode()[:2]) == "⟨F0 9F⟩"


def test_plotly_label_escapes_markup_and_cuts() -> None:
    assert plotly_label("<b>&") == "&lt;b&gt;&amp;"
    assert plotly_label("<<<<", 3) == "&lt;&lt;…"
