"""Teachers' distributions, their translations and a lesson drawn from them, each against a plainer way; on tiny models."""

import copy
import gzip
import itertools
import json
import random
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from playground.training import distilled, teaching
from playground.training.frugal import ROWS, smoothed_cross_entropy
from playground.training.marian import Pieces, Trainer, grown
from playground.training.translation import TAUGHT_FACTS, WEIGHTS, taught, with_said

TEXTS = ["Hello.", "The cat sat on the mat.", "I like the small cat, and you?", "Where is the station?"]
PAIRS = [("Hello.", "Bonjour."), ("The cat sleeps.", "Le chat dort."), ("I am here, my friend.", "Je suis là, mon ami.")] * 8


@pytest.fixture(scope="module")
def pieces() -> Pieces:
    return Pieces(WEIGHTS)


@pytest.fixture(scope="module")
def translator() -> Any:
    return grown(WEIGHTS, 6).eval()


@pytest.fixture
def batch(pieces: Pieces) -> distilled.Batch:
    return next(distilled.fed(distilled.Shards(PAIRS, ["Zoe"], pieces, None, 200), 0, "cpu"))


def _teacher(seed: int) -> Any:
    return teaching.new_teacher(WEIGHTS, 16, 2, 0.0, seed).eval()


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_a_taught_loss_and_its_gradients_are_those_of_torch(share: float) -> None:
    torch.manual_seed(1)
    count = ROWS + 9
    target, told = torch.randint(0, 301, (count,)), torch.randn(count, 301).softmax(1)
    found = []
    hidden, weight = torch.randn(count, 24), torch.randn(301, 24)
    for ours in (True, False):
        h, w = hidden.clone().requires_grad_(), weight.clone().requires_grad_()
        if ours:
            loss = smoothed_cross_entropy(h, w, target, 0.1, told, share)
        else:
            right = torch.nn.functional.cross_entropy(h @ w.T, target, label_smoothing=0.1)
            loss = (1 - share) * right + share * torch.nn.functional.cross_entropy(h @ w.T, told)
        loss.backward()  # type: ignore[no-untyped-call]
        found.append((loss.detach(), h.grad, w.grad))
    for mine, theirs in zip(*found, strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_distributions_are_those_of_the_model_asked_in_the_usual_way(
    translator: Any, pieces: Pieces, batch: distilled.Batch, attention: str
) -> None:
    source, target, kept = batch
    assert kept.tolist() == target.flatten().ne(pieces.pad).nonzero()[:, 0].tolist() and 0 < len(kept) < target.numel()
    translator.set_attn_implementation(attention)
    found = teaching.mean_of([translator], source, target, kept, pieces.pad)
    given = torch.cat([torch.full_like(target[:, :1], pieces.pad), target[:, :-1]], 1)
    with torch.no_grad():
        usual = translator(input_ids=source, attention_mask=source.ne(pieces.pad), decoder_input_ids=given).logits.softmax(-1)
    torch.testing.assert_close(found, usual.flatten(0, 1)[kept], rtol=1e-4, atol=1e-6)


def test_teachers_differ_and_their_mean_is_a_distribution_and_changes_no_gradient(batch: distilled.Batch, pieces: Pieces) -> None:
    models = [_teacher(0), _teacher(1)]
    one, other, both = (teaching.mean_of(some, *batch, pieces.pad) for some in (models[:1], models[1:], models))
    assert not torch.equal(one, other) and not both.requires_grad
    torch.testing.assert_close(both, (one + other) / 2)
    torch.testing.assert_close(both.sum(1), torch.ones(len(both)))


def test_beam_search_finds_what_transformers_finds(translator: Any, pieces: Pieces) -> None:
    found = teaching.translations([translator], pieces, TEXTS, "cpu", beams=4)
    for text, made in zip(TEXTS, found, strict=True):
        ids = torch.tensor([pieces.encode(text)])
        assert made == pieces.decode(translator.generate(ids, num_beams=4, max_length=40)[0].tolist())
    assert teaching.translations([translator, translator], pieces, TEXTS, "cpu", beams=4, together=2) == found
    assert teaching.translations([translator], pieces, TEXTS, "cpu", seconds=-1) == [""] * 4


def test_nats_of_the_published_model_are_low_and_of_a_new_one_are_a_guess(translator: Any, pieces: Pieces) -> None:
    rows = [{"en": en, "fr": [fr]} for en, fr in PAIRS[:3]]
    assert teaching.nats([translator], pieces, rows, "cpu") < 2
    assert 8 < teaching.nats([_teacher(0)], pieces, rows, "cpu") < 10


def test_half_of_the_pairs_take_what_was_said() -> None:
    pairs = [(f"s{i % 500}", "t") for i in range(4000)]
    made = with_said(pairs, {f"s{i}": "said" for i in range(250)}, random.Random(0))
    assert [en for en, _ in made] == [en for en, _ in pairs] and with_said(pairs, {}, random.Random(0)) == pairs
    assert 900 < sum(fr == "said" for _, fr in made) < 1100 and {fr for en, fr in made if int(en[1:]) >= 250} == {"t"}


def test_the_parts_of_an_epoch_are_the_whole_of_it_once(pieces: Pieces) -> None:
    pairs = [(f"Number {i}.", f"Numéro {i}.") for i in range(40)]
    shards = distilled.Shards(pairs, ["Zoe"], pieces, None, 400)
    parts = [shards[number] for number in range(distilled.PARTS)]
    seen = [tuple(row[row != pieces.pad]) for part in parts for _, target, _ in part for row in target]
    assert len(seen) == 40 and len(set(seen)) > 30  # a few are joined, or begin with a greeting
    assert all(np.array_equal(a[1], b[1]) for a, b in zip(shards[1], shards[1], strict=True))


def test_a_lesson_is_its_share_of_the_teachers_and_the_rest_of_the_data(translator: Any, pieces: Pieces, batch: distilled.Batch) -> None:
    student, teachers = _teacher(3), [translator, _teacher(1)]
    plain, whole = (distilled.loss_of(student, batch, pieces.pad, some).item() for some in ([], teachers))
    told, said = (teaching.mean_of(some, *batch, pieces.pad) for some in (teachers, [student]))
    theirs = -(told * said.log()).sum(1).mean().item()
    assert whole == pytest.approx((1 - distilled.TAUGHT) * plain + distilled.TAUGHT * theirs, rel=1e-5) and abs(theirs - plain) > 2e-3


def test_a_lesson_brings_the_student_nearer_to_its_teacher(
    translator: Any, pieces: Pieces, batch: distilled.Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a clock on which a step takes a tenth of a second, however busy the machine is."""
    clock = itertools.count()
    monkeypatch.setattr(distilled, "time", SimpleNamespace(monotonic=lambda: next(clock) / 10))
    monkeypatch.setattr(distilled, "WARMUP", 5)
    student = Trainer(_teacher(3), "cpu")
    lesson = partial(distilled.loss_of, pad=pieces.pad, teachers=[copy.deepcopy(translator).bfloat16()])
    before = lesson(student.model, batch).item()
    told = distilled.until(3, student, iter(lambda: batch, None), lesson, 5e-3, 0.5)
    assert 25 <= student.step <= 30 and lesson(student.model, batch).item() < before - 0.2
    assert student.seconds >= 3 and told == []


def test_what_a_run_left_is_read_back(translator: Any, tmp_path: Path) -> None:
    save_file({name: (value * 2).half().contiguous() for name, value in translator.named_parameters()}, tmp_path / "average.safetensors")
    log = dict.fromkeys(TAUGHT_FACTS, 1) | {"teachers_together": {"bleu": 58.4}, "curve": [], "out": "/root/out"}
    (tmp_path / "log.json").write_text(json.dumps(log), "utf-8")
    made, run = taught(tmp_path, WEIGHTS)
    assert list(made) == ["average"] and run == dict.fromkeys(TAUGHT_FACTS, 1) | {"teachers_dev_bleu": 58.4}
    for mine, theirs in zip(made["average"].parameters(), translator.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs * 2, rtol=1e-3, atol=1e-4)


@pytest.mark.slow
def test_a_run_from_end_to_end_on_a_cpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, translator: Any) -> None:
    rows = [{"en": f"I see {i} cats.", "fr": f"Je vois {i} chats."} for i in range(60)]
    for name, some in {"translation_train_en_fr": rows, "qa_train_squad": [{"context": "We saw Tom there."}]}.items():
        with gzip.open(tmp_path / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.write("\n".join(json.dumps(row) for row in some))
    usual = distilled.split_pairs
    monkeypatch.setattr(distilled, "split_pairs", lambda rows: usual(rows, held_out=4))
    monkeypatch.setattr(distilled, "new_teacher", lambda *_: grown(WEIGHTS, 6))
    told = ["x", "--data", str(tmp_path), "--lexicon", str(tmp_path / "none"), "--teacher-seconds", "0.5", "--seconds", "1",
            "--tokens", "60", "--teachers", "1", "--workers", "0", "--out", str(tmp_path / "out")]  # fmt: skip
    monkeypatch.setattr("sys.argv", told)
    distilled.main()
    log = json.loads((tmp_path / "out" / "log.json").read_text("utf-8"))
    assert log["teachers_used"] == 1 and 50 <= log["translated"] <= 56 and set(log["dev"]) == {"average", "last"}
    assert set(taught(tmp_path / "out", WEIGHTS)[0]) == {"average", "last"}
    assert len(json.loads(gzip.decompress((tmp_path / "out" / "said.json.gz").read_bytes()))) == log["translated"]
