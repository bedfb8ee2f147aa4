"""Minimum risk training: the loss is what a sum by hand gives, the model's own answers are scored as BLEU of a corpus scores them."""

import math
import random
from pathlib import Path
from typing import Any

import pytest
import torch
from sacrebleu.metrics.bleu import BLEU

from playground.training import risk as module
from playground.training.corpus import read_packed, references_of, write_packed
from playground.training.frugal import ROWS, token_logs
from playground.training.marian import Pieces, Trainer, grown
from playground.training.risk import ANSWERS, SCORES, Answers, answers, gains, risk, risk_batches, risk_of, risks, sentence_bleus
from playground.training.translation import WEIGHTS, bleu

FOUND: Answers = {
    "The cat sleeps.": [(f"Le chat {verb}.", score) for verb, score in
                        zip(("dort", "dors", "dormait", "rêve", "mange", "boit"), (1.0, 0.6, 0.5, 0.4, 0.3, 0.2), strict=True)],
    "It is raining again, as it was on the day before yesterday.": [(text, score) for text, score in
                       zip(("Il pleut.", "Il neige.", "Ça pleut.", "Il a plu.", "La pluie.", "Il fait beau aujourd'hui."),
                           (1.0, 0.5, 0.6, 0.3, 0.1, 0.2), strict=True)],
}  # fmt: skip


@pytest.fixture(scope="module")
def pieces() -> Pieces:
    return Pieces(WEIGHTS)


@pytest.fixture(scope="module")
def model() -> Any:
    made = grown(WEIGHTS, 6, 0).eval()
    made.set_attn_implementation("eager")
    return made


@pytest.mark.parametrize("count", [1, ROWS, 2 * ROWS + 7])
def test_token_logs_and_their_gradients_are_those_of_torch(count: int) -> None:
    torch.manual_seed(count)
    hidden, weight, above = torch.randn(count, 24), torch.randn(301, 24), torch.randn(count)
    target = torch.randint(0, 301, (count,))
    found = []
    for ours in (True, False):
        h, w = hidden.clone().requires_grad_(), weight.clone().requires_grad_()
        logs = token_logs(h, w, target) if ours else (h @ w.T).log_softmax(1).gather(1, target[:, None])[:, 0]
        (logs * above).sum().backward()  # type: ignore[no-untyped-call]
        found.append((logs.detach(), h.grad, w.grad))
    for mine, theirs in zip(*found, strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-4, atol=1e-4)


def test_risk_is_less_the_expected_score() -> None:
    even = torch.zeros(1, 4)
    assert risk(even, torch.tensor([[1.0, 0.5, 0.5, 0.0]])).item() == pytest.approx(-0.5)
    sure = torch.tensor([[0.0, -100.0], [-100.0, 0.0]])
    assert risk(sure, torch.tensor([[0.9, 0.1], [0.9, 0.1]])).item() == pytest.approx(-0.5)
    steep = torch.tensor([[-0.5, -1.0]])
    first = torch.tensor(0.5 * module.SHARPNESS).sigmoid().item()
    assert risk(steep, torch.tensor([[1.0, 0.25]])).item() == pytest.approx(-first - 0.25 * (1 - first))


def test_a_batchs_risk_is_that_of_its_sentences_one_answer_at_a_time(pieces: Pieces, model: Any) -> None:
    """Padding, the encoder read once for all answers and the order of the rows change nothing."""
    (batch,) = risk_batches(FOUND, pieces, 0)
    assert batch[0].eq(pieces.pad).any() and batch[1].eq(pieces.pad).any()
    with torch.no_grad():
        found = risk_of(model, batch, pieces.pad).item()
        assert next(risks(FOUND, pieces, 5.0))(model).item() == pytest.approx(5 * found)
        logs = []
        for source, scores, rows in zip(batch[0], batch[2], batch[1].split(ANSWERS), strict=True):
            assert len(scores) == len(rows) == ANSWERS
            for row in rows:
                ids, labels = source[source.ne(pieces.pad)][None], row[row.ne(pieces.pad)][None]
                logs.append(-model(input_ids=ids, labels=labels).loss)
    assert found == pytest.approx(risk(torch.stack(logs).view(2, ANSWERS), batch[2]).item(), abs=1e-4)


