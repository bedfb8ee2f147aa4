"""Files as people have them: every one is read as it was meant, or refused with a sentence; on any bytes nothing else happens."""

import csv
import io
import random

import pytest

from playground.errors import BadInput
from playground.tasks.sentiment.limits import LIMITS
from playground.tasks.sentiment.table import Table, label_column, read_table, text_column

ROWS = [("I love it", "1"), ("bad, really", "0"), ('she said "no"', "0"), ("two\nlines", "1"), ("çà; là | 中文 🙂", "1")]


def written(separator: str = ",", header: bool = True) -> str:
    out = io.StringIO(newline="")
    made = csv.writer(out, delimiter=separator)
    made.writerows([*([("text", "label")] if header else []), *ROWS])
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize(("separator", "name"), [(",", "a.csv"), (";", "a.CSV"), ("|", "a.csv"), ("\t", "a.tsv"), ("\t", "a.csv")])
def test_encodings_and_separators(encoding: str, separator: str, name: str) -> None:
    text = written(separator)
    data = text.encode(encoding)
    if encoding in ("utf-16-le", "utf-16-be"):  # without a mark only Latin text gives itself away
        data = text.replace("中文 🙂", "x").encode(encoding)
    found = read_table(data, name)
    assert found.columns == ("text", "label") and found.header
    assert [row[1] for row in found.rows] == [label for _, label in ROWS]
    assert found.rows[1][0] == "bad, really" and found.rows[3][0] == "two\nlines"
    assert (text_column(found), label_column(found), found.separator) == ("text", "label", separator)


def test_an_older_encoding_is_read_and_said_and_can_be_chosen() -> None:
    found = read_table("text\ncafé “x”\n".encode("cp1252"), "a.csv")
    assert found.rows == (("café “x”",),) and found.encoding == "Windows-1252 (Western Europe)" and found.guessed
    data = "text,label\nświetny film,1\n".encode("cp1250")
    assert read_table(data, "a.csv", encoding="Windows-1250 (Central Europe)").rows == (("świetny film", "1"),)
    assert not read_table(data, "a.csv", encoding="Windows-1250 (Central Europe)").guessed


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_text_file_is_one_text_a_line(end: str) -> None:
    found = read_table(end.join(["one, two", "", 'a "quote', "x\u2028y\x0cz"]).encode(), "a.txt")
    assert found.rows == (("one, two",), ('a "quote',), ("x\u2028y\x0cz",))


def test_one_column_with_commas_in_the_prose() -> None:
    found = read_table(b"I love it, truly\nbad film\nso, so\n", "a.csv")
    assert found.rows == (("I love it, truly",), ("bad film",), ("so, so",)) and not found.header


def test_a_text_without_quotes_in_the_last_column_is_whole() -> None:
    found = read_table(b"label,text\n1,I love it, truly\n0,bad\n0\n", "a.csv")
    assert found.rows == (("1", "I love it, truly"), ("0", "bad"), ("0", "")) and found.uneven == 2


def test_a_quote_that_is_never_closed_swallows_nothing() -> None:
    found = read_table(b'text,label\n"never closed,1\nnext,0\n', "a.csv")
    assert found.rows == (('"never closed', "1"), ("next", "0"))


GOOD = [f"good film {i}" for i in range(50)]
OPEN = ['"Great" film', '"Awful film', *GOOD]


@pytest.mark.parametrize(("sign", "name"), [(",", "a.csv"), (";", "a.csv"), ("|", "a.csv"), ("\t", "a.tsv")])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_nor_does_one_after_a_quoted_word(sign: str, name: str, end: str) -> None:
    found = read_table(end.join([f"text{sign}label", *(f"{text}{sign}positive" for text in OPEN)]).encode(), name)
    assert found.column("text") == OPEN and set(found.column("label")) == {"positive"} and found.uneven == 0


