"""Trains `playground/weights/answering`: a LoRA adapter and a span head on MiniLM, on SQuAD and QAMR rows and hard negatives.

python -m playground.training.answering                 (run again: goes on where it stopped)
python -m playground.training.answering --evaluate      (threshold, temperature, figures and model card only)
"""

import argparse
import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import torch
from peft import TaskType
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

from playground.training import confidence, minilm, spans
from playground.training.cards import write_answering_card
from playground.training.corpus import read_rows
from playground.training.minilm import Batch, Tuner
from playground.training.questions import Row, among_others, f1, hard_negatives, negative, random_negatives, split_by_paragraph

WEIGHTS = minilm.ROOT / "answering"
TOKENS_PER_BATCH, HELD_OUT, NEGATIVE_SHARE, EMBEDDING_DROPOUT = 4096, 600, 0.2, 0.1
THRESHOLDS = [round(-8 + 0.5 * i, 1) for i in range(33)]
SEEN = (
    ("What is Python?", "Python is a high-level programming language."),
    ("What is the capital of France?", "The capital of France is Paris."),
    ("Who wrote Hamlet?", "The capital of France is Paris."),
    ("When did she move?", "Ada was born in London in 1815. She moved to Paris in 1840."),
    ("Where was Ada born?", "Ada was born in London in 1815. She moved to Paris in 1840."),
    ("How many legs does a spider have?", "Spiders have eight legs; insects have six."),
)


class Rows:
    """The training rows, their hard negatives and the held-out split that the threshold is chosen on."""

    def __init__(self, data: Path) -> None:
        self.squad, self.held_out = split_by_paragraph(read_rows(data, "qa_train_squad"), HELD_OUT)
        self.qamr = read_rows(data, "qa_train_qamr")
        self.sentences = sorted({row["context"] for row in self.qamr})
        self.negatives = hard_negatives(self.squad)

    def epoch(self, epoch: int, epochs: int) -> list[Row]:
        """All of SQuAD, one part in `epochs` of QAMR, and negatives of both."""
        rng = random.Random(epoch)
        shuffled = random.Random(0).sample(self.qamr, len(self.qamr))
        some = shuffled[epoch % epochs :: epochs]
        wanted = int(NEGATIVE_SHARE * len(self.squad) / 2)
        out = [*self.squad, *(row for kind in sorted(self.negatives) for row in rng.sample(self.negatives[kind], wanted))]
        for row in some:
            others = rng.sample(self.sentences, rng.choice((0, 0, 1, 2, 4)))
            if rng.random() < NEGATIVE_SHARE / 2 and others:
                out.append(negative(row, " ".join(c for c in others if c != row["context"]) or others[0]))
            else:
                out.append(among_others(row, [c for c in others if c != row["context"]], rng))
        return out


def held_out_sets(rows: list[Row], near: int | None = None) -> dict[str, list[Row]]:
    """`rows` as they are, with each kind of hard negative, and random negatives."""
    return {"answerable": rows, **hard_negatives(rows, near), "random_paragraph": random_negatives(rows, random.Random(0))}


