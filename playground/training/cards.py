"""Writes the model card and `figures.json` that lie beside each set of weights; the prose is in `cards_text`."""

import json
from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import Any

from playground.training.blanks import COMMON

Facts = dict[str, Any]

KINDS = {"held_out_squad2": "SQuAD 2.0, held-out articles", "held_out_near_misses": "near misses", "held_out_templates": "frames"}
TEXTS = Path(__file__).parent / "cards_text"


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table; floats with two decimals, or three up to 1."""
    lines = [list(head), ["---"] * len(head), *([_shown(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _shown(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:.3f}" if abs(cell) <= 1 else f"{cell:.2f}"
    return str(cell).replace("|", "\\|")


def _write(folder: Path, name: str, facts: Facts, **values: object) -> None:
    """`README.md` from the text `name` and `figures.json` with `facts`, in `folder`."""
    run = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in facts["run"].items()) or "not recorded"
    text = Template((TEXTS / f"{name}.md").read_text("utf-8")).substitute(values, run=run)
    (folder / "README.md").write_text(text, "utf-8")
    (folder / "figures.json").write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n", "utf-8")


def write_sentiment_card(folder: Path, figures: Facts, seen: dict[str, str], run: Facts) -> None:
    """`figures`: what `sentiment.evaluate` says of test, test_detokenised, dev, held-out rows by domain, and the behaviour test."""
    labels = {"test": "SST-2 test (GLUE's dev)", "test_detokenised": "the same, written as people write", "dev": "dev",
              "three_way": "held-out three-way rows, all four labels"}  # fmt: skip
    rows = [[label, *(figures[key][k] for k in ("rows", "accuracy", "confidence", "calibration_error"))] for key, label in labels.items()]
    scores = table(("set", "rows", "accuracy", "mean confidence", "calibration error"), rows)
    behaviour = figures["behaviour"]
    _write(
        folder, "sentiment", {"figures": figures, "seen": seen, "run": run}, scores=scores, against=_against(figures.get("against")),
        kinds=_kinds(behaviour["kinds"]), domains=_kinds(figures["domains"]),
        moves=table(("group", "P(positive) moves by"), [[group, float(move)] for group, move in behaviour["moves"].items()]),
        seen=table(("text", "answer"), list(seen.items())),
    )  # fmt: skip


def write_masked_card(folder: Path, figures: Facts, seen: dict[str, str], missed: dict[str, str], run: Facts) -> None:
    """`figures`: what `masked.evaluate` says of the held-out text (`test`), of the baselines and of the probes."""
    labels = {
        "unigram": "each token's share in the training text",
        "untrained": "this base with an untrained tied head",
        "test": "this model",
    }
    rows = [[label, *(figures[key][k] for k in ("masked", "perplexity", "first", "among_five"))] for key, label in labels.items()]
    _write(
        folder, "masked", {"figures": figures, "seen": seen, "missed": missed, "run": run},
        scores=table(("what", "masked tokens", "perplexity", "right at first", "among the five best"), rows),
        probes=f"{figures['probes']['right']:.2f} of {figures['probes']['rows']}", untrained=f"{figures['untrained_probes']:.2f}",
        long=f"{figures['text']['long']:,}", short=f"{figures['text']['short']:,}", common=COMMON,
        missed=table(("probe", "five best"), list(missed.items())), seen=table(("text", "five best"), list(seen.items())),
    )  # fmt: skip


def _kinds(found: Facts) -> str:
    rows = [[kind.replace("_", " "), one["rows"], float(one["right"])] for kind, one in found.items()]
    return table(("kind", "rows", "share right"), rows)


def _against(found: Facts | None, unit: str = "accuracy") -> str:
    """The paired bootstrap against the weights before, as a sentence; "" where it was not made."""
    if not found:
        return ""
    return (f"Against the weights before, on the same {found['rows']:,} rows: {unit} {found['difference']:+.4f}, 95 % of 10,000 paired "
            f"bootstrap samples between {found['low']:+.4f} and {found['high']:+.4f}.")  # fmt: skip


def write_answering_card(folder: Path, figures: Facts, seen: dict[str, str], run: Facts) -> None:
    """`figures`: the threshold, and for test and held_out what `spans.scores` says with and without it, and the refusals."""
    sets = {"test": "XQuAD English", "held_out": "held-out SQuAD"}
    rows: list[list[object]] = []
    refused: list[list[object]] = []
    for key, label in sets.items():
        hows = ((key, "as served"), (f"{key}_always_answering", "no threshold"), (f"{key}_untempered", "no temperature"))
        for of, said in hows:
            found = figures[of]
            rows.append([label, said, *(found[k] for k in ("rows", "f1", "exact", "answered", "calibration_error"))])
        for kind, found in figures[f"{key}_negatives"].items():
            refused.append([label, kind.replace("_", " "), found["rows"], found["says_no_answer"]])
    _write(
        folder, "answering", {"figures": figures, "seen": seen, "run": run},
        threshold=figures["threshold"]["long"], short=figures["threshold"]["short"], short_tokens=figures["threshold"]["short_tokens"],
        found=figures["chosen_on_held_out"]["short"], temperature=figures["temperature"],
        losses=table(("set", "rows", "log loss, no temperature", "log loss, as served"),
                     [[label, *(figures[f"{key}_log_loss"][k] for k in ("rows", "untempered", "served"))] for key, label in sets.items()]),
        held=figures["held_out"]["rows"], against=_against(figures.get("against"), "F1"), kinds=_kinds(figures["behaviour"]),
        both=table(("set", "rows", "answerable", "F1", "exact match", "refused where none", "calibration error"),
                   [[label, *(figures[key].get(k, "–") for k in ("rows", "answerable", "f1", "exact", "refused", "calibration_error"))]
                    for key, label in KINDS.items()]),
        scores=table(("set", "how", "rows", "F1", "exact match", "share answered", "calibration error"), rows),
        refusals=table(("from", "kind", "rows", "share refused"), refused),
        seen=table(("question and context", "answer"), list(seen.items())),
    )  # fmt: skip


def write_translation_card(folder: Path, figures: Facts, seen: dict[str, str], run: Facts) -> None:
    """`figures`: what `translation.evaluate` says of test and dev, and where measured `behaviour` by kind and `against` those before."""
    names = {"all": "all references", "first": "first reference alone", "all_plain": "all, apostrophes and spaces made plain"}
    sets = {kind: figures[kind] for kind in ("test", "dev")}
    rows = [[kind, label, made[key]] for kind, made in sets.items() for key, label in names.items()]
    rows += [[f"{kind}, the {made['long_sentences']} long", names["all"], made["long"]] for kind, made in sets.items() if "long" in made]
    _write(
        folder, "en-fr", {"figures": figures, "seen": seen, "run": run},
        against=_against(figures.get("against"), "BLEU"), behaviour=_kinds(figures.get("behaviour", {})),
        scores=table(("set", "against", "BLEU"), rows), seen=table(("English", "French"), list(seen.items())),
    )  # fmt: skip
