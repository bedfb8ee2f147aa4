"""The parts of the training scripts that need no data and no base model; and that a run cut in two ends as one that was not."""

import argparse
import json
import random
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import TaskType
from transformers import BertConfig, BertForSequenceClassification

from playground.training import cards, minilm, questions, spans
from playground.training.augment import augmented, greetings, joined, names_in, with_opening, with_other_name
from playground.training.marian import Trainer
from playground.training.sentiment import detokenised
from playground.training.translation import split_pairs

CONTEXT = "Ada was born in London. She moved to Paris in 1840. Paris was large. The Thames is a river."
ROW = {"context": CONTEXT, "question": "When did Ada move?", "answers": [{"text": "1840", "start": CONTEXT.index("1840")}]}


def test_names_are_words_with_a_capital_inside_a_sentence() -> None:
    assert names_in(["We saw Tom and Ada.", "We saw Tom."]) == ["Ada", "Tom"]


def test_the_same_name_is_replaced_on_both_sides() -> None:
    pair = with_other_name(("Tom likes Tom.", "Tom aime Tom."), ["Zoe"], random.Random(0))
    assert pair == ("Zoe likes Zoe.", "Zoe aime Zoe.")
    assert with_other_name(("I sleep.", "Je dors."), ["Zoe"], random.Random(0)) == ("I sleep.", "Je dors.")


def test_an_opening_is_put_before_both_sides() -> None:
    english, french = with_opening(("How are you?", "Comment vas-tu ?"), random.Random(1))
    assert english.endswith(", how are you?") and french.endswith(", comment vas-tu ?")
    assert with_opening(("Tom sleeps.", "Tom dort."), random.Random(0)) == ("Tom sleeps.", "Tom dort.")


def test_an_augmented_epoch_is_as_long_and_the_same_for_the_same_seed() -> None:
    pairs = [(f"Tom has {i} cats.", f"Tom a {i} chats.") for i in range(200)]
    first, second = (augmented(pairs, ["Zoe"], random.Random(3)) for _ in range(2))
    assert first == second and len(first) == len(pairs) and first != pairs
    assert joined(("A.", "B."), ("C.", "D.")) == ("A. C.", "B. D.")


def test_dev_sentences_are_in_no_training_pair() -> None:
    rows = [{"en": f"s{i % 40}", "fr": f"t{i}"} for i in range(80)]
    pairs, dev = split_pairs(rows, held_out=10)
    assert len(dev) == 10 and all(len(row["fr"]) == 2 for row in dev)
    assert not {row["en"] for row in dev} & {en for en, _ in pairs} and len(pairs) == 60


def test_greetings_are_short_questions() -> None:
    pairs = [("How are you?", "Ça va ?"), ("How are you going to get home tonight?", "Comment ?"), ("How are things?", "Ça va ?")]
    assert greetings(pairs) == pairs[:1]


@pytest.mark.parametrize(
    ("tokenised", "plain"),
    [("it 's not bad , really .", "it's not bad, really."), ("do n't -lrb- go -rrb- !", "don't (go)!"), ("plain words", "plain words")],
)
def test_sst_text_as_people_write_it(tokenised: str, plain: str) -> None:
    assert detokenised(tokenised) == plain


def test_every_row_is_in_one_batch_and_no_batch_is_too_large() -> None:
    lengths = [random.Random(i).randint(1, 90) for i in range(500)] + [300]
    groups = minilm.buckets(lengths, 256, random.Random(0))
    assert sorted(i for group in groups for i in group) == list(range(501))
    assert all(max(lengths[i] for i in group) * len(group) <= 256 for group in groups if len(group) > 1)


def test_the_rate_goes_up_and_then_down_to_nothing() -> None:
    shares = [minilm.share_of_rate(i / 100) for i in range(101)]
    top = shares.index(max(shares))
    assert 0 < shares[0] < 0.1 and 0.9 < max(shares) <= 1 and shares[-1] == 0
    assert shares[: top + 1] == sorted(shares[: top + 1]) and shares[top:] == sorted(shares[top:], reverse=True)


def test_the_translation_rate_falls_only_in_the_decay() -> None:
    trainer = Trainer.__new__(Trainer)
    rates = []
    for trainer.step in (0, 399, 1000, 8000, 9000, 9999):
        rates.append(trainer.rate(10000, 2000))
    assert rates[0] < rates[1] == rates[2] == rates[3] and rates[4] == rates[3] / 2 and 0 < rates[5] < rates[4]


def test_calibration_error_of_known_cases() -> None:
    assert minilm.calibration_error([1.0, 1.0], [True, False]) == pytest.approx(0.5)
    assert minilm.calibration_error([0.75] * 4, [True, True, True, False]) == pytest.approx(0)


