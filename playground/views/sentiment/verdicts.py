"""Many classified texts -> the summary that `web/sentiment/verdicts.js` draws, a figure, the results as CSV, and how fast it goes."""

import csv
import io
from collections.abc import Sequence
from typing import Any, TypedDict

import numpy as np

from playground.tasks.sentiment.sentiment import POSITIVE, Sentiment
from playground.tasks.sentiment.table import SEPARATORS, Table
from playground.tasks.sentiment.tally import Pace, Tally, Verdict, errors, tally
from playground.tasks.text import shown
from playground.views.sentiment.colours import colour_of, hex_of
from playground.views.sentiment.sentiment import sentiment_scores
from playground.views.status import Note
from playground.views.text import counted, in_quotes, percent, plotly_label, visible

FORMULA = ("=", "+", "-", "@", "\t", "\r")
GIVEN_NONE = "#9ca3af"
SHOWN = 160


class LineScores(TypedDict):
    """`cut`: whether the line was longer than what the model reads, so that only its beginning counts. Else as in SentimentScores."""

    label: str | None
    scores: dict[str, float]
    cut: bool
    verdict: str
    reason: str
    unread: float


class LabelCount(TypedDict):
    label: str
    share: float
    number: str
    percent: str
    colour: str


class ConfusionCell(TypedDict):
    """`share` of its row."""

    number: str
    share: float


class ConfusionRow(TypedDict):
    given: str
    cells: list[ConfusionCell]


class Confusion(TypedDict):
    labels: list[str]
    rows: list[ConfusionRow]


class LineError(TypedDict):
    row: str
    text: str
    said: str
    given: str


class LineErrors(TypedDict):
    title: str
    rows: list[LineError]


class VerdictsView(TypedDict):
    """`confusion` is null where the file gives no label that the model has."""

    figures: list[tuple[str, str]]
    counts: list[LabelCount]
    confusion: Confusion | None
    remarks: list[str]
    errors: list[LineErrors]


def line_scores(one: Verdict) -> LineScores:
    found = sentiment_scores(one.made)
    return {"label": found["label"], "scores": found["scores"], "cut": bool(one.cut or one.made.left_out), "verdict": found["verdict"],
            "reason": found["reason"], "unread": found["unread"]}  # fmt: skip


def table_sentence(table: Table, text: str, label: str) -> str:
    """What was read, and how."""
    how = SEPARATORS.get(table.separator, f"“{table.separator}” between cells" if table.separator else "one text a line")
    named = "first row taken for names" if table.header else "no row of names"
    has = "has" if table.uneven == 1 else "have"
    rest = f"what is too much was read as part of {in_quotes(visible(text))}, what is missing as empty"
    uneven = f" {counted(table.uneven, 'row')} {has} more or fewer cells than the others: {rest}." if table.uneven else ""
    given = f", label {in_quotes(visible(label))}" if label else ", no label"
    beyond = next((cell for cell in table.column(text) if not cell.isascii()), "") if table.guessed else ""
    guess = f" The encoding is a guess: if {shown(beyond)} looks wrong, choose another." if table.guessed else ""
    return (
        f"{counted(len(table.rows), 'row')}, {counted(len(table.columns), 'column')} ({table.encoding}, {how}, {named}). "
        f"Text: {in_quotes(visible(text))}{given}.{uneven}{guess}"
    )


def speed_note(done: int, total: int, pace: Pace) -> Note:
    """Lines done, lines a second, and about how long it still takes."""
    rate = pace.lines / pace.seconds if pace.seconds > 0 else 0.0
    left = f", {rate:,.0f} lines/s, about {_time((total - done) / rate)} left" if done and rate else ""
    return {"text": f"Classifying: {done:,} of {total:,} lines{left}…", "done": done, "total": total, "tone": "busy"}


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def verdicts_view(verdicts: Sequence[Verdict], total: int, blank: int, pace: Pace) -> VerdictsView | None:
    """Counts, confusion and errors so far, null without texts; `blank` rows had no text."""
    if not verdicts:
        return None
    labels = verdicts[0].made.labels
    found = tally(verdicts, labels)
    surest, nearest = errors(verdicts)
    return {
        "figures": _figures(found, total, pace),
        "counts": [{"label": k, "share": n / found.total, "number": f"{n:,}", "percent": percent(n / found.total),
                    "colour": colour_of(k, labels)}
                   for k, n in found.counts.items()],
        "confusion": _confusion(found) if found.marked else None,
        "remarks": _remarks(found, blank, labels),
        "errors": [{"title": title, "rows": [_error(one) for one in some]}
                   for title, some in (("Wrong and surest of it", surest), ("Wrong, but nearly right", nearest)) if some],
    }  # fmt: skip


def _figures(found: Tally, total: int, pace: Pace) -> list[tuple[str, str]]:
    figures = [("classified", f"{found.total:,} of {total:,}"), ("mean confidence", percent(found.confidence))]
    if found.marked:
        figures.append(("accuracy", f"{percent(found.right / found.marked)} of {found.marked:,} with a label"))
    if _three_way(found):
        figures.append(("positive against negative", f"{percent(found.sided_right / found.sided)} of {found.sided:,}"))
    if not pace.lines or pace.seconds <= 0:
        return figures
    part = "" if pace.lines == found.total else f"for {pace.lines:,} of them, "
    return [*figures, ("time", f"{pace.seconds:.1f} s ({part}{pace.lines / pace.seconds:,.0f} lines/s)")]


