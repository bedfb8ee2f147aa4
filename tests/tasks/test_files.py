"""Bytes as text: marks, UTF-8, the encodings of older programs, guessed or chosen, against Python's own codecs."""

import pytest

from playground.errors import BadInput
from playground.tasks.files import ENCODINGS, read_text, readings

MOST = 10_000
# What people wrote, in the encoding their program saved it in; the expected text is the text itself.
FILES = {
    "cp932": ["この映画はとても良かった。", "ひどい映画でした。もう二度と見ません。", "最高！", "おもしろい"],
    "euc_jp": ["この映画はとても良かった。"],
    "gb18030": ["这部电影非常好看。", "太糟糕了，我不喜欢。", "我喜欢这个电影，但是太长了。"],
    "big5": ["這部電影非常好看。", "太糟糕了，我不喜歡。"],
    "cp949": ["이 영화는 정말 좋았다.", "최악이었다"],
    "cp1250": ["Ten film był świetny, bardzo mi się podobał.", "Příliš žluťoučký kůň", "Książka była zła.", "Łódź"],
    "cp1251": ["Этот фильм был очень хорошим.", "Ужасно", "Дуже добре"],
    "koi8_r": ["Этот фильм был очень хорошим.", "Хорошо"],
    "cp1252": [
        "Le café était très bon, j'ai adoré.",
        "Größe",
        "naïve “quotes” – dash",
        "Señor, ¿qué tal?",
        "It costs £5",
        "CAFÉ",
        "It’s fine",
    ],
    "cp1253": ["Αυτή η ταινία ήταν πολύ καλή."],
    "cp1254": ["Bu film çok güzeldi, İstanbul'da ışık."],
    "cp1256": ["كان هذا الفيلم جيدا جدا."],
}  # fmt: skip
SHORT = [(codec, text) for codec, texts in FILES.items() for text in texts]


@pytest.mark.parametrize(("codec", "text"), SHORT)
@pytest.mark.parametrize("form", ["{}", "text,label\n{},1\n"])
def test_short_files_of_older_programs_are_guessed(codec: str, text: str, form: str) -> None:
    whole = form.format(text)
    found = read_text(whole.encode(codec), MOST)
    assert found.text == whole and found.guessed


@pytest.mark.parametrize(("codec", "text"), [*SHORT, ("cp1255", "הסרט הזה היה טוב מאוד."), ("cp932", "良い"), ("cp1250", "świetny")])
def test_the_right_reading_is_offered_and_can_be_chosen(codec: str, text: str) -> None:
    """Also where two letters are too few for a guess."""
    data = f"text\n{text}\n".encode(codec)
    name = next(name for name, known in ENCODINGS.items() if known == codec)
    assert (name, text[:24].strip()) in [(one, sample) for one, sample in readings(data)]
    chosen = read_text(data, MOST, name)
    assert (chosen.text, chosen.encoding, chosen.guessed) == (f"text\n{text}\n", name, False)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_unicode_is_no_guess(encoding: str) -> None:
    text = "Zoe is here\n" if encoding[-3] == "-" else "Zoë 🦙 żółw 日本\n"
    found = read_text(text.encode(encoding), MOST)
    assert found.text == text and not found.guessed
    assert readings(text.encode(encoding)) == []


def test_nothing_is_nothing() -> None:
    assert read_text(b"", MOST).text == "" and readings(b"") == []


@pytest.mark.parametrize(
    ("data", "encoding", "told"),
    [
        ("Zoë".encode("latin-1"), "UTF-8", "not UTF-8 text: byte EB at place 2"),
        ("日本".encode("shift-jis"), "UTF-8", "Choose another encoding"),
        (b"\x89PNG\x00\x00", "", "picture"), (b"ab\0", "", "NUL character in line 1"), (b"x" * (MOST + 1), "", "the limit is 10,000"),
        (b"\xff\xfea", "", "says that it is UTF-16 and is not"), (b"abc", "zip", "no encoding “zip” here.*UTF-8"),
        (b"abc", ["UTF-8"], "There is no encoding"),
    ],
)  # fmt: skip
def test_odd_files_and_odd_choices_get_a_sentence(data: bytes, encoding: str, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        read_text(data, MOST, encoding)
