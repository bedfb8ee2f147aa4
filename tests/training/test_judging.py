"""Which question-answering rows are trained on and which only measured, and the figures of both kinds: against sums made by hand."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from playground.training import mixture
from playground.training.halfway import halfway
from playground.training.judging import SHORT, behaves, of_both_kinds, of_short, settings_of, threshold_in, threshold_of
from playground.training.spans import Found, Threshold


def row(context: str, question: str, answer: str = "", **more: str) -> dict[str, Any]:
    answers = [{"text": answer, "start": context.index(answer)}] if answer else []
    return {"context": context, "question": question, "answers": answers, **more}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Files like those of the data folder: enough paragraphs for a held-out block, and every article of the second SQuAD."""
    squad = [row(f"Paragraph {i} says that the town has {i} mills.", f"How many mills has town {i}?", f"{i} mills") for i in range(1500)]
    articles = ("Warsaw", *mixture.MEASURED_ARTICLES, *mixture.CHOOSING_ARTICLES)
    rows = {
        "qa_train_squad": squad,
        "qa_train_qamr": [row(f"Sentence {i} is short.", f"What is {i}?", "short") for i in range(900)],
        "qa_train_near_miss": [row(one["context"], f"{one['question'][:-1]} not?") for one in squad],
        "qa_train_templates": [row(f"Our head is Ann {i}.", "Who is the head?", f"Ann {i}") for i in range(3000)],
        "qa_train_more": [row(f"More {i} is known.", "What is known?", f"More {i}") for i in range(200)],
        "qa_train_squad2_dev_part": [row(f"{name} {i}", f"What of {i}?", article=name) for name in articles for i in range(40)],
    }
    for name, some in rows.items():
        with gzip.open(tmp_path / f"{name}.jsonl.gz", "wt") as file:
            file.writelines(json.dumps(one) + "\n" for one in some)
    return tmp_path


def test_nothing_that_is_measured_is_trained_on(data: Path) -> None:
    rows = mixture.Rows(data)
    trained = [one for some in rows.parts.values() for one in some]
    contexts, pairs = {one["context"] for one in trained}, {(one["context"], one["question"]) for one in trained}
    assert len(rows.held_out) >= mixture.HELD_OUT and not contexts & {one["context"] for one in rows.held_out}
    for held in (rows.near, rows.templates, rows.choosing, rows.measured):
        assert held and not pairs & {(one["context"], one["question"]) for one in held}
    assert {one["article"] for one in rows.parts["squad2"]} == {"Warsaw"}
    assert {one["article"] for one in rows.measured} == {"Harvard_University", "1973_oil_crisis"}


def test_the_first_half_of_a_run_reads_nothing_of_the_second_squad(data: Path) -> None:
    rows = mixture.Rows(data)
    first, second = rows.epoch(0, 2), rows.epoch(1, 2)
    assert not [one for one in first if "article" in one]
    assert len([one for one in second if "article" in one]) == 40
    assert first == mixture.Rows(data).epoch(0, 2) and first != rows.epoch(1, 4)
    assert all(a["text"] == one["context"][a["start"] : a["start"] + len(a["text"])] for one in [*first, *second] for a in one["answers"])


def found(text: str, doubt: float, score: float = 0.5, tokens: int = 100) -> Found:
    return Found(text, 0, len(text), 0.0, doubt, score, 1 - score, tokens)


ROWS = [row("It is red now.", "Colour?", "red"), row("It is red now.", "Size?"), row("It is blue now.", "Colour?", "blue"),
        row("A", "Who?")]  # fmt: skip


def test_rows_with_and_without_an_answer_are_counted_apart() -> None:
    made = of_both_kinds([found("red", -1), found("red", 1), found("blue now", 3), found("A", -2)], ROWS, Threshold(0.0))
    assert (made["rows"], made["answerable"], made["refused"]) == (4, 2, 0.5)
    assert (made["f1"], made["exact"], made["answered"]) == (50.0, 50.0, 0.5)
    # two are answered with 0.5, of which "red" is right and "A", where there is no answer, is not
    assert made["calibration_error"] == pytest.approx(0.0)


def test_the_behaviour_test_counts_refusals_as_answers() -> None:
    rows = [{**one, "kind": "k"} for one in ROWS]
    made = behaves([found("Red.", -1), found("red", 1), found("blue now", 3), found("A", -2)], rows, Threshold(0.0))
    assert made["all"] == {"right": 0.5, "rows": 4} == made["k"]
    assert made["answerable"] == {"right": 0.5, "rows": 2} == made["unanswerable"]


def test_the_threshold_parts_what_can_be_answered_from_what_cannot() -> None:
    at = threshold_of({"a": [found("red", -2), found("red", 2), found("blue", -1), found("A", 3)]}, {"a": ROWS})
    assert -1 < at.long < 2 and at.short == at.long, "no row is short: the same for all"


def test_short_contexts_have_a_threshold_of_their_own(tmp_path: Path) -> None:
    long = [found("red", 2), found("x", 6), found("blue", 3), found("A", 7)]
    short = [found("red", -5, tokens=9), found("x", -1, tokens=SHORT), found("blue", -4, tokens=8), found("A", 0, tokens=7)]
    at = threshold_of({"long": long, "short": short}, {"long": ROWS, "short": ROWS})
    assert 3 < at.long < 6 and -4 < at.short < -1 and at.short_tokens == SHORT
    assert [at.refuses(one) for one in [*long, *short]] == [False, True, False, True] * 2
    assert [at.refuses(found("x", 0, tokens=n)) for n in (SHORT, SHORT + 1)] == [True, False]
    (tmp_path / "playground.json").write_text(json.dumps(settings_of(at, 1.0)), "utf-8")
    assert threshold_in(tmp_path) == at


def test_what_each_threshold_does_on_short_contexts_is_counted_on_them_alone() -> None:
    some = [(found("red", 0.5, tokens=5), ROWS[0]), (found("x", 2, tokens=5), ROWS[1]), (found("blue", 9), ROWS[2])]
    made = of_short(some)
    assert (made["answerable"], made["unanswerable"]) == (1, 1)
    assert [point[1:] for point in made["thresholds"] if point[0] in (0.0, 0.5, 2.0)] == [
        [0.0, 0.0, 1.0],
        [100.0, 1.0, 1.0],
        [100.0, 1.0, 0.0],
    ]


def test_halfway_is_the_mean_of_two_adapters(tmp_path: Path) -> None:
    for name, value in (("a", 1.0), ("b", 4.0)):
        (tmp_path / name).mkdir()
        save_file({"w": torch.tensor([value, -value])}, tmp_path / name / "adapter_model.safetensors")
        (tmp_path / name / "adapter_config.json").write_text(name, "utf-8")
    halfway(tmp_path / "a", tmp_path / "b", tmp_path / "c")
    assert load_file(tmp_path / "c" / "adapter_model.safetensors")["w"].tolist() == [2.5, -2.5]
    assert (tmp_path / "c" / "adapter_config.json").read_text("utf-8") == "b"
