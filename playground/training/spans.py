"""From questions and contexts to windows of tokens with a start and an end, and from logits back to spans of characters."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn.functional import cross_entropy
from tqdm import tqdm
from transformers import AutoModelForQuestionAnswering

from playground.tasks.answering.spans import SpanScores, probability
from playground.tasks.answering.word_edges import word_edges
from playground.training import minilm
from playground.training.minilm import Batch
from playground.training.questions import Row, exact, f1

MAX_TOKENS, STRIDE, MAX_ANSWER = 384, 128, 30
Feature = dict[str, list[int]]


@dataclass(frozen=True)
class Found:
    """The best span of a context of `tokens`, its logit, the null logit (least of all windows) and the probabilities of both."""

    text: str
    start: int
    end: int
    best: float
    null: float
    score: float
    none: float
    tokens: int = 0

    @property
    def doubt(self) -> float:
        return self.null - self.best


@dataclass(frozen=True)
class Threshold:
    """Of doubt: above it there is no answer. `short` holds for contexts of at most `short_tokens`, `long` for longer ones."""

    long: float
    short: float = 0.0
    short_tokens: int = -1

    def refuses(self, found: Found) -> bool:
        return found.doubt > (self.short if found.tokens <= self.short_tokens else self.long)


@dataclass(frozen=True)
class Read:
    """A row as it was read: its tokens' (start, end) characters, all spans' scores and the null logit (least of all windows)."""

    context: str
    places: list[tuple[int, int]]
    scores: SpanScores
    null: float


def windows(tokenizer: Any, rows: Sequence[Row]) -> Any:
    """`[CLS] question [SEP] context [SEP]` for all rows, long contexts in overlapping windows, with offsets.

    No token types: PeftModelForQuestionAnswering drops them, so training saw type 0 everywhere and so must whoever serves it.
    """
    return tokenizer(
        [r["question"] for r in rows], [r["context"] for r in rows], truncation="only_second", max_length=MAX_TOKENS, stride=STRIDE,
        return_overflowing_tokens=True, return_offsets_mapping=True, return_token_type_ids=False,
    )  # fmt: skip


def features(tokenizer: Any, rows: Sequence[Row], rng: random.Random) -> list[Feature]:
    """One training feature a row: a window with one of its answers; ends at 0, [CLS], where it has none."""
    coded = windows(tokenizer, rows)
    of_row: dict[int, list[int]] = {}
    for i, row_number in enumerate(coded["overflow_to_sample_mapping"]):
        of_row.setdefault(row_number, []).append(i)
    out = []
    for number, row in enumerate(rows):
        answer = rng.choice(row["answers"]) if row["answers"] else None
        for i in rng.sample(of_row[number], len(of_row[number])):
            place = _token_span(coded, i, answer) if answer else (0, 0)
            if place is not None:
                out.append({"input_ids": coded["input_ids"][i], "place": list(place)})
                break
    return out


def _token_span(coded: Any, i: int, answer: dict[str, Any]) -> tuple[int, int] | None:
    """The first and last token of `answer` in window `i`; None where the window does not hold it whole."""
    begin, stop = answer["start"], answer["start"] + len(answer["text"])
    inside = [t for t, s in enumerate(coded.sequence_ids(i)) if s == 1]
    offsets = coded["offset_mapping"][i]
    if not inside or offsets[inside[0]][0] > begin or offsets[inside[-1]][1] < stop:
        return None
    held = [t for t in inside if offsets[t][0] < stop and offsets[t][1] > begin]
    return (held[0], held[-1]) if held else None


def batches(rows: Sequence[Feature], tokens: int, rng: random.Random) -> list[Batch]:
    out = []
    for group in minilm.buckets([len(row["input_ids"]) for row in rows], tokens, rng):
        out.append(minilm.collate([rows[i] for i in group]))
    return out


def loss_of(model: Any, batch: Batch) -> torch.Tensor:
    made = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"])
    hidden = batch["attention_mask"].eq(0)
    start, end = (logits.float().masked_fill(hidden, -1e4) for logits in (made.start_logits, made.end_logits))
    return (cross_entropy(start, batch["place"][:, 0]) + cross_entropy(end, batch["place"][:, 1])) / 2


def fresh(folder: Path, base: Path) -> Any:
    """The model as an app loads it: base from `base`, adapter from `folder` merged in, float32."""
    from peft import PeftModel

    model = AutoModelForQuestionAnswering.from_pretrained(base)
    return PeftModel.from_pretrained(model, str(folder)).merge_and_unload().float().eval()


def read(model: Any, tokenizer: Any, rows: Sequence[Row], device: str) -> list[Read]:
    """The logits of all windows of each row, in order."""
    coded = windows(tokenizer, rows)
    order = sorted(range(len(coded["input_ids"])), key=lambda i: len(coded["input_ids"][i]))
    logits: dict[int, Any] = {}
    for begin in tqdm(range(0, len(order), 16), desc="measure", leave=False, mininterval=10):
        some = order[begin : begin + 16]
        batch = minilm.collate([{"input_ids": coded["input_ids"][i]} for i in some])
        with torch.inference_mode():
            made = model(**{key: value.to(device) for key, value in batch.items()})
        pair = torch.stack([made.start_logits, made.end_logits], 1).float().cpu().numpy()
        for i, both in zip(some, pair, strict=True):
            logits[i] = both[:, : len(coded["input_ids"][i])]
    of_row: list[list[int]] = [[] for _ in rows]
    for i, number in enumerate(coded["overflow_to_sample_mapping"]):
        of_row[number].append(i)
    return [_stitched(coded, held, logits, row["context"]) for held, row in zip(of_row, rows, strict=True)]


def _stitched(coded: Any, held: list[int], logits: dict[int, Any], context: str) -> Read:
    """One row's windows put together: each begins with the last STRIDE tokens of the one before."""
    inside = [[t for t, s in enumerate(coded.sequence_ids(i)) if s == 1] for i in held]
    firsts = [sum(len(some) - STRIDE for some in inside[:n]) for n in range(len(held))]
    places: list[tuple[int, int]] = []
    for i, some, first in zip(held, inside, firsts, strict=True):
        places[first:] = [coded["offset_mapping"][i][t] for t in some]
    edges = word_edges(context, *zip(*places, strict=True)) if places else None
    scores, null = SpanScores(len(places), MAX_ANSWER, edges), np.inf
    for i, some, first in zip(held, inside, firsts, strict=True):
        start, end = logits[i]
        null = min(null, float(start[0] + end[0]))
        scores.add(first, start[some], end[some])
    return Read(context, places, scores, null)


