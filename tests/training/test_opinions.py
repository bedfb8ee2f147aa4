"""The sentiment trainer's rows and loss, the behaviour scores and the bootstrap: against sums made by hand and numpy."""

import math
import random
from types import SimpleNamespace

import pytest
import torch

from playground.training.behaviour import by_kind, moves, paired_bootstrap, same_span
from playground.training.opinions import Rows, typed, with_moods
from playground.training.sentiment import SMOOTHING, behaves, loss_of, two_way

LOGITS = [0.5, 1.5, -0.5, 0.0]


def _loss(label: int, full: bool) -> float:
    batch = {"input_ids": torch.zeros(1, 1, dtype=torch.long), "attention_mask": torch.ones(1, 1, dtype=torch.long),
             "labels": torch.tensor([label]), "full": torch.tensor([full])}  # fmt: skip
    return float(loss_of(lambda **_: SimpleNamespace(logits=torch.tensor([LOGITS])), batch))


def _smoothed(logits: list[float], place: int) -> float:
    """Label smoothing by hand: 1 - s on the label's log-probability, s spread evenly."""
    total = math.log(sum(math.exp(x) for x in logits))
    logs = [x - total for x in logits]
    return -(1 - SMOOTHING) * logs[place] - SMOOTHING * sum(logs) / len(logs)


def test_a_whole_row_is_learned_against_all_labels_and_a_phrase_against_two() -> None:
    assert _loss(1, True) == pytest.approx(_smoothed(LOGITS, 1), abs=1e-5)
    assert _loss(2, False) == pytest.approx(_smoothed([LOGITS[0], LOGITS[2]], 1), abs=1e-5)


def test_two_of_four_shares_are_the_softmax_of_their_logits() -> None:
    four = torch.tensor([LOGITS]).softmax(-1)
    assert two_way(four)[0].tolist() == pytest.approx(torch.tensor([LOGITS[0], LOGITS[2]]).softmax(-1).tolist())
    assert two_way(torch.tensor([[0.25, 0.75]])).tolist() == [[0.25, 0.75]]


def test_what_is_typed_otherwise_says_the_same_words() -> None:
    rng = random.Random(0)
    made = {typed("The film is good.", rng) for _ in range(300)}
    assert len(made) > 8 and all("The film is good" in text for text in made)


def test_an_epoch_holds_our_rows_all_and_a_share_of_the_reviews_with_labels_kept() -> None:
    reviews = [{"text": f"review number {i} with more words than seven in it", "label": i % 2} for i in range(40)]
    ours = [{"text": f"Plain {i}", "label": "neutral", "domain": "everyday"} for i in range(30)]
    ours += [{"text": "Das ist gut", "label": "unreadable", "domain": "other_language"}]
    rows = Rows(reviews, ours).epoch(0, 0.5)
    assert len(rows) == 20 + 31 + 30
    assert {row["label"] for row in rows if "review number" in row["text"]} == {0, 2}
    assert sum(row["label"] == 3 for row in rows) == 1
    assert rows == Rows(reviews, ours).epoch(0, 0.5)
    assert not any("😀" in row["text"] for row in rows)
    signed = with_moods(ours[:10], 10, random.Random(1))
    assert {row["label"] for row in signed} <= {0, 2}


def test_scores_by_kind_and_how_far_a_group_moves() -> None:
    rows = [{"kind": "a", "group": "He is {}"}, {"kind": "a", "group": "He is {}"}, {"kind": "b", "group": None}]
    assert by_kind(rows, [True, False, True])["a"] == {"right": 0.5, "rows": 2}
    assert by_kind(rows, [True, False, True])["all"]["right"] == pytest.approx(2 / 3)
    assert moves(rows, [0.2, 0.35, 0.9]) == {"a: He is {}": pytest.approx(0.15)}


def test_the_behaviour_test_is_scored_as_the_app_answers() -> None:
    """A model that always says neutral is right on neutral rows, and on numbers alone by the rule before it."""
    rows = [
        {"text": "12345", "label": "unreadable", "kind": "u", "group": None},
        {"text": "a", "label": "neutral", "kind": "n", "group": "g"},
        {"text": "b", "label": "any", "kind": "n", "group": "g"},
    ]

    class Neutral:
        config = SimpleNamespace(num_labels=4)

        def __call__(self, input_ids: torch.Tensor, **_: object) -> SimpleNamespace:
            return SimpleNamespace(logits=torch.tensor([[0.0, 9.0, 0.0, 0.0]]).repeat(len(input_ids), 1))

    def tokenizer(texts: list[str], **_: object) -> dict[str, torch.Tensor]:
        return {"input_ids": torch.zeros(len(texts), 1), "attention_mask": torch.ones(len(texts), 1)}

    found = behaves(Neutral(), tokenizer, rows, "cpu")
    assert found["kinds"]["all"] == {"right": 1.0, "rows": 2} and found["moves"] == {"n: g": 0.0}


@pytest.mark.parametrize(
    ("made", "answers", "right"),
    [("the Kim Brown", ["Kim Brown"], True), ("Brown", ["Kim Brown"], False), ("-12.5°C", ["-12.5°C"], True),
     ("12.5°C", ["-12.5°C"], False),
     ("", [], True), ("x", [], False), ("", ["x"], False), ("“Paris”.", ["Paris"], True)],
)  # fmt: skip
def test_a_span_is_right_when_it_is_one_of_those_accepted(made: str, answers: list[str], right: bool) -> None:
    assert same_span(made, answers) is right


def test_the_bootstrap_of_equal_scores_is_nothing_and_of_a_constant_gain_that_gain() -> None:
    scores = [float(i % 3) for i in range(60)]
    assert paired_bootstrap(scores, scores, 50) == {"difference": 0.0, "low": 0.0, "high": 0.0, "rows": 60}
    found = paired_bootstrap(scores, [one + 0.5 for one in scores], 50)
    assert found["low"] == pytest.approx(0.5) == found["high"]


def test_the_bootstraps_bounds_are_those_of_the_normal_law() -> None:
    """400 differences of mean 0.1 and deviation 0.3: 1.96 standard errors either side."""
    rng = random.Random(3)
    gains = [rng.gauss(0.1, 0.3) for _ in range(400)]
    found = paired_bootstrap([0.0] * 400, gains, 4000)
    mean = sum(gains) / 400
    error = math.sqrt(sum((g - mean) ** 2 for g in gains) / 400 / 400)
    assert found["high"] - mean == pytest.approx(1.96 * error, rel=0.1) == mean - found["low"]