def threshold_of(found: dict[str, list[spans.Found]], rows: list[Row]) -> float:
    """Chosen on the held-out rows and as many hard negatives, half of either kind."""
    answerable = [(f.doubt, f1(f.text, [a["text"] for a in row["answers"]])) for f, row in zip(found["answerable"], rows, strict=True)]
    negatives = [f.doubt for kind in ("sentence_removed", "other_paragraph") for f in found[kind][: len(rows) // 2]]
    return spans.choose_threshold(answerable, negatives)


def refusals(found: list[spans.Found], threshold: float) -> dict[str, float]:
    return {"says_no_answer": float(np.mean([f.doubt > threshold for f in found])), "rows": len(found)}


def write_settings(threshold: float, temperature: float = 1.0) -> None:
    """What an app needs beside the weights, as `playground.json`. The threshold is on undivided logits."""
    settings = {
        "no_answer_threshold": threshold,
        "temperature": temperature,
        "max_tokens": spans.MAX_TOKENS,
        "stride": spans.STRIDE,
        "max_answer_tokens": spans.MAX_ANSWER,
        "token_types": False,
    }
    (WEIGHTS / "playground.json").write_text(json.dumps(settings, indent=1) + "\n", "utf-8")


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


def evaluate(base: Path, tokenizer: Any, data: Path, device: str, run: dict[str, Any], rows: Rows) -> None:
    """Loads what is published, chooses threshold and temperature on held-out training rows, measures, prints and writes all of it."""
    model = spans.fresh(WEIGHTS, base).to(device)
    dev, test = held_out_sets(rows.held_out), held_out_sets(read_rows(data, "qa_test_xquad_en"), near=4)
    made = {kind: spans.read(model, tokenizer, some, device) for kind, some in dev.items()}
    threshold = round(threshold_of({kind: [spans.found_of(one) for one in some] for kind, some in made.items()}, rows.held_out), 4)
    temperature = confidence.choose_temperature(dev["answerable"], made["answerable"], threshold)
    figures: dict[str, Any] = {"threshold": threshold, "temperature": temperature}
    figures |= measured("held_out", dev, made, threshold, temperature)
    made = {kind: spans.read(model, tokenizer, some, device) for kind, some in test.items()}
    figures |= measured("test", test, made, threshold, temperature)
    asked = [{"question": q, "context": c, "answers": []} for q, c in SEEN]
    seen = {f"{row['question']} | {row['context']}": f.text if f.doubt <= threshold else "(no answer)"
            for row, f in zip(asked, spans.find(model, tokenizer, asked, device), strict=True)}  # fmt: skip
    print(json.dumps({"figures": figures, "seen": seen}, indent=1, ensure_ascii=False), flush=True)
    write_settings(threshold, temperature)
    write_answering_card(WEIGHTS, figures, seen, run)


def train(args: argparse.Namespace, base: Path, tokenizer: Any, device: str, rows: Rows) -> dict[str, Any]:
    """Trains to the end, publishing with a first threshold after every epoch; what the card says about the run."""
    dropouts = {"attention_probs_dropout_prob": 0.0, "hidden_dropout_prob": 0.0}
    model = AutoModelForQuestionAnswering.from_pretrained(base, dtype=torch.float32, **dropouts)
    model.bert.embeddings.dropout.p = EMBEDDING_DROPOUT  # the other dropouts cost a third of a step on a CPU, measured
    tuner = Tuner(minilm.adapted(model, args.rank, TaskType.QUESTION_ANS, ["qa_outputs"]), device, args.rate)
    if args.state.exists():
        tuner.resume(args.state)

    def data(epoch: int) -> list[Batch]:
        rng = random.Random(epoch)
        return spans.batches(spans.features(tokenizer, rows.epoch(epoch, args.epochs), rng), TOKENS_PER_BATCH, rng)

    def after_epoch(epoch: int) -> None:
        minilm.publish(tuner.master, WEIGHTS)
        tuner.model.eval()
        sets = held_out_sets(rows.held_out)
        found = {kind: spans.find(tuner.model, tokenizer, some, device) for kind, some in sets.items()}
        tuner.model.train()
        threshold = threshold_of(found, rows.held_out)
        for name, at in (("always", None), ("served", threshold)):
            print(f"epoch {epoch}, {name}: {spans.scores(found['answerable'], sets['answerable'], at)}", flush=True)
        print({kind: round(float(np.mean([f.doubt > threshold for f in made])), 3) for kind, made in found.items()}, threshold, flush=True)
        write_settings(threshold)

    minilm.fit(tuner, args.epochs, data, spans.loss_of, args.state, after_epoch, args.stop_after)
    return minilm.run_facts(tuner, args)


def main() -> None:
    args, device = minilm.read_arguments(__doc__, "answering", 3, 64, 8e-4)
    base = args.base
    tokenizer = AutoTokenizer.from_pretrained(base)
    rows = Rows(args.data)
    run = minilm.last_run(WEIGHTS)
    if not args.evaluate:
        run = train(args, base, tokenizer, device, rows)
    if not args.stop_after:
        evaluate(base, tokenizer, args.data, device, run, rows)


if __name__ == "__main__":
    main()
