"""A whole file: what is read is offered, parts come one after the other, what is done can be taken away, bad files are sentences."""

from pathlib import Path
from typing import Any

import pytest

from playground.catalog import DEFAULTS
from playground.errors import BadInput
from playground.panels.sentiment.file import AT_ONCE, SAMPLE, classify, classify_lines, judged, lines_of_table, look, read_as, save
from playground.service.cache import Answers, CachedService
from playground.tasks.limits import LIMITS
from playground.tasks.request import Batch, Progress
from playground.tasks.sentiment.table import read_table
from tests.panels.panel import WritingService

MODEL = DEFAULTS["sentiment"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "reviews.csv"
    rows = [f"{'good' if i % 3 else 'awful'} number {i},{'pos' if i % 2 else 'neg'}" for i in range(600)]
    path.write_text("\n".join(["text,label", *rows, ","]), "utf-8")
    return path


def run(service: WritingService, path: Path | str | None, text: str = "text", label: str = "label", header: bool = True) -> list[Any]:
    return list(classify(service, str(path) if path else None, text, label, header, "", MODEL))


def test_columns_are_offered(file: Path) -> None:
    text, label, header, encoding, note = look(str(file))
    assert (text.value, label.value, header) == ("text", "label", True)
    assert encoding.choices[0] == ("Found: UTF-8", "") and encoding.value == ""
    assert [name for name, _ in text.choices] == ["text", "label"] and label.choices[0] == ("no label", "")
    assert note["text"].startswith("600 rows, 2 columns")


def test_a_file_taken_away_offers_nothing() -> None:
    text, label, _, _, note = look(None)
    assert (text.value, label.value, note["text"]) == (None, "", "")


def test_parts_are_batches_of_the_file_in_order_and_what_is_done_is_kept(file: Path) -> None:
    service = WritingService()
    items = run(service, file)
    batches = [one for one in service.asked if isinstance(one, Batch)]
    assert [len(one.requests) for one in batches] == [AT_ONCE, AT_ONCE, 600 - 2 * AT_ONCE]
    assert batches[0].requests[1].text == "good number 1" and batches[0].requests[1].cut
    kept = [len(item[4]) for item in items if isinstance(item[4], tuple) and item[4]]
    assert kept == [AT_ONCE, 2 * AT_ONCE, 600]
    note, *_, download, after = items[-1]
    assert note["text"].startswith("600 of 600 texts: 200 negative, 400 positive. The model agrees with 50.0 % of 600 labels in the file.")
    assert after == () and download.interactive
    table = read_table(Path(download.value["path"] if isinstance(download.value, dict) else download.value).read_bytes(), "a.csv")
    assert len(table.rows) == 600 and table.rows[599][1] == "good number 599"


def test_after_a_stop_what_is_done_can_be_taken_away(file: Path) -> None:
    stream = classify(WritingService(), str(file), "text", "label", True, "", MODEL)
    kept = next(item[4] for item in stream if isinstance(item[4], tuple) and item[4])
    stream.close()  # type: ignore[attr-defined]
    download, after = save(kept)
    assert download.interactive and after == ()
    assert save(())[1] == ()


@pytest.mark.parametrize(
    ("text", "label", "told"), [("", "", "No text column"), ("nosuch", "", "no column “nosuch”"), ("text", "who", "no column “who”")]
)
def test_columns_that_are_not_there(file: Path, text: str, label: str, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        run(WritingService(), file, text, label)


def test_no_file_and_a_bad_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No file is chosen"):
        run(WritingService(), None)
    path = tmp_path / "x.csv"
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(BadInput, match="spreadsheet"):
        run(WritingService(), path)
    with pytest.raises(BadInput, match="spreadsheet"):
        look(str(path))


def test_an_encoding_is_offered_beside_the_guess_and_can_be_chosen(tmp_path: Path) -> None:
    """Two letters that are both “œw” in Western Europe and “św” in Poland: each reading is shown, and a choice is read."""
    path = tmp_path / "x.csv"
    path.write_bytes("text,label\nświetny,1\n".encode("cp1250"))
    service = WritingService()
    *_, encoding, note = look(str(path))
    assert encoding.choices[0][0].startswith("Guessed: ")
    assert ("Windows-1250 (Central Europe): “świetny,1”", "Windows-1250 (Central Europe)") in encoding.choices
    *_, encoding, note = read_as(str(path), "Windows-1250 (Central Europe)")
    assert encoding.value == "Windows-1250 (Central Europe)" and "guess" not in note["text"]
    list(classify(service, str(path), "text", "label", True, "Windows-1250 (Central Europe)", MODEL))
    asked = [one for one in service.asked if isinstance(one, Batch)]
    assert asked[0].requests[0].text == "świetny"
    with pytest.raises(BadInput, match="no encoding “zip”"):
        list(classify(service, str(path), "text", "label", True, "zip", MODEL))


def test_answers_from_the_cache_are_no_pace() -> None:
    lines = [(i, f"good number {i}", "") for i in range(24)]
    cached = CachedService(WritingService(), Answers(10_000_000))
    for _ in range(2):
        parts = [pace for part, pace in judged(cached, lines, MODEL) if not isinstance(part, Progress)]
    assert parts[-1] == (0, 0.0)


def test_blank_rows_are_passed_over_and_counted() -> None:
    table = read_table(b"text,label\ngood,1\n  ,1\nbad,0\n", "a.csv")
    assert lines_of_table(table, "text", "label") == ([(1, "good", "1"), (3, "bad", "0")], 1)


def test_long_texts_are_cut_and_counted() -> None:
    parts = [item for item, _ in judged(WritingService(), [(1, "x" * 6_000, "")], MODEL) if not isinstance(item, Progress)]
    assert parts[0][0].cut == 6_000 - LIMITS.sentiment_characters and len(parts[0][0].text) == 6_000


def test_the_sample_is_a_good_file() -> None:
    table = read_table(SAMPLE.read_bytes(), SAMPLE.name)
    assert len(table.rows) == 24 and {row[1] for row in table.rows} == {"positive", "negative"}


def test_the_endpoint_answers_in_order_and_refuses_with_a_place() -> None:
    service = WritingService()
    assert [one["label"] for one in classify_lines(service, ["good"] * 300 + ["bad"])] == ["positive"] * 300 + ["negative"]
    assert classify_lines(service, []) == []
    for wrong, told in ((["a", " "], "Text 1"), (["a", 3], "Text 1"), ("good", "list"), (["x"] * 10_001, "10,000")):
        with pytest.raises(BadInput, match=told):
            classify_lines(service, wrong)
