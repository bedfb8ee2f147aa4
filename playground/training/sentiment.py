"""Trains `playground/weights/sentiment`: a LoRA adapter and a head of four labels on MiniLM, on SST-2 and three-way rows.

python -m playground.training.sentiment                 (run again: goes on where it stopped)
python -m playground.training.sentiment --begin FOLDER  (from the adapter in FOLDER, of two labels or of four)
python -m playground.training.sentiment --evaluate      (figures and model card only)
"""

import argparse
import json
import random
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel, TaskType
from safetensors.torch import load_file
from tqdm import tqdm
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from playground.tasks.sentiment.signs import named, nothing_to_read
from playground.training import minilm
from playground.training.behaviour import by_kind, moves, paired_bootstrap
from playground.training.cards import write_sentiment_card
from playground.training.corpus import read_rows
from playground.training.minilm import Batch, Tuner
from playground.training.opinions import LABELS, NUMBERS, SEEN, SST, Row, Rows, detokenised

TOKENS_PER_BATCH, MAX_LENGTH, SMOOTHING, LONG, EMBEDDING_DROPOUT = 2048, 96, 0.05, 8, 0.1
SST_SHARE = 0.15  # of SST-2's rows, drawn anew each epoch
CONFIDENCES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
HELD_OUT = 17  # every so many rows of the three-way file are only measured


def fresh(folder: Path, base: Path) -> Any:
    """The model as an app loads it: base from `base`, adapter from `folder` merged in, float32; as many labels as its head has."""
    labels = len(load_file(folder / "adapter_model.safetensors")["base_model.model.classifier.weight"])
    return PeftModel.from_pretrained(bare(base, num_labels=labels), str(folder)).merge_and_unload().float().eval()


def bare(base: Path, **more: float) -> Any:
    named_labels = {"num_labels": len(LABELS), "id2label": LABELS, "label2id": NUMBERS} if "num_labels" not in more else {}
    return AutoModelForSequenceClassification.from_pretrained(base, dtype=torch.float32, **named_labels, **more)


def four(value: torch.Tensor) -> torch.Tensor:
    """A head of two labels as one of four: negative and positive as they were, the other two between them."""
    return torch.stack([value[0], value.mean(0), value[1], value.mean(0)]) if len(value) == len(SST) else value


def epoch_batches(rows: list[Row], tokenizer: Any, epoch: int) -> list[Batch]:
    """The rows of one epoch, similar lengths together."""
    ids = tokenizer([row["text"] for row in rows], truncation=True, max_length=MAX_LENGTH)["input_ids"]
    out = []
    for group in minilm.buckets([len(row) for row in ids], TOKENS_PER_BATCH, random.Random(epoch)):
        batch = minilm.collate([{"input_ids": ids[i]} for i in group])
        batch["labels"] = torch.tensor([rows[i]["label"] for i in group])
        batch["full"] = torch.tensor([rows[i]["full"] for i in group])
        out.append(batch)
    return out


def loss_of(model: Any, batch: Batch) -> torch.Tensor:
    """Cross-entropy over all labels, or over negative and positive alone where a row says nothing of the others."""
    logits = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits.float()
    others = torch.tensor([label not in SST for label in LABELS], device=logits.device)
    left_out = others & ~batch["full"][:, None]
    log = logits.masked_fill(left_out, -30.0).log_softmax(-1)
    wrong = -log.gather(1, batch["labels"][:, None])[:, 0]
    even = -log.masked_fill(left_out, 0.0).sum(-1) / (~left_out).sum(-1)
    loss: torch.Tensor = ((1 - SMOOTHING) * wrong + SMOOTHING * even).mean()
    return loss


