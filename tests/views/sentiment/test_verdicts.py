"""Many verdicts as figures, a table, a plot and a CSV that no spreadsheet runs."""

import csv
import io
import json
import math

import pytest

from playground.tasks.sentiment.sentiment import Sentiment
from playground.tasks.sentiment.table import read_table
from playground.tasks.sentiment.tally import Pace, Verdict
from playground.views.sentiment.verdicts import (
    line_scores,
    plain_cell,
    speed_note,
    table_sentence,
    verdicts_csv,
    verdicts_figure,
    verdicts_view,
)

LABELS = ("negative", "positive")


def verdict(row: int, positive: float, given: str = "", text: str = "text", left_out: int = 0) -> Verdict:
    made = Sentiment("m", "s", text, LABELS, (-1.25, 2.5), (1 - positive, positive), 3, left_out)
    return Verdict(row, text, given, given if given in LABELS else "", made)


SOME = [verdict(1, 0.9, "positive"), verdict(2, 0.8, "negative"), verdict(3, 0.1, "negative"), verdict(4, 0.3, "meh"), verdict(5, 0.4)]


def test_figures_and_confusion() -> None:
    view = verdicts_view(SOME, 7, 2, Pace(5, 0.5))
    figures = dict(view["figures"])
    assert figures["classified"] == "5 of 7" and figures["accuracy"] == "66.7 % of 3 with a label"
    assert figures["time"] == "0.5 s (10 lines/s)"
    assert [[cell["number"] for cell in row["cells"]] for row in view["confusion"]["rows"]] == [["1", "1"], ["0", "1"]]
    assert [one["number"] for one in view["counts"]] == ["3", "2"]
    assert any("2 rows had no text" in said for said in view["remarks"])
    assert any("“meh”" in said and "not compared" in said for said in view["remarks"])
    assert view["errors"][0]["rows"][0]["row"] == "row 2"
    json.dumps(view)


def test_without_labels_there_is_no_confusion() -> None:
    view = verdicts_view([verdict(1, 0.9)], 1, 0, Pace(0, 0.0))
    assert view["confusion"] is None and view["errors"] == [] and "accuracy" not in dict(view["figures"])
    assert verdicts_view([], 0, 0, Pace(0, 0.0)) is None


def test_texts_that_were_cut_are_counted() -> None:
    remarks = verdicts_view([verdict(1, 0.9, left_out=3)], 1, 0, Pace(1, 1.0))["remarks"]
    assert any("1 text had more than the model reads" in said for said in remarks)
    assert line_scores(verdict(1, 0.9, left_out=3))["cut"] is True


def test_the_figure_holds_every_text_once_and_no_text() -> None:
    figure = verdicts_figure([*SOME, verdict(6, 0.5, text="<b>x</b>")])
    assert sum(sum(trace.y) for trace in figure.data) == 6
    assert {trace.name for trace in figure.data} == {"given negative", "given positive", "no label given"}
    assert "<b>x" not in figure.to_json()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =cmd|' /C calc'!A0", "\n-x"])
def test_a_formula_is_text_in_a_spreadsheet(text: str) -> None:
    assert plain_cell(text) == "'" + text
    rows = list(csv.reader(io.StringIO(verdicts_csv([verdict(1, 0.9, text=text)]).decode("utf-8-sig"), newline="")))
    assert rows[1][1] == "'" + text


@pytest.mark.parametrize("text", ["plain", "a=b", "'quoted'", "🙂 -", ""])
def test_what_is_no_formula_stays(text: str) -> None:
    assert plain_cell(text) == text


def test_the_csv_is_read_back_by_our_own_reader() -> None:
    some = [verdict(1, 0.9, "positive", 'a, "b"\nc'), verdict(2, 0.2, "negative", "é🙂"), verdict(3, 0.2, "", "x", left_out=1)]
    table = read_table(verdicts_csv(some), "results.csv")
    assert table.column("text") == [one.text for one in some]
    assert table.column("label") == ["positive", "negative", "negative"]
    assert table.column("p_positive") == ["0.900000", "0.200000", "0.200000"]
    assert table.column("right") == ["yes", "yes", ""] and table.column("cut") == ["", "", "yes"]
    assert len(verdicts_csv([])) < 100