def test_every_answer_is_in_an_epoch_once_with_its_score(pieces: Pieces) -> None:
    many = {f"{en} {i}": [(f"{fr} {i}", score) for fr, score in some] for i in range(20) for en, some in FOUND.items()}
    seen: list[tuple[str, float]] = []
    sizes = []
    for _, target, scores in risk_batches(many, pieces, 3, tokens=400):
        sizes.append(target.numel())
        seen += zip(map(pieces.decode, target.tolist()), [round(score, 4) for score in scores.flatten().tolist()], strict=True)
    assert sorted(seen) == sorted(one for some in many.values() for one in some)
    assert max(sizes) <= 400 and len(sizes) > 1


@pytest.mark.parametrize("score", SCORES)
def test_answers_are_the_models_own_distinct_and_scored(score: str, pieces: Pieces, model: Any, tmp_path: Path) -> None:
    pairs = [
        ("The cat sleeps.", "Le chat dort."),
        ("Where is the station?", "Où est la gare ?"),
        ("Where is the station?", "Où se trouve la gare ?"),
        ("I have never seen such a thing.", "Je n'ai jamais vu une chose pareille."),
    ]
    found = answers(model, pieces, pairs, 3, 0, score, "cpu")
    assert found and set(found) <= {en for en, _ in pairs}
    for en, some in found.items():
        assert len({fr for fr, _ in some}) == ANSWERS
        assert max(some, key=lambda one: one[1])[0] in [fr for one, fr in pairs if one == en]
    scores = SCORES[score]([[fr for fr, _ in some] for some in found.values()], [references_of(pairs)[en] for en in found])
    assert [[one for _, one in some] for some in found.values()] == scores
    write_packed(found, tmp_path / "answers.json.gz")
    again = read_packed(tmp_path / "answers.json.gz")
    for one, other in zip(*(next(risk_batches(some, pieces, 0)) for some in (found, again)), strict=True):
        assert torch.equal(one, other)


def test_a_gain_is_the_slope_of_bleus_logarithm() -> None:
    """Any one answer in place of a sentence's first: BLEU of the whole corpus, as sacreBLEU has it, changes by what the gains say."""
    rng = random.Random(0)
    references = [[" ".join(rng.choices("abcdefghijkl", k=rng.randint(5, 12))) for _ in range(2)] for _ in range(300)]
    made = [[one.rsplit(" ", 1)[0], one, "m " + one[2:], one.rsplit(" ", 2)[0]] for one, _ in references]
    found = gains(made, references)

    def log_bleu(some: list[str]) -> float:
        return math.log(bleu(some, references))

    first = [texts[0] for texts in made]
    assert sum(one[0] for one in found) == pytest.approx(0, abs=1e-6)
    assert BLEU().corpus_score(first, [list(some) for some in zip(*references, strict=True)]).bp < 1
    for which in (1, 2, 3):
        changed = first.copy()
        changed[:8] = [texts[which] for texts in made[:8]]
        said = sum(one[which] - one[0] for one in found[:8]) / len(made)
        assert abs(said) > 1e-3 and log_bleu(changed) - log_bleu(first) == pytest.approx(said, rel=0.1, abs=1e-3)


def test_sentence_bleu_knows_better_from_worse() -> None:
    references = ["Le chat dort sur le tapis.", "Le chat est en train de dormir sur le tapis."]
    made = [*references, "Le chat dort sur un tapis.", "Un chien mange sur un lit.", "Bonjour"]
    (scores,) = sentence_bleus([made], [references])
    assert scores[0] == scores[1] == pytest.approx(1)
    assert 1 > scores[2] > scores[3] > scores[4] >= 0


def test_steps_make_the_good_answers_likelier(pieces: Pieces) -> None:
    """From the published weights, with answers scored the wrong way round so that there is much to learn."""
    wrong = {en: [(fr, 1 - score) for fr, score in some] for en, some in FOUND.items()}
    trainer = Trainer(grown(WEIGHTS, 6, 0, 0.1), "cpu")
    (batch,) = risk_batches(wrong, pieces, 0)
    feed = risks(wrong, pieces, 5.0)
    source, target = (torch.tensor([pieces.encode(text)]) for text in ("Good morning.", "Bonjour."))
    with torch.no_grad():
        before = risk_of(trainer.master.eval(), batch, pieces.pad).item()
    for _ in range(12):
        trainer.update(source, target, pieces.pad, 1e-3, next(feed))
    with torch.no_grad():
        after = risk_of(trainer.master.eval(), batch, pieces.pad).item()
    assert after < before - 0.1