def probabilities(model: Any, tokenizer: Any, texts: list[str], device: str) -> torch.Tensor:
    """One row of class probabilities a text, in order."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    out = torch.zeros(len(texts), model.config.num_labels)
    for begin in tqdm(range(0, len(order), 64), desc="measure", leave=False, mininterval=10):
        some = order[begin : begin + 64]
        inputs = tokenizer([texts[i] for i in some], truncation=True, max_length=MAX_LENGTH, padding=True, return_tensors="pt")
        with torch.inference_mode():
            logits = model(input_ids=inputs["input_ids"].to(device), attention_mask=inputs["attention_mask"].to(device)).logits
        out[some] = logits.float().softmax(-1).cpu()
    return out


def measure(chances: torch.Tensor, labels: list[int]) -> dict[str, Any]:
    """Accuracy, expected calibration error, mean confidence, how often it is right at each, of (rows, classes) probabilities."""
    right = (chances.argmax(-1) == torch.tensor(labels)).tolist()
    sure = chances.max(-1).values.tolist()
    return {"accuracy": sum(right) / len(right), "calibration_error": minilm.calibration_error(sure, right),
            "confidence": sum(sure) / len(sure), "rows": len(right),
            "reliability": minilm.reliability(sure, right, CONFIDENCES)}  # fmt: skip


def two_way(chances: torch.Tensor) -> torch.Tensor:
    """(rows, 2): negative against positive alone, the other labels left out: a softmax of the same two logits."""
    pair = chances[:, list(SST)] if chances.shape[1] == len(LABELS) else chances
    return pair / pair.sum(-1, keepdim=True)


def behaves(model: Any, tokenizer: Any, rows: list[Row], device: str) -> dict[str, Any]:
    """The behaviour test as the app answers: emoji named, nothing to read told by rule."""
    texts = [named(row["text"]) for row in rows]
    chances = probabilities(model, tokenizer, texts, device)
    labels = list(LABELS.values()) if chances.shape[1] == len(LABELS) else [LABELS[place] for place in SST]
    said = ["unreadable" if nothing_to_read(t) else labels[int(c.argmax())] for t, c in zip(texts, chances, strict=True)]
    asked = [i for i, row in enumerate(rows) if row["label"] != "any"]
    moved = moves(rows, chances[:, labels.index("positive")].tolist())
    return {"kinds": by_kind([rows[i] for i in asked], [said[i] == rows[i]["label"] for i in asked]), "moves": moved}


def evaluate(args: argparse.Namespace, tokenizer: Any, device: str, run: dict[str, Any]) -> None:
    """Loads what is published, measures it on dev, test, held-out and behaviour rows, and writes figures and card beside it."""
    model = fresh(args.weights, args.base).to(device)
    test, held = read_rows(args.data, "sentiment_test"), split(read_rows(args.data, "sentiment_train_three_way"))[1]
    sets = {"test": test, "test_detokenised": [{**row, "text": detokenised(row["text"])} for row in test],
            "dev": read_rows(args.data, "sentiment_dev")}  # fmt: skip
    made = {name: two_way(probabilities(model, tokenizer, [r["text"] for r in rows], device)) for name, rows in sets.items()}
    figures: dict[str, Any] = {name: measure(made[name], [r["label"] for r in rows]) for name, rows in sets.items()}
    figures["test"]["said"] = "; positive against negative alone"
    chances = probabilities(model, tokenizer, [named(row["text"]) for row in held], device)
    figures["three_way"] = measure(chances, [NUMBERS[row["label"]] for row in held])
    right = [LABELS[int(c.argmax())] == row["label"] for c, row in zip(chances, held, strict=True)]
    figures["domains"] = by_kind([{"kind": row["domain"]} for row in held], right)
    figures["behaviour"] = behaves(model, tokenizer, read_rows(args.data, "sentiment_behaviour_dev"), device)
    if args.against:
        before = two_way(probabilities(fresh(args.against, args.base).to(device), tokenizer, [r["text"] for r in test], device))
        then, now = ([float(int(c.argmax()) == r["label"]) for c, r in zip(some, test, strict=True)] for some in (before, made["test"]))
        figures["against"] = paired_bootstrap(then, now)
    chances = probabilities(model, tokenizer, [named(text) for text in SEEN], device)
    seen = {text: f"{LABELS[int(row.argmax())]} {float(row.max()):.3f}" for text, row in zip(SEEN, chances, strict=True)}
    print(json.dumps({"figures": figures, "seen": seen}, indent=1, ensure_ascii=False), flush=True)
    write_sentiment_card(args.weights, figures, seen, run)
    (args.weights / "playground.json").write_text(json.dumps({"labels": list(LABELS.values())}, indent=1) + "\n", "utf-8")


def main() -> None:
    args, device = minilm.read_arguments(__doc__, "sentiment", 4, 32, 6e-4)
    tokenizer = AutoTokenizer.from_pretrained(args.base)
    run = minilm.last_run(args.weights) if args.evaluate else train(args, args.base, tokenizer, device)
    if not args.stop_after:
        evaluate(args, tokenizer, device, run)


def split(three_way: list[Row]) -> tuple[list[Row], list[Row]]:
    """(trained on, only measured): every so many rows of the three-way file are held out."""
    held = range(0, len(three_way), HELD_OUT)
    return [row for i, row in enumerate(three_way) if i not in held], [three_way[i] for i in held]


def train(args: argparse.Namespace, base: Path, tokenizer: Any, device: str) -> dict[str, Any]:
    """Trains to the end, publishing what is the best on dev and the held-out rows so far; what the card says about the run."""
    ours, held = split(read_rows(args.data, "sentiment_train_three_way"))
    rows = Rows(read_rows(args.data, "sentiment_train"), ours)
    long = [row for row in read_rows(args.data, "sentiment_dev") if len(row["text"].split()) >= LONG]  # the test is whole sentences
    whole = bare(base, attention_probs_dropout_prob=0.0, hidden_dropout_prob=0.0)
    whole.bert.embeddings.dropout.p = EMBEDDING_DROPOUT
    model = minilm.adapted(whole, args.rank, TaskType.SEQ_CLS, ["pooler", "classifier"])
    if args.begin:
        minilm.begin_from(model, args.begin, {"classifier": four})
    tuner = Tuner(model, device, args.rate)
    if args.state.exists():
        tuner.resume(args.state)
    best = 0.0

    def look(name: str) -> None:
        nonlocal best
        made = two_way(probabilities(tuner.model, tokenizer, [row["text"] for row in long], device))
        reviews = measure(made, [row["label"] for row in long])
        made = probabilities(tuner.model, tokenizer, [named(row["text"]) for row in held], device)
        three = measure(made, [NUMBERS[row["label"]] for row in held])
        print(f"{name}: {len(long)} long dev rows {reviews['accuracy']:.4f}, {len(held)} held-out rows {three['accuracy']:.4f}", flush=True)
        if reviews["accuracy"] + three["accuracy"] > best:
            best = reviews["accuracy"] + three["accuracy"]
            minilm.publish(tuner.master, args.weights)

    def after_epoch(epoch: int) -> None:
        tuner.model.eval()
        look(f"epoch {epoch}, last")
        with tuner.averaged():
            look(f"epoch {epoch}, averaged")
        tuner.model.train()

    def data(epoch: int) -> list[Batch]:
        return epoch_batches(rows.epoch(epoch, SST_SHARE), tokenizer, epoch)

    minilm.fit(tuner, args.epochs, data, loss_of, args.state, after_epoch, args.stop_after)
    return minilm.run_facts(tuner, args)


if __name__ == "__main__":
    main()