def test_speed_and_what_is_left() -> None:
    assert speed_note(0, 10, Pace(0, 0.0))["text"] == "Classifying: 0 of 10 lines…"
    assert speed_note(200, 1_000, Pace(200, 2.0))["text"] == "Classifying: 200 of 1,000 lines, 100 lines/s, about 8 s left…"
    assert "about 3 min left" in speed_note(100, 10_000, Pace(100, 2.0))["text"]


def test_what_was_read_is_said() -> None:
    table = read_table(b"text;label\na;1\nb\n", "a.csv")
    assert table_sentence(table, "text", "label") == (
        "2 rows, 2 columns (UTF-8, semicolons, first row taken for names). Text: “text”, label “label”. "
        "1 row has more or fewer cells than the others: what is too much was read as part of “text”, what is missing as empty."
    )


FOUR = ("negative", "neutral", "positive", "unreadable")


def of_four(row: int, shares: tuple[float, ...], given: str = "", reason: str = "") -> Verdict:
    made = Sentiment("m", "s", "text", FOUR, tuple(math.log(share) for share in shares), shares, 3, reason=reason)
    return Verdict(row, "text", given, given, made)


def test_neutral_and_no_label_in_a_file_are_told() -> None:
    some = [of_four(1, (0.1, 0.6, 0.2, 0.1), "positive"), of_four(2, (0.1, 0.1, 0.2, 0.6), "", "Not English.")]
    view = verdicts_view(some, 2, 0, Pace(2, 1.0))
    assert dict(view["figures"])["accuracy"] == "0 % of 1 with a label"
    assert dict(view["figures"])["positive against negative"] == "100.0 % of 1"
    assert any("1 text could not be read" in said for said in view["remarks"])
    assert any(said.startswith("Accuracy counts a text as wrong where the model says neutral") for said in view["remarks"])
    scores = line_scores(some[1])
    assert (scores["label"], scores["verdict"], scores["reason"], scores["cut"]) == (None, "unreadable", "Not English.", False)
    table = read_table(verdicts_csv(some), "results.csv")
    assert table.column("label") == ["neutral", ""] and table.column("reason") == ["", "Not English."]
    assert "positive against negative" not in dict(verdicts_view(SOME, 5, 0, Pace(5, 1.0))["figures"])


def test_the_figure_of_four_labels_is_of_positive() -> None:
    figure = verdicts_figure([of_four(1, (0.05, 0.05, 0.85, 0.05))])
    assert figure.data[0].y.tolist() == [0] * 17 + [1] + [0] * 2 or figure.data[0].y.tolist() == [0] * 16 + [1] + [0] * 3
    assert "positive" in figure.layout.xaxis.title.text


def test_answers_from_memory_have_no_speed() -> None:
    """A batch that the cache answered took no work: 24 lines in 0.6 ms would be 37,094 lines/s, and true of nothing."""
    assert "time" not in dict(verdicts_view(SOME, 5, 0, Pace(0, 0.0))["figures"])
    assert dict(verdicts_view(SOME, 5, 0, Pace(4, 2.0))["figures"])["time"] == "2.0 s (for 4 of them, 2 lines/s)"
    assert speed_note(5, 10, Pace(0, 0.0))["text"] == "Classifying: 5 of 10 lines…"


def test_a_guessed_encoding_is_told_with_the_letters_to_look_at() -> None:
    table = read_table("text\nplain\nświetny, Łódź\n".encode("cp1250"), "a.csv")
    said = table_sentence(table, "text", "")
    assert "Windows-1250 (Central Europe)" in said and "a guess: if “świetny, Łódź” looks wrong, choose another" in said
    assert "guess" not in table_sentence(read_table("text\nświetny\n".encode(), "a.csv"), "text", "")