def _three_way(found: Tally) -> bool:
    """Whether the model has more to say than the file's two labels, so that its accuracy alone would mislead."""
    return bool(found.sided) and len(found.confusion) > 2


def _confusion(found: Tally) -> Confusion:
    """One row a given label; shares are of the row."""
    return {
        "labels": list(found.confusion),
        "rows": [
            {"given": given, "cells": [{"number": f"{n:,}", "share": n / (sum(said.values()) or 1)} for n in said.values()]}
            for given, said in found.confusion.items()
        ],
    }


def _remarks(found: Tally, blank: int, labels: Sequence[str]) -> list[str]:
    wrong = " A colour at the wrong end is an error that it is sure of." if found.marked else ""
    said = [f"The figure below: texts at its ends are those the model is sure of.{wrong}"]
    said += [f"{counted(blank, 'row')} had no text and {'was' if blank == 1 else 'were'} passed over."] if blank else []
    if _three_way(found):
        said.append(
            "Accuracy counts a text as wrong where the model says neutral, or cannot read it, and the file does not say so. “Positive "
            "against negative” takes the likelier of these two labels for every text that the file gives one of them."
        )
    if found.unread:
        said.append(f"{counted(found.unread, 'text')} could not be read; the results say why.")
    if found.blind:
        said.append(f"Of {counted(found.blind, 'text')} the model could read half or less: the rest came out as [UNK].")
    if found.cut:
        said.append(f"{counted(found.cut, 'text')} had more than the model reads; only the beginning counted.")
    if found.unknown:
        listed = ", ".join(in_quotes(visible(word[:30])) for word in found.unknown)
        said.append(f"These labels of the file are none of the model’s ({', '.join(labels)}) and were not compared: {listed}.")
    return said


def _error(one: Verdict) -> LineError:
    text = visible(one.text[: SHOWN + 1]).replace("␣", " ")
    return {"row": f"row {one.row:,}", "text": text if len(one.text) <= SHOWN else text[:SHOWN] + "…",
            "said": f"{one.made.verdict} {percent(one.confidence)}", "given": one.given}  # fmt: skip


def verdicts_figure(verdicts: Sequence[Verdict]) -> Any:
    """How sure the model is: the probability of positive (or its last label) in twenty bins, one colour for each given label."""
    import plotly.graph_objects as go

    labels = verdicts[0].made.labels
    of = labels.index(POSITIVE) if POSITIVE in labels else len(labels) - 1
    groups = [("no label given", [one for one in verdicts if not one.given], GIVEN_NONE)]
    for label in reversed(labels):
        groups.append((f"given {plotly_label(label)}", [one for one in verdicts if one.given == label], hex_of(label, labels)))
    figure = go.Figure()
    for name, some, colour in groups:
        if some:
            counts = np.histogram([one.made.probabilities[of] for one in some], bins=20, range=(0, 1))[0]
            name = name if any(one.given for one in verdicts) else "texts"
            figure.add_bar(x=np.arange(20) * 5 + 2.5, y=counts, name=name, marker_color=colour, width=4.6,
                           hovertemplate="%{y} texts at about %{x} %<extra></extra>")  # fmt: skip
    figure.update_layout(
        barmode="stack", height=300, margin={"l": 50, "r": 10, "t": 10, "b": 45}, paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)", font_color="#888", legend={"orientation": "h", "y": 1.12},
        xaxis={"title": f"probability of {plotly_label(labels[of])} (%)", "range": [0, 100], "dtick": 10},
        yaxis={"title": "texts", "gridcolor": "rgba(128,128,128,0.25)"},
    )  # fmt: skip
    return figure


def verdicts_csv(verdicts: Sequence[Verdict]) -> bytes:
    """UTF-8 with a mark, so that spreadsheets read it; cells that a spreadsheet would run as a formula begin with an apostrophe."""
    out = io.StringIO(newline="")
    made = csv.writer(out, lineterminator="\r\n")
    labels = verdicts[0].made.labels if verdicts else ()
    numbers = [f"{kind}_{label}" for kind in ("p", "logit") for label in labels]
    made.writerow(["row", "text", "label", *numbers, "given", "right", "cut", "reason"])
    for one in verdicts:
        right = "" if not one.given else "no" if one.wrong else "yes"
        cut = "yes" if one.cut or one.made.left_out else ""
        said = one.made.label or ""
        made.writerow([one.row, plain_cell(one.text), said, *_rounded(one.made), plain_cell(one.written), right, cut, one.made.reason])
    return out.getvalue().encode("utf-8-sig")


def _rounded(made: Sentiment) -> list[str]:
    return [f"{number:.6f}" for number in (*made.probabilities, *made.logits)]


def plain_cell(text: str) -> str:
    """`text` so that no spreadsheet takes it for a formula (OWASP: CSV injection), spaces before the sign counted."""
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA[:4]) else text


def verdicts_sentence(verdicts: Sequence[Verdict], total: int) -> str:
    """What came out of all of it."""
    found = tally(verdicts, verdicts[0].made.labels)
    counts = ", ".join(f"{number:,} {label}" for label, number in found.counts.items())
    said = f"{found.total:,} of {total:,} texts: {counts}."
    if found.marked:
        said += f" The model agrees with {percent(found.right / found.marked)} of {counted(found.marked, 'label')} in the file."
    return f"{said} Look at what it is wrong and sure about." if found.right < found.marked else said