def test_nor_in_one_column() -> None:
    assert read_table("\n".join(["text", *OPEN]).encode(), "a.csv").column("text") == OPEN


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ('"Awful film,negative', '"Awful film'),
        ('"""Awful"" film,negative', '"""Awful"" film'),
        ('"Great, honest" film,negative', '"Great, honest" film'),
        ('"Great, honest" ,negative', "Great, honest "),
        ('"Great","negative', "Great"),
        ('"Great,"negative"', '"Great'),
        ('a 5" screen,negative', 'a 5" screen'),
    ],
)
def test_a_quote_out_of_place_costs_its_own_row_at_most(row: str, text: str) -> None:
    """Whatever stands around it: cells with commas, quotes and line breaks are still one cell each."""
    luck = random.Random(7)
    good = ["plain", "a, b", 'she said "no"', "two\nlines", 'a "long", odd\n\none']
    for _ in range(20):
        texts = luck.choices(good, k=luck.randint(1, 8))
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\n", quoting=luck.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])).writerows((one, "1") for one in texts)
        written_so = out.getvalue()
        for whole, expected in ((f"text,label\n{row}\n{written_so}", [text, *texts]), (f"text,label\n{written_so}{row}", [*texts, text])):
            found = read_table(whole.encode(), "a.csv")
            assert found.column("text") == expected
            assert found.rows[expected.index(text)][1].strip('"') == "negative"


def test_names_are_guessed_and_can_be_said() -> None:
    plain = b"1,I am happy\n0,I am sad\n"
    assert read_table(plain, "a.csv").columns == ("column 1", "column 2")
    assert text_column(read_table(plain, "a.csv")) == "column 2"
    assert read_table(plain, "a.csv", True).columns == ("1", "I am happy")
    assert len(read_table(b"text\ngood\n", "a.csv", False).rows) == 2
    assert read_table(b"who,what they wrote\nAnn,It was rather good\nBob,I left early on\n", "a.csv").header
    assert read_table(b"text,text,,a\nx,y,z,w\n", "a.csv").columns == ("text", "text (2)", "column 3", "a")


def test_one_huge_line() -> None:
    assert len(read_table(b"x" * (LIMITS.table_bytes - 1), "a.csv").rows[0][0]) == LIMITS.table_bytes - 1