def test_removing_the_answers_sentence_leaves_no_answer() -> None:
    made = questions.without_answer(ROW)
    assert made is not None and made["answers"] == [] and "1840" not in made["context"] and "Thames" in made["context"]
    assert questions.without_answer({**ROW, "context": "Only 1840.", "answers": [{"text": "1840", "start": 5}]}) is None


def test_hard_negatives_hold_no_answer() -> None:
    towns = [(i, f"Town{i // 4:03}") for i in range(1, 60)]
    rows: list[questions.Row] = [{"context": f"{town} has {i * 7} people. It is old.", "question": f"How many people has {town}?",
             "answers": [{"text": str(i * 7), "start": len(town) + 5}]} for i, town in towns]  # fmt: skip
    made = questions.hard_negatives(rows)
    made["random"] = questions.random_negatives(rows, random.Random(0))
    assert made["sentence_removed"] and made["other_paragraph"] and made["random"]
    assert not any(row["answers"] for some in made.values() for row in some)
    paragraphs = questions.Paragraphs([row["context"] for row in rows])
    for row in rows:
        negatives = [questions.without_answer(row), paragraphs.lookalike(row)]
        assert not any(questions.holds_answer(negative["context"], row) for negative in negatives if negative)


def test_the_lookalike_is_the_paragraph_with_the_rare_words() -> None:
    contexts = ["Ada saw bears. They slept.", "The bears of Kodiak eat salmon.", *(f"Filler number {i}." for i in range(30))]
    row = {"context": contexts[0], "question": "Which bears eat salmon?", "answers": [{"text": "slept", "start": 20}]}
    made = questions.Paragraphs(contexts).lookalike(row)
    assert made is not None and made["context"] == contexts[1]


def test_held_out_paragraphs_are_in_no_kept_row() -> None:
    rows = [{"context": f"c{i // 5}", "question": "q", "answers": []} for i in range(500)]
    kept, held = questions.split_by_paragraph(rows, 60)
    assert len(kept) + len(held) == 500 and 60 <= len(held) <= 110
    assert not {row["context"] for row in kept} & {row["context"] for row in held}


def test_an_answer_moves_with_its_sentence() -> None:
    for seed in range(5):
        row = questions.among_others(ROW, ["One.", "Two."], random.Random(seed))
        assert row["context"][row["answers"][0]["start"] :].startswith("1840") and "Two." in row["context"]


@pytest.mark.parametrize(
    ("made", "answers", "f1", "exact"),
    [
        ("The Cat!", ["cat"], 1, 1),
        ("a big cat", ["cat"], 2 / 3, 0),
        ("dog", ["cat", "dog"], 1, 1),
        (None, ["cat"], 0, 0),
        (None, [], 1, 1),
        ("cat", [], 0, 0),
    ],
)
def test_squad_scores(made: str | None, answers: list[str], f1: float, exact: float) -> None:
    assert questions.f1(made, answers) == pytest.approx(f1) and questions.exact(made, answers) == exact


def test_the_threshold_is_the_best_of_all() -> None:
    rng = random.Random(0)
    answerable = [(rng.gauss(-2, 2), rng.random()) for _ in range(60)]
    negatives = [rng.gauss(1, 2) for _ in range(40)]

    def value(at: float) -> float:
        return sum(f for d, f in answerable if d <= at) / 60 + sum(d > at for d in negatives) / 40

    best = spans.choose_threshold(answerable, negatives, weight=0.5)
    assert value(best) == pytest.approx(max(value(at) for at in [d for d, _ in answerable] + [*negatives, -99.0]))


def _figures() -> dict[str, Any]:
    scores = {"rows": 3, "f1": 61.5, "exact": 50.0, "answered": 0.9, "calibration_error": 0.1}
    kinds = {"sentence_removed": {"rows": 2, "says_no_answer": 0.5}}
    both = {"rows": 5, "answerable": 3, "refused": 0.5, "f1": 61.5, "exact": 50.0, "answered": 0.9, "calibration_error": 0.1}
    losses = {"rows": 3, "untempered": 2.5, "served": 2.25}
    ways = ("", "_always_answering", "_untempered")
    chosen = {"long": 1.5, "short": -2.5, "short_tokens": 60}
    return {"threshold": chosen, "chosen_on_held_out": chosen, "temperature": 1.3,
            **{f"{key}{more}": scores for key in ("test", "held_out") for more in ways},
            **{f"{key}_log_loss": losses for key in ("test", "held_out")},
            **{f"{key}_negatives": kinds for key in ("test", "held_out")}, **dict.fromkeys(cards.KINDS, both),
            "behaviour": {"all": {"right": 0.5, "rows": 2}},
            "against": {"difference": 0.25, "low": -1.0, "high": 1.5, "rows": 3}}  # fmt: skip


