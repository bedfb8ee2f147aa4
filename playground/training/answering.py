"""Trains `playground/weights/answering`: a LoRA adapter and a span head on MiniLM, on rows with answers and without.

python -m playground.training.answering                 (run again: goes on where it stopped)
python -m playground.training.answering --begin FOLDER  (from the adapter in FOLDER)
python -m playground.training.answering --evaluate      (threshold, temperature, figures and model card only)
"""

import argparse
import random
from pathlib import Path
from typing import Any

import torch
from peft import TaskType
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

from playground.training import minilm, spans
from playground.training.judging import evaluate, threshold_of
from playground.training.minilm import Batch, Tuner
from playground.training.mixture import Rows

TOKENS_PER_BATCH, EMBEDDING_DROPOUT = 4096, 0.1
FROZEN = 3  # of the six layers, where a run begins from an earlier adapter: a third of a step less


def train(args: argparse.Namespace, base: Path, tokenizer: Any, device: str, rows: Rows) -> dict[str, Any]:
    """Trains to the end, publishing with a first threshold after every epoch; what the card says about the run."""
    dropouts = {"attention_probs_dropout_prob": 0.0, "hidden_dropout_prob": 0.0}
    model = AutoModelForQuestionAnswering.from_pretrained(base, dtype=torch.float32, **dropouts)
    model.bert.embeddings.dropout.p = EMBEDDING_DROPOUT  # the other dropouts cost a third of a step on a CPU, measured
    model = minilm.adapted(model, args.rank, TaskType.QUESTION_ANS, ["qa_outputs"])
    if args.begin:
        minilm.begin_from(model, args.begin)
        for name, weight in model.named_parameters():
            weight.requires_grad &= not any(f"layer.{layer}." in name for layer in range(FROZEN))
    tuner = Tuner(model, device, args.rate)
    if args.state.exists():
        tuner.resume(args.state)

    def data(epoch: int) -> list[Batch]:
        rng = random.Random(epoch)
        return spans.batches(spans.features(tokenizer, rows.epoch(epoch, args.epochs), rng), TOKENS_PER_BATCH, rng)

    def after_epoch(epoch: int) -> None:
        minilm.publish(tuner.master, args.weights.with_name(f"{args.weights.name}-{epoch}") if epoch < args.epochs else args.weights)
        tuner.model.eval()
        sets = rows.held_out_sets(200)
        found = {name: spans.find(tuner.model, tokenizer, some, device) for name, some in sets.items()}
        tuner.model.train()
        at = threshold_of(found, sets)
        for name, some in sets.items():
            print(f"epoch {epoch}, {name}: {spans.scores(found[name], some, at)}", flush=True)

    minilm.fit(tuner, args.epochs, data, spans.loss_of, args.state, after_epoch, args.stop_after)
    return minilm.run_facts(tuner, args)


def main() -> None:
    args, device = minilm.read_arguments(__doc__, "answering", 3, 64, 8e-4)
    base = args.base
    tokenizer = AutoTokenizer.from_pretrained(base)
    rows = Rows(args.data)
    run = minilm.last_run(args.weights) if args.evaluate else train(args, base, tokenizer, device, rows)
    if not args.stop_after:
        evaluate(args, tokenizer, device, run, rows)


if __name__ == "__main__":
    main()
