"""Minimum risk training: the translator learns from its own best answers (Shen et al. 2016).

Cross-entropy asks for every word of one reference. This asks that among a sentence's answers the likely ones are those that BLEU against
all of its references gains most from; the answers come from a beam search of the model that is to learn (Edunov et al. 2018).
"""

import random
from collections.abc import Callable, Iterator
from typing import Any

import torch
from tqdm import tqdm

from playground.training.augment import Pair
from playground.training.corpus import references_of
from playground.training.frugal import token_logs
from playground.training.marian import MAX_LENGTH, Pieces, padded, shifted

ANSWERS, BEAMS, SHARPNESS, TOKENS = 6, 8, 4.0, 4000

Answers = dict[str, list[tuple[str, float]]]
RiskBatch = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


def gains(made: list[list[str]], references: list[list[str]]) -> list[list[float]]:
    """What each answer to a sentence would give to the logarithm of BLEU of the whole corpus of first answers, times its sentences.

    It is linear in an answer's own counts (Tromble et al. 2008), so a word too few costs what it costs the corpus; sentence BLEU, whose
    counts must be smoothed, made what the model says shorter (dev: 0.981 of the references' length, 0.986 with this).
    Words and lengths are counted as sacreBLEU counts them.
    """
    from sacrebleu.metrics.bleu import BLEU

    metric = BLEU()

    def counted(text: str, right: list[str]) -> Any:
        return metric.corpus_score([text], [[one] for one in right])

    every = [[counted(text, right) for text in texts] for texts, right in zip(made, references, strict=True)]
    first = [some[0] for some in every]
    matched = [max(1, sum(one.counts[n] for one in first)) for n in range(4)]
    total = [max(1, sum(one.totals[n] for one in first)) for n in range(4)]
    length, wanted = sum(one.sys_len for one in first), sum(one.ref_len for one in first)

    def gain(one: Any) -> float:
        words = sum(one.counts[n] / matched[n] - one.totals[n] / total[n] for n in range(4)) / 4
        return len(made) * float(words + (one.sys_len * wanted / length - one.ref_len) / length * (length < wanted))

    return [[gain(one) for one in some] for some in every]


def sentence_bleus(made: list[list[str]], references: list[list[str]]) -> list[list[float]]:
    """Each answer's own BLEU, 0 to 1: counts of two words and more have one added, orders longer than it are left out."""
    from sacrebleu.metrics.bleu import BLEU

    metric = BLEU(effective_order=True, smooth_method="add-k", smooth_value=1)
    return [[metric.sentence_score(text, right).score / 100 for text in some] for some, right in zip(made, references, strict=True)]


SCORES = {"gains": gains, "sentence": sentence_bleus}


@torch.inference_mode()
def answers(model: Any, pieces: Pieces, pairs: list[Pair], sentences: int, draw: int, score: str, device: str) -> Answers:
    """{English: its ANSWERS best distinct answers with their scores}, one of SCORES; at most `sentences` of the pairs, drawn by `draw`.

    Left out are those with fewer answers and those whose answers are all as good as each other: they have nothing to say.
    """
    references = references_of(pairs)
    some = random.Random(draw).sample(sorted(references), min(sentences, len(references)))
    coded = {en: pieces.encode(en) for en in some}
    some.sort(key=lambda en: len(coded[en]))
    groups = [some[begin : begin + 96] for begin in range(0, len(some), 96)]
    found: dict[str, list[str]] = {}
    for group in tqdm(groups, desc="answers", mininterval=10):
        ids = padded([coded[en] for en in group], pieces.pad).to(device)
        made = model.generate(
            ids, attention_mask=ids.ne(pieces.pad), num_beams=BEAMS, num_return_sequences=BEAMS,
            max_length=min(MAX_LENGTH, 2 * ids.shape[1] + 10),
        )  # fmt: skip
        texts = [pieces.decode(row) for row in made.tolist()]
        for i, en in enumerate(group):
            distinct = list(dict.fromkeys(texts[i * BEAMS : (i + 1) * BEAMS]))[:ANSWERS]
            if len(distinct) == ANSWERS:
                found[en] = distinct
    scores = SCORES[score](list(found.values()), [references[en] for en in found])
    return {en: list(zip(found[en], some, strict=True)) for en, some in zip(found, scores, strict=True) if len(set(some)) > 1}


def risk_batches(found: Answers, pieces: Pieces, epoch: int, tokens: int = TOKENS) -> Iterator[RiskBatch]:
    """One epoch of (source ids [sentences, longest], answers' ids [sentences * ANSWERS, longest], scores [sentences, ANSWERS]).

    At most `tokens` ids of answers, padding too, are in a batch.
    """
    rng = random.Random(epoch)
    coded = [(pieces.encode(en, rng.random() < 0.3), [pieces.encode(fr) for fr, _ in some], [score for _, score in some])
             for en, some in found.items()]  # fmt: skip
    coded.sort(key=lambda one: (max(map(len, one[1])), rng.random()))
    groups: list[list[Any]] = [[]]
    for one in coded:
        if max(map(len, one[1])) * ANSWERS * (len(groups[-1]) + 1) > tokens:
            groups.append([])
        groups[-1].append(one)
    rng.shuffle(groups)
    for group in groups:
        yield (padded([source for source, _, _ in group], pieces.pad), padded([row for _, rows, _ in group for row in rows], pieces.pad),
               torch.tensor([scores for _, _, scores in group]))  # fmt: skip


def risk(logs: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
    """Less the expected score of a sentence's answers, its mean over the sentences: both are [sentences, ANSWERS].

    `logs` is an answer's log-probability a token; the answers' chances are their softmax, SHARPNESS times as steep.
    """
    return -(logs.mul(SHARPNESS).softmax(1) * scores).sum(1).mean()


def risk_of(model: Any, batch: RiskBatch, pad: int) -> torch.Tensor:
    """The risk of a batch, for an optimiser's step."""
    source, target, scores = (one.to(model.device) for one in batch)
    seen = source.ne(pad)
    memory = model.model.encoder(input_ids=source, attention_mask=seen)[0]
    hidden = model.model.decoder(
        input_ids=shifted(target, pad), encoder_hidden_states=memory.repeat_interleave(scores.shape[1], 0),
        encoder_attention_mask=seen.repeat_interleave(scores.shape[1], 0), use_cache=False,
    )[0]  # fmt: skip
    real = target.ne(pad)
    row = real.nonzero()[:, 0]
    logs = token_logs(hidden[real], model.lm_head.weight, target[real])
    mean = logs.new_zeros(len(target)).index_add(0, row, logs) / real.sum(1)
    return risk(mean.view_as(scores), scores)


def risks(found: Answers, pieces: Pieces, weight: float, begin: int = 0) -> Iterator[Callable[[Any], torch.Tensor]]:
    """Without end: `weight` times a batch's risk, as a function of the model. `begin` names the first epoch's order."""
    while True:
        for batch in risk_batches(found, pieces, begin):
            yield lambda model, batch=batch: weight * risk_of(model, batch, pieces.pad)  # type: ignore[misc]
        begin += 1
