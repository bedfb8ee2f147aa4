"""Measures a question-answering adapter: threshold and temperature chosen on held-out rows, figures by set and kind, settings, card."""

import argparse
import json
import random
from pathlib import Path
from typing import Any

import numpy as np

from playground.training import confidence, spans
from playground.training.behaviour import by_kind, paired_bootstrap, same_span
from playground.training.cards import write_answering_card
from playground.training.corpus import read_rows
from playground.training.mixture import Rows
from playground.training.questions import Row, f1, hard_negatives, random_negatives

THRESHOLDS = [round(-8 + 0.5 * i, 1) for i in range(33)]
MOST_NEGATIVES, MOST_OWN = 100, 300
ANSWERED_WEIGHT = 0.5  # of answering what can be answered, against refusing what cannot
SEEN = (
    ("What is Python?", "Python is a high-level programming language."),
    ("What is the capital of France?", "The capital of France is Paris."),
    ("Who wrote Hamlet?", "The capital of France is Paris."),
    ("When did she move?", "Ada was born in London in 1815. She moved to Paris in 1840."),
    ("Where was Ada born?", "Ada was born in London in 1815. She moved to Paris in 1840."),
    ("How many legs does a spider have?", "Spiders have eight legs; insects have six."),
)


def held_out_sets(rows: list[Row], near: int | None = None) -> dict[str, list[Row]]:
    """`rows` as they are, with each kind of hard negative, and random negatives: of these, MOST_NEGATIVES of each kind, drawn at random."""
    made = {**hard_negatives(rows, near), "random_paragraph": random_negatives(rows, random.Random(0))}
    return {"answerable": rows, **{kind: random.Random(1).sample(some, min(MOST_NEGATIVES, len(some))) for kind, some in made.items()}}


def threshold_of(found: dict[str, list[spans.Found]], sets: dict[str, list[Row]]) -> float:
    """Chosen on the held-out rows of every set together."""
    some = [(f, row) for name in sets for f, row in zip(found[name], sets[name], strict=True)]
    answerable = [(f.doubt, f1(f.text, [a["text"] for a in row["answers"]])) for f, row in some if row["answers"]]
    return spans.choose_threshold(answerable, [f.doubt for f, row in some if not row["answers"]], ANSWERED_WEIGHT)


def refusals(found: list[spans.Found], threshold: float) -> dict[str, float]:
    return {"says_no_answer": float(np.mean([f.doubt > threshold for f in found])), "rows": len(found)}


def write_settings(folder: Path, threshold: float, temperature: float) -> None:
    """What an app needs beside the weights, as `playground.json`. The threshold is on undivided logits."""
    settings = {
        "no_answer_threshold": threshold,
        "temperature": temperature,
        "max_tokens": spans.MAX_TOKENS,
        "stride": spans.STRIDE,
        "max_answer_tokens": spans.MAX_ANSWER,
        "token_types": False,
    }
    (folder / "playground.json").write_text(json.dumps(settings, indent=1) + "\n", "utf-8")