def test_cards_state_their_figures(tmp_path: Path) -> None:
    accuracy = {"accuracy": 0.875, "calibration_error": 0.05, "confidence": 0.9, "rows": 8}
    bleu = {"all": 55.5, "first": 50.1, "all_plain": 55.6}
    run = {"steps": 7, "minutes": 1.5}
    kinds = {"all": {"right": 0.75, "rows": 4}}
    sentiment = dict.fromkeys(("test", "dev", "test_detokenised", "three_way"), accuracy) | {
        "domains": kinds, "behaviour": {"kinds": kinds, "moves": {"name: {} is here": 0.0625}}
    }  # fmt: skip
    written = {
        "s": (cards.write_sentiment_card, sentiment, "| name: {} is here | 0.062 |"),
        "a": (cards.write_answering_card, _figures(), "61.50"),
        "t": (cards.write_translation_card, {"test": bleu, "dev": {**bleu, "long": 40.25, "long_sentences": 20}}, "40.25"),
    }
    for name, (write, figures, shown) in written.items():
        (tmp_path / name).mkdir()
        write(tmp_path / name, figures, {"a | b": "c"}, run)
        text = (tmp_path / name / "README.md").read_text("utf-8")
        assert shown in text and "a \\| b" in text and "steps 7" in text and not re.search(r"\$[a-z]", text)
        assert json.loads((tmp_path / name / "figures.json").read_text("utf-8"))["figures"] == figures


def _tuner() -> minilm.Tuner:
    torch.manual_seed(0)
    config = BertConfig(vocab_size=40, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32)
    model = minilm.adapted(BertForSequenceClassification(config), 2, TaskType.SEQ_CLS, ["pooler", "classifier"])
    return minilm.Tuner(model, "cpu", 1e-2)


def _loss(model: Any, batch: minilm.Batch) -> torch.Tensor:
    loss: torch.Tensor = model(**batch).loss
    return loss


def _data(epoch: int) -> list[minilm.Batch]:
    made = torch.Generator().manual_seed(epoch)
    ids = torch.randint(1, 40, (4, 2, 6), generator=made)
    return [{"input_ids": row, "attention_mask": torch.ones_like(row), "labels": row[:, 0] % 2} for row in ids]


def _weights(tuner: minilm.Tuner) -> torch.Tensor:
    return torch.cat([p.detach().flatten() for p in tuner.high])


def test_a_run_cut_in_two_ends_as_one_that_was_not(tmp_path: Path) -> None:
    ended: list[int] = []
    whole = _tuner()
    before = _weights(whole)
    minilm.fit(whole, 2, _data, _loss, tmp_path / "whole.pt", ended.append)
    first, second = _tuner(), _tuner()
    minilm.fit(first, 2, _data, _loss, tmp_path / "cut.pt", ended.append, stop_after=6, save_every=2)
    second.resume(tmp_path / "cut.pt")
    assert (second.epoch, second.seen, second.step) == (1, 2, 6)
    minilm.fit(second, 2, _data, _loss, tmp_path / "cut.pt", ended.append)
    assert torch.equal(_weights(whole), _weights(second)) and not torch.equal(_weights(whole), before)
    assert all(torch.equal(a, b) for a, b in zip(whole.mean, second.mean, strict=True))
    assert ended == [1, 2, 1, 2]


def test_averaged_weights_are_the_mean_of_the_steps_and_only_meanwhile(tmp_path: Path) -> None:
    tuner = _tuner()
    expected = _weights(tuner)
    for number, batch in enumerate(_data(0)):
        tuner.update(batch, _loss, 1.0)
        expected = torch.lerp(expected, _weights(tuner), 1 - min(minilm.AVERAGE, (number + 1) / (number + 10)))
    last = _weights(tuner)
    with tuner.averaged():
        assert torch.allclose(_weights(tuner), expected, atol=1e-6) and not torch.equal(expected, last)
        assert torch.equal(tuner.low[0], tuner.high[0].bfloat16())
    assert torch.equal(_weights(tuner), last)


def test_what_is_published_is_float16_and_names_its_base(tmp_path: Path) -> None:
    from safetensors import safe_open

    tuner = _tuner()
    minilm.publish(tuner.master, tmp_path)
    with safe_open(tmp_path / "adapter_model.safetensors", "pt") as held:
        kept = {held.get_tensor(name).dtype for name in held.keys()}  # noqa: SIM118
    assert kept == {torch.float16}
    assert json.loads((tmp_path / "adapter_config.json").read_text("utf-8"))["base_model_name_or_path"] == minilm.BASE_NAME
    facts = minilm.run_facts(tuner, argparse.Namespace(epochs=1, rank=2, rate=1e-2, threads=1))
    assert facts["steps"] == 0 and facts["rank"] == 2 and minilm.last_run(tmp_path) == {}