def found_of(made: Read, temperature: float = 1.0) -> Found:
    """The best span, whatever the null score, and the probabilities of it and of "no answer"."""
    mass, best = made.scores.log_sum(temperature), made.scores.best(1)
    if not best:
        return Found("", 0, 0, -1e4, made.null, 0.0, 1.0, len(made.places))
    begin, stop = made.places[best[0].first][0], made.places[best[0].last][1]
    score, none = (probability(value, mass, made.null, temperature) for value in (best[0].score, made.null))
    return Found(made.context[begin:stop], begin, stop, best[0].score, made.null, score, none, len(made.places))


def find(model: Any, tokenizer: Any, rows: Sequence[Row], device: str, temperature: float = 1.0) -> list[Found]:
    """The best span of each row, whatever the null score, in order."""
    return [found_of(made, temperature) for made in read(model, tokenizer, rows, device)]


def choose_threshold(answerable: Sequence[tuple[float, float]], negative: Sequence[float], weight: float = 0.6) -> float:
    """The threshold on doubt (null - best; above it: no answer) with the best weighted mean of F1 and share of negatives refused.

    answerable: (doubt, F1 if answered); negative: doubts. `weight`: of the answerable, since people mostly ask what a text answers.
    Between two doubts, their middle.
    """
    events = sorted([(d, weight * f / len(answerable)) for d, f in answerable] + [(d, -(1 - weight) / len(negative)) for d in negative])
    total, best, at = 0.0, 0.0, events[0][0] - 1.0
    for i, (doubt, gain) in enumerate(events):
        total += gain
        later = events[i + 1][0] if i + 1 < len(events) else doubt + 2.0
        if total > best and later > doubt:
            best, at = total, (doubt + later) / 2
    return at


def scores(found: Sequence[Found], rows: Sequence[Row], threshold: Threshold | None) -> dict[str, float]:
    """F1, exact match (per cent), share answered and calibration error of the score, as served or with no threshold."""
    made = [None if threshold and threshold.refuses(f) else f.text for f in found]
    wanted = [[a["text"] for a in row["answers"]] for row in rows]
    f1s = [f1(m, w) for m, w in zip(made, wanted, strict=True)]
    ems = [exact(m, w) for m, w in zip(made, wanted, strict=True)]
    served = [(f.score, bool(e)) for f, e, m in zip(found, ems, made, strict=True) if m is not None]
    return {"f1": 100 * float(np.mean(f1s)), "exact": 100 * float(np.mean(ems)), "answered": len(served) / len(rows), "rows": len(rows),
            "calibration_error": minilm.calibration_error([s for s, _ in served], [r for _, r in served])}  # fmt: skip
