"""Measures a question-answering adapter: threshold and temperature chosen on held-out rows, figures by set and kind, settings, card."""

import argparse
import json
import random
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from playground.training import confidence, spans
from playground.training.behaviour import by_kind, paired_bootstrap, same_span
from playground.training.cards import write_answering_card
from playground.training.corpus import read_rows
from playground.training.mixture import Rows
from playground.training.questions import Row, f1, hard_negatives, random_negatives
from playground.training.spans import Threshold

THRESHOLDS = [round(-8 + 0.5 * i, 1) for i in range(33)]
MOST_NEGATIVES, MOST_OWN = 100, 300
SHORT = 60  # tokens of a context: up to here the threshold of short ones holds
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


def threshold_of(found: dict[str, list[spans.Found]], sets: dict[str, list[Row]]) -> Threshold:
    """Chosen on the held-out rows of every set together: one for short contexts, one for the others (for all, where a side lacks rows)."""
    some = [(f, row) for name in sets for f, row in zip(found[name], sets[name], strict=True)]
    sides = [[one for one in some if (one[0].tokens <= SHORT) is short] for short in (False, True)]
    long, short = (_chosen(side) if len({bool(row["answers"]) for _, row in side}) == 2 else _chosen(some) for side in sides)
    return Threshold(round(long, 4), round(short, 4), SHORT)


def _chosen(some: list[tuple[spans.Found, Row]]) -> float:
    answerable = [(f.doubt, f1(f.text, [a["text"] for a in row["answers"]])) for f, row in some if row["answers"]]
    return spans.choose_threshold(answerable, [f.doubt for f, row in some if not row["answers"]], ANSWERED_WEIGHT)


def refusals(found: list[spans.Found], threshold: Threshold) -> dict[str, float]:
    return {"says_no_answer": float(np.mean([threshold.refuses(f) for f in found])), "rows": len(found)}


def settings_of(threshold: Threshold, temperature: float) -> dict[str, Any]:
    """What an app needs beside the weights (`playground.json`). The thresholds are on undivided logits."""
    return {
        "no_answer_threshold": threshold.long,
        "short_no_answer_threshold": threshold.short,
        "short_context": threshold.short_tokens,
        "temperature": temperature,
        "max_tokens": spans.MAX_TOKENS,
        "stride": spans.STRIDE,
        "max_answer_tokens": spans.MAX_ANSWER,
        "token_types": False,
    }


def threshold_in(folder: Path) -> Threshold:
    """The one `settings_of` wrote there, or one for all lengths."""
    told = json.loads((folder / "playground.json").read_text("utf-8"))
    return Threshold(told["no_answer_threshold"], told.get("short_no_answer_threshold", 0.0), told.get("short_context", -1))


def half_hard(sets: dict[str, Any]) -> list[Any]:
    """Half of either kind of hard negative."""
    return [one for kind in ("sentence_removed", "other_paragraph") for one in sets[kind][: len(sets[kind]) // 2]]


def measured(
    name: str, sets: dict[str, list[Row]], made: dict[str, list[spans.Read]], threshold: Threshold, temperature: float
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


def of_both_kinds(found: list[spans.Found], rows: list[Row], threshold: Threshold) -> dict[str, float]:
    """Rows with and without answers: F1 and exact match (per cent) of the answerable, share of the others refused, calibration error."""
    asked = [i for i, row in enumerate(rows) if row["answers"]]
    none = [threshold.refuses(found[i]) for i, row in enumerate(rows) if not row["answers"]]
    out: dict[str, float] = {"rows": len(rows), "answerable": len(asked), "refused": sum(none) / len(none) if none else float("nan")}
    if asked:
        scores = spans.scores([found[i] for i in asked], [rows[i] for i in asked], threshold)
        out |= {"f1": scores["f1"], "exact": scores["exact"], "answered": scores["answered"]}
    return out | {"calibration_error": spans.scores(found, rows, threshold)["calibration_error"]}


def of_short(some: list[tuple[spans.Found, Row]]) -> dict[str, Any]:
    """What each threshold does on the short contexts among `some`: as `confidence.at_thresholds`, and of how many rows of both kinds."""
    short = [one for one in some if one[0].tokens <= SHORT]
    answerable, rest = ([one for one in short if bool(one[1]["answers"]) is kind] for kind in (True, False))
    curve = confidence.at_thresholds([f for f, _ in answerable], [row for _, row in answerable], [f for f, _ in rest], THRESHOLDS)
    return {"answerable": len(answerable), "unanswerable": len(rest), "thresholds": curve}


def behaves(found: list[spans.Found], rows: list[Row], threshold: Threshold) -> dict[str, Any]:
    """The behaviour test by kind, and of questions with and without an answer."""
    said = ["" if threshold.refuses(f) else f.text for f in found]
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
    threshold = replace(by_held_out, **{k: v for k, v in (("long", args.threshold), ("short", args.short_threshold)) if v is not None})
    temperature = args.temperature or confidence.choose_temperature(chosen_on["squad"], made["squad"], threshold)
    figures: dict[str, Any] = {"threshold": asdict(threshold), "chosen_on_held_out": asdict(by_held_out), "temperature": temperature}
    figures["short"] = of_short(
        [(f, row) for n, some in made.items() for f, row in zip(map(spans.found_of, some), chosen_on[n], strict=True)]
    )
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
    seen = {f"{row['question']} | {row['context']}": "(no answer)" if threshold.refuses(f) else f.text
            for row, f in zip(looked, spans.find(model, tokenizer, looked, device), strict=True)}  # fmt: skip
    print(json.dumps({"figures": figures, "seen": seen}, indent=1, ensure_ascii=False), flush=True)
    (args.weights / "playground.json").write_text(json.dumps(settings_of(threshold, temperature), indent=1) + "\n", "utf-8")
    write_answering_card(args.weights, figures, seen, run)


def against(
    args: argparse.Namespace, tokenizer: Any, device: str, rows: list[Row], now: list[spans.Found], threshold: Threshold
) -> dict[str, float]:
    """The paired bootstrap of F1 (per cent) on `rows`, each model with its own threshold."""
    then = spans.find(spans.fresh(args.against, args.base).to(device), tokenizer, rows, device)
    scores = [
        [100 * f1(None if at.refuses(f) else f.text, [a["text"] for a in row["answers"]]) for f, row in zip(found, rows, strict=True)]
        for found, at in ((then, threshold_in(args.against)), (now, threshold))
    ]
    return paired_bootstrap(scores[0], scores[1])