def half_hard(sets: dict[str, Any]) -> list[Any]:
    """Half of either kind of hard negative."""
    return [one for kind in ("sentence_removed", "other_paragraph") for one in sets[kind][: len(sets[kind]) // 2]]


def measured(
    name: str, sets: dict[str, list[Row]], made: dict[str, list[spans.Read]], threshold: float, temperature: float
) -> dict[str, Any]:
    """The figures of one set, as served, without the threshold, without the temperature, and of its negatives."""
    rows = sets["answerable"]
    plain = [spans.found_of(one) for one in made["answerable"]]
    found = {kind: [spans.found_of(one, temperature) for one in some] for kind, some in made.items()}
    asked, told = [*rows, *half_hard(sets)], [*found["answerable"], *half_hard(found)]
    untold = [*plain, *(spans.found_of(one) for one in half_hard(made))]
    return {
        name: spans.scores(found["answerable"], rows, threshold),
        f"{name}_always_answering": spans.scores(found["answerable"], rows, None),
        f"{name}_untempered": spans.scores(plain, rows, threshold),
        f"{name}_negatives": {kind: refusals(found[kind], threshold) for kind in sets if kind != "answerable"},
        f"{name}_log_loss": {
            "untempered": confidence.log_loss(confidence.forecasts(untold, asked, threshold)),
            "served": confidence.log_loss(confidence.forecasts(told, asked, threshold)),
            "rows": len(asked),
        },
        f"{name}_thresholds": confidence.at_thresholds(found["answerable"], rows, half_hard(found), THRESHOLDS),
    }


def of_both_kinds(found: list[spans.Found], rows: list[Row], threshold: float) -> dict[str, float]:
    """Rows with and without answers: F1 and exact match (per cent) of the answerable, share of the others refused, calibration error."""
    asked = [i for i, row in enumerate(rows) if row["answers"]]
    none = [found[i].doubt > threshold for i, row in enumerate(rows) if not row["answers"]]
    out: dict[str, float] = {"rows": len(rows), "answerable": len(asked), "refused": sum(none) / len(none) if none else float("nan")}
    if asked:
        scores = spans.scores([found[i] for i in asked], [rows[i] for i in asked], threshold)
        out |= {"f1": scores["f1"], "exact": scores["exact"], "answered": scores["answered"]}
    return out | {"calibration_error": spans.scores(found, rows, threshold)["calibration_error"]}


def behaves(found: list[spans.Found], rows: list[Row], threshold: float) -> dict[str, Any]:
    """The behaviour test by kind, and of questions with and without an answer."""
    said = ["" if f.doubt > threshold else f.text for f in found]
    right = [same_span(text, [a["text"] for a in row["answers"]]) for text, row in zip(said, rows, strict=True)]
    sides = by_kind([{"kind": "answerable" if row["answers"] else "unanswerable"} for row in rows], right)
    del sides["all"]
    return by_kind(rows, right) | sides


def evaluate(args: argparse.Namespace, tokenizer: Any, device: str, run: dict[str, Any], rows: Rows) -> None:
    """Loads what is published, chooses threshold and temperature on held-out training rows, measures, prints and writes all of it."""
    model = spans.fresh(args.weights, args.base).to(device)

    def read(sets: dict[str, list[Row]]) -> dict[str, list[spans.Read]]:
        return {name: spans.read(model, tokenizer, some, device) for name, some in sets.items()}

    chosen_on = rows.held_out_sets()
    made = read(chosen_on)
    by_held_out = threshold_of({name: [spans.found_of(one) for one in some] for name, some in made.items()}, chosen_on)
    threshold = round(by_held_out if args.threshold is None else args.threshold, 4)
    temperature = args.temperature or confidence.choose_temperature(chosen_on["squad"], made["squad"], threshold)
    figures: dict[str, Any] = {"threshold": threshold, "temperature": temperature}
    own = {"held_out_squad2": rows.measured, "held_out_near_misses": rows.near[:MOST_OWN], "held_out_templates": rows.templates[:MOST_OWN]}
    for name, some in read(own).items():
        figures[name] = of_both_kinds([spans.found_of(one, temperature) for one in some], own[name], threshold)
    asked = read_rows(args.data, "qa_behaviour_dev")
    figures["behaviour"] = behaves(spans.find(model, tokenizer, asked, device), asked, threshold)
    xquad = read_rows(args.data, "qa_test_xquad_en")
    for name, sets in (("held_out", held_out_sets(rows.held_out)), ("test", held_out_sets(xquad, near=4))):
        figures |= measured(name, sets, read(sets), threshold, temperature)
    if args.against:
        figures["against"] = against(args, tokenizer, device, xquad, spans.find(model, tokenizer, xquad, device), threshold)
    looked = [{"question": q, "context": c, "answers": []} for q, c in SEEN]
    seen = {f"{row['question']} | {row['context']}": f.text if f.doubt <= threshold else "(no answer)"
            for row, f in zip(looked, spans.find(model, tokenizer, looked, device), strict=True)}  # fmt: skip
    print(json.dumps({"figures": figures, "seen": seen}, indent=1, ensure_ascii=False), flush=True)
    write_settings(args.weights, threshold, temperature)
    write_answering_card(args.weights, figures, seen, run)


def against(
    args: argparse.Namespace, tokenizer: Any, device: str, rows: list[Row], now: list[spans.Found], threshold: float
) -> dict[str, float]:
    """The paired bootstrap of F1 (per cent) on `rows`, each model with its own threshold."""
    before = float(json.loads((args.against / "playground.json").read_text("utf-8"))["no_answer_threshold"])
    then = spans.find(spans.fresh(args.against, args.base).to(device), tokenizer, rows, device)
    scores = [
        [100 * f1(f.text if f.doubt <= at else None, [a["text"] for a in row["answers"]]) for f, row in zip(found, rows, strict=True)]
        for found, at in ((then, before), (now, threshold))
    ]
    return paired_bootstrap(scores[0], scores[1])