def test_a_column_that_is_not_there_is_named() -> None:
    table = read_table(written().encode(), "a.csv")
    assert table.column("label") == ["1", "0", "0", "1", "1"]
    with pytest.raises(BadInput, match=r"no column “score”.*“text”, “label”"):
        table.column("score")


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (b"", "a.csv", "empty"),
        (b" \n\t\r\n", "a.txt", "empty"),
        ("\ufeff".encode(), "a.csv", "empty"),
        (b"text\na\0b\n", "a.csv", r"NUL character in line 2"),
        (b"PK\x03\x04rest", "a.csv", "spreadsheet or a zip"),
        (b"%PDF-1.7", "a.txt", "PDF"),
        (b"hello", "a.xlsx", r"“a.xlsx” is not a .csv, .tsv or .txt"),
        (b"hello", "csv", "not a"),
        (b"text\n", "a.csv", "nothing under it"),
        (b"x\n" * (LIMITS.file_lines + 1), "a.csv", "more than 10,000 rows"),
        (b"x\n" * (LIMITS.file_lines + 1), "a.txt", "more than 10,000 rows"),
        (b"x" * (LIMITS.table_bytes + 1), "a.txt", "8,000,001 bytes; the limit is 8,000,000"),
        (b"\xff\xfea", "a.csv", "UTF-16 and is not"),
        (b"a," * 200 + b"\n", "a.csv", "201 columns"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(data: bytes, name: str, told: str) -> None:
    with pytest.raises(BadInput, match=told) as caught:
        read_table(data, name)
    assert str(caught.value).isprintable() and str(caught.value)[-1] in ".”"


def test_ten_thousand_rows_are_read() -> None:
    assert len(read_table(b"text\n" + b"x\n" * LIMITS.file_lines, "a.csv").rows) == LIMITS.file_lines


def test_on_any_bytes_it_is_a_table_or_a_sentence() -> None:
    luck = random.Random(5)
    plain = [bytes([letter]) for letter in b'",;\n\r\ta\xff\xfe\0|= ']
    kinds = [*plain, b"text", b"label", b"\xc3\xa9", b"\xf0\x9f", b"''"]
    read = 0
    for _ in range(1500):
        data = b"".join(luck.choices(kinds, k=luck.randint(0, 40)))
        try:
            found = read_table(data, luck.choice(["a.csv", "a.tsv", "a.txt"]), luck.choice([None, True, False]))
        except BadInput:
            continue
        read += 1
        assert isinstance(found, Table) and found.rows
        assert len(set(found.columns)) == len(found.columns)
        assert {len(row) for row in found.rows} == {len(found.columns)}
        assert text_column(found) in found.columns and label_column(found) in (*found.columns, "")
    assert read > 300


def test_what_is_written_is_read_again_whatever_it_is() -> None:
    luck = random.Random(6)
    for _ in range(200):
        texts = ["".join(luck.choices('ab ,;"\n\t=é🙂|', k=luck.randint(1, 12))) for _ in range(luck.randint(1, 6))]
        texts = [text for text in texts if text.strip()] or ["x"]
        out = io.StringIO(newline="")
        csv.writer(out).writerows([("text", "label"), *((text, "1") for text in texts)])
        assert read_table(out.getvalue().encode(), "a.csv").column("text") == texts


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(("line", "sign"), [("sep=;", ";"), ("SEP=,", ","), ("sep=\t", "\t"), ("sep=^", "^")])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_excels_first_line_is_no_text(line: str, sign: str, end: str, encoding: str) -> None:
    """Excel reads `sep=;` as its separator, and shows no such row."""
    whole = end.join([line, f"text{sign}label", f"Great film{sign}1", f"Bad film{sign}0", ""])
    found = read_table(whole.encode(encoding), "a.csv")
    assert (found.columns, found.rows) == (("text", "label"), (("Great film", "1"), ("Bad film", "0")))
    bare = read_table(end.join([line, f"Great film{sign}1", f"Bad film{sign}0"]).encode(encoding), "a.csv")
    assert (bare.column(text_column(bare)), label_column(bare)) == (["Great film", "Bad film"], "column 2")


PROSE = [
    "Well, I liked it", "Honestly, it was too long", "No, thank you",
    "The cast, the music and the light are good, and so is the end", "At first, I was bored, then I was not", "Slow, dull, sad",
]  # fmt: skip


@pytest.mark.parametrize("lines", [PROSE[:1], PROSE[:3], PROSE[3:], ["So so; I left; then I came back", "Good; but long; see it"]])
def test_prose_with_as_many_commas_in_every_line_is_no_table(lines: list[str]) -> None:
    found = read_table("\n".join(lines).encode(), "a.csv")
    assert found.rows == tuple((line,) for line in lines) and found.columns == ("text",)


@pytest.mark.parametrize(
    ("rows", "texts", "labels"),
    [
        (["positive,Great movie", "negative,Terrible movie"], ["Great movie", "Terrible movie"], "column 1"),
        (["neg,Never again", "pos,A joy to see", "pos,Fine"], ["Never again", "A joy to see", "Fine"], "column 1"),
        (["0,I am sad", "1,I am happy"], ["I am sad", "I am happy"], "column 1"),
        (["Great film,1", "Bad film,0", "Good one,1"], ["Great film", "Bad film", "Good one"], "column 2"),
        (["Good, very good,1", "Bad,0", "So long, so dull,0"], ["Good, very good", "Bad", "So long, so dull"], "column 2"),
        (["text,label", "Good, very good,1", "Bad,0"], ["Good, very good", "Bad"], "label"),
        (["id,review,sentiment", "7,Good, very good,1", "8,Bad,0"], ["Good, very good", "Bad"], "sentiment"),
        (["who, what they wrote", "Ann, It was rather good", "Bob, Too long by far"], ["It was rather good", "Too long by far"], ""),
        (["2020-01-01,Ann,Great film", "2020-01-02,Bob,Bad film"], ["Great film", "Bad film"], ""),
        (["Good,1", "Bad,0,"], ["Good", "Bad"], "column 2"),
        (["great movie, positive", "bad movie, negative"], ["great movie", "bad movie"], "column 2"),
        (["who,what they wrote", "Ann,It was rather good", "Bob,I left early on"], ["It was rather good", "I left early on"], ""),
        (["1,The first", "2,The second"], ["The first", "The second"], ""),
    ],
)  # fmt: skip
def test_labels_names_and_commas_are_told_apart(rows: list[str], texts: list[str], labels: str) -> None:
    found = read_table("\n".join(rows).encode(), "a.csv")
    assert ([text.strip() for text in found.column(text_column(found))], label_column(found)) == (texts, labels)
