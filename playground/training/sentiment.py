"""Trains `playground/weights/sentiment`: a LoRA adapter and a two-class head on MiniLM, on SST-2.

python -m playground.training.sentiment                 (run again: goes on where it stopped)
python -m playground.training.sentiment --evaluate      (figures and model card only)
"""

import argparse
import json
import random
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel, TaskType
from torch.nn.functional import cross_entropy
from tqdm import tqdm
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from playground.training import minilm
from playground.training.cards import write_sentiment_card
from playground.training.corpus import read_rows
from playground.training.minilm import Batch, Tuner

WEIGHTS = minilm.ROOT / "sentiment"
LABELS = {0: "negative", 1: "positive"}
TOKENS_PER_BATCH, MAX_LENGTH, SMOOTHING, LONG = 1024, 128, 0.05, 8
CONFIDENCES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
SEEN = ("I love this product!", "This movie is fantastic!", "The food was cold and the waiter was rude.", "I hate this.",
        "What a waste of time.", "Absolutely wonderful service, I will come back!", "The plot isn't bad at all.",
        "I don't think I would recommend it.", "The battery died after two days.", "The train leaves at nine.")  # fmt: skip
_ORDINARY = ((" n't", "n't"), (" '", "'"), ("`` ", '"'), ("''", '"'), ("-lrb- ", "("), (" -rrb-", ")"), (" ,", ","), (" ;", ";"),
             (" :", ":"), (" ?", "?"), (" !", "!"), (" .", "."), ("...", " ..."), (" %", "%"), ("$ ", "$"))  # fmt: skip


def detokenised(text: str) -> str:
    """SST's "do n't , really ." as people write it: "don't, really."; what it does not know stays as it is."""
    for old, new in _ORDINARY:
        text = text.replace(old, new)
    return text.strip()


def fresh(folder: Path, base: Path) -> Any:
    """The model as an app loads it: base from `base`, adapter from `folder` merged in, float32."""
    numbers = {label: number for number, label in LABELS.items()}
    model = AutoModelForSequenceClassification.from_pretrained(base, num_labels=2, id2label=LABELS, label2id=numbers)
    return PeftModel.from_pretrained(model, str(folder)).merge_and_unload().float().eval()


def epoch_batches(rows: list[dict[str, Any]], tokenizer: Any, epoch: int) -> list[Batch]:
    """One epoch: half of the rows detokenised, similar lengths together."""
    rng = random.Random(epoch)
    texts = [detokenised(row["text"]) if rng.random() < 0.5 else row["text"] for row in rows]
    ids = tokenizer(texts, truncation=True, max_length=MAX_LENGTH)["input_ids"]
    out = []
    for group in minilm.buckets([len(row) for row in ids], TOKENS_PER_BATCH, rng):
        batch = minilm.collate([{"input_ids": ids[i]} for i in group])
        batch["labels"] = torch.tensor([rows[i]["label"] for i in group])
        out.append(batch)
    return out


def loss_of(model: Any, batch: Batch) -> torch.Tensor:
    logits = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits.float()
    return cross_entropy(logits, batch["labels"], label_smoothing=SMOOTHING)


def probabilities(model: Any, tokenizer: Any, texts: list[str], device: str) -> torch.Tensor:
    """One row of class probabilities a text, in order."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    out = torch.zeros(len(texts), 2)
    for begin in tqdm(range(0, len(order), 64), desc="measure", leave=False, mininterval=10):
        some = order[begin : begin + 64]
        inputs = tokenizer([texts[i] for i in some], truncation=True, max_length=MAX_LENGTH, padding=True, return_tensors="pt")
        with torch.inference_mode():
            logits = model(input_ids=inputs["input_ids"].to(device), attention_mask=inputs["attention_mask"].to(device)).logits
        out[some] = logits.float().softmax(-1).cpu()
    return out


def measure(model: Any, tokenizer: Any, rows: list[dict[str, Any]], device: str, plain: bool = False) -> dict[str, Any]:
    """Accuracy, expected calibration error, mean confidence, how often it is right at each; `plain`: with the texts detokenised."""
    chances = probabilities(model, tokenizer, [detokenised(r["text"]) if plain else r["text"] for r in rows], device)
    right = (chances.argmax(-1) == torch.tensor([row["label"] for row in rows])).tolist()
    sure = chances.max(-1).values.tolist()
    return {"accuracy": sum(right) / len(right), "calibration_error": minilm.calibration_error(sure, right),
            "confidence": sum(sure) / len(sure), "rows": len(rows),
            "reliability": minilm.reliability(sure, right, CONFIDENCES)}  # fmt: skip


def evaluate(base: Path, tokenizer: Any, data: Path, device: str, run: dict[str, Any]) -> None:
    """Loads what is published, measures it on dev and test, prints the figures and writes them and the card beside it."""
    model = fresh(WEIGHTS, base).to(device)
    dev, test = read_rows(data, "sentiment_dev"), read_rows(data, "sentiment_test")
    figures: dict[str, Any] = {"test": measure(model, tokenizer, test, device), "dev": measure(model, tokenizer, dev, device),
                               "test_detokenised": measure(model, tokenizer, test, device, plain=True)}  # fmt: skip
    chances = probabilities(model, tokenizer, list(SEEN), device)
    seen = {text: f"{LABELS[int(row.argmax())]} {float(row.max()):.3f}" for text, row in zip(SEEN, chances, strict=True)}
    print(json.dumps({"figures": figures, "seen": seen}, indent=1, ensure_ascii=False), flush=True)
    write_sentiment_card(WEIGHTS, figures, seen, run)


def main() -> None:
    args, device = minilm.read_arguments(__doc__, "sentiment", 4, 32, 6e-4)
    base = args.base
    tokenizer = AutoTokenizer.from_pretrained(base)
    run = minilm.last_run(WEIGHTS)
    if not args.evaluate:
        run = train(args, base, tokenizer, device)
    if not args.stop_after:
        evaluate(base, tokenizer, args.data, device, run)


def train(args: argparse.Namespace, base: Path, tokenizer: Any, device: str) -> dict[str, Any]:
    """Trains to the end, publishing after each epoch that is the best on dev so far; what the card says about the run."""
    rows, dev = read_rows(args.data, "sentiment_train"), read_rows(args.data, "sentiment_dev")
    model = AutoModelForSequenceClassification.from_pretrained(base, num_labels=2, dtype=torch.float32)
    tuner = Tuner(minilm.adapted(model, args.rank, TaskType.SEQ_CLS, ["pooler", "classifier"]), device, args.rate)
    if args.state.exists():
        tuner.resume(args.state)
    long = [row for row in dev if len(row["text"].split()) >= LONG]  # the test is whole sentences, most of dev is phrases
    scores: list[float] = []

    def after_epoch(epoch: int) -> None:
        tuner.model.eval()
        scores.append(measure(tuner.model, tokenizer, long, device)["accuracy"])
        if scores[-1] == max(scores):
            minilm.publish(tuner.master, WEIGHTS)
        with tuner.averaged():
            scores.append(measure(tuner.model, tokenizer, long, device)["accuracy"])
            if scores[-1] == max(scores):
                minilm.publish(tuner.master, WEIGHTS)
        tuner.model.train()
        print(f"epoch {epoch}: accuracy on the {len(long)} long dev rows: last {scores[-2]:.4f}, averaged {scores[-1]:.4f}", flush=True)

    minilm.fit(tuner, args.epochs, lambda e: epoch_batches(rows, tokenizer, e), loss_of, args.state, after_epoch, args.stop_after)
    return minilm.run_facts(tuner, args)


if __name__ == "__main__":
    main()
