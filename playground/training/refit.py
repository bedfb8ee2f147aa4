"""Ends the sentiment run: the run's mean weights with a share of the adapter before, and pooler and head trained on with the rest fixed.

python -m playground.training.refit --begin FOLDER      (FOLDER: the adapter that the run began from; the run's state is read)

What the encoder says at [CLS] is computed once for a draw of rows, so that a whole epoch of pooler and head takes seconds. Rows that
say who someone is ("Our dentist is deaf and teaches maths.") are in it several times: the label must not depend on the term.
"""

import random
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import torch
from peft import TaskType
from torch.nn.functional import dropout
from transformers import AutoTokenizer

from playground.tasks.sentiment.signs import named
from playground.training import minilm, sentiment
from playground.training.corpus import read_rows
from playground.training.opinions import NUMBERS, Row, Rows, detokenised, typed, with_moods

SHARE_BEFORE, REVIEWS, OURS, MOODS = 0.15, 14_000, 11_000, 500
EPOCHS, RATE, ROWS_AT_ONCE, IDENTITY_WEIGHT = 12, 1e-3, 256, 1.5
WHO = ("My cousin", "Our dentist", "His wife", "The driver", "A colleague of mine", "Her best friend", "The new tenant", "My uncle")
DOES = ("works as a nurse", "lives in Cardiff", "drives a bus", "teaches maths", "plays chess on Sundays", "has two children",
        "is from a small town", "works in an office", "studies law")  # fmt: skip


def composed(frames: list[Row], rng: random.Random, each: int = 6) -> list[Row]:
    """For each identity term of the frames `each` plain statements about someone, all neutral."""
    terms = sorted({row["text"].split(" is ")[1].rstrip(".") for row in frames if row["text"].startswith("Our mayor is ")})
    return [{"text": f"{rng.choice(WHO)} is {term} and {does}.", "label": "neutral"} for term in terms for does in rng.sample(DOES, each)]


def drawn(data: Path, rng: random.Random) -> tuple[list[Row], int]:
    """(rows, how many of the last are about who someone is): whole sentences of SST-2, three-way rows, signs, frames."""
    three_way = sentiment.split(read_rows(data, "sentiment_train_three_way"))[0]
    rows = Rows(read_rows(data, "sentiment_train"), three_way)
    whole = [row for row in rows.reviews if row["full"]]
    some = [{**r, "text": detokenised(r["text"]) if rng.random() < 0.5 else r["text"]} for r in rng.sample(whole, min(REVIEWS, len(whole)))]
    some += rng.sample(rows.ours, min(OURS, len(rows.ours))) + with_moods(rows.plain, min(MOODS, len(rows.plain)), rng)
    frames = [row for row in three_way if row["domain"] in ("identity_frames", "plain_frames")]
    about = [{"text": row["text"], "label": NUMBERS[row["label"]]} for row in [*frames, *2 * composed(frames, rng)]]
    return [{**row, "text": named(typed(row["text"], rng))} for row in [*some, *about]], len(about)


def seen(encoder: Any, tokenizer: Any, rows: list[Row]) -> torch.Tensor:
    """(rows, width): the encoder's last vector at [CLS]."""
    ids = tokenizer([row["text"] for row in rows], truncation=True, max_length=sentiment.MAX_LENGTH)["input_ids"]
    out = torch.zeros(len(rows), encoder.config.hidden_size)
    for group in minilm.buckets([len(one) for one in ids], 4096, random.Random(0)):
        batch = minilm.collate([{"input_ids": ids[i]} for i in group])
        with torch.no_grad():
            out[group] = encoder(**batch).last_hidden_state[:, 0].float()
    return out


def refitted(pooler: Any, head: Any, vectors: torch.Tensor, labels: torch.Tensor, about: int) -> None:
    """Trains pooler and head in place; the last `about` rows are drawn IDENTITY_WEIGHT times as often."""
    weights = [p.requires_grad_() for part in (pooler, head) for p in part.parameters()]
    optimiser = torch.optim.AdamW(weights, RATE, weight_decay=0.01)
    often, made = torch.ones(len(vectors)), torch.Generator().manual_seed(0)
    often[len(vectors) - about :] = IDENTITY_WEIGHT
    torch.manual_seed(0)
    for epoch in range(EPOCHS):
        optimiser.param_groups[0]["lr"] = RATE * (1 - epoch / EPOCHS)
        order = torch.multinomial(often, len(vectors), replacement=True, generator=made)
        for some in torch.split(order, ROWS_AT_ONCE):
            logits = head(torch.tanh(pooler.dense(dropout(vectors[some], 0.1))))
            batch = {"input_ids": some, "attention_mask": some, "labels": labels[some], "full": torch.ones(len(some), dtype=torch.bool)}
            optimiser.zero_grad()
            sentiment.loss_of(lambda logits=logits, **_: SimpleNamespace(logits=logits), batch).backward()  # type: ignore[no-untyped-call]
            optimiser.step()


def main() -> None:
    args, _ = minilm.read_arguments(__doc__, "sentiment", 1, 96, 4e-4)
    before, model = (minilm.adapted(sentiment.bare(args.base), args.rank, TaskType.SEQ_CLS, ["pooler", "classifier"]) for _ in range(2))
    minilm.begin_from(before, args.begin, {"classifier": sentiment.four})
    trained, kept = ([p for p in one.parameters() if p.requires_grad] for one in (model, before))
    with torch.no_grad():
        for weight, mean, old in zip(trained, torch.load(args.state)["mean"], kept, strict=True):
            weight.copy_((1 - SHARE_BEFORE) * mean + SHARE_BEFORE * old)
    rows, about = drawn(args.data, random.Random(11))
    inner: Any = model.base_model.model
    vectors = seen(inner.bert.eval(), AutoTokenizer.from_pretrained(args.base), rows)
    pooler, head = inner.bert.pooler.modules_to_save["default"], inner.classifier.modules_to_save["default"]
    refitted(pooler, head, vectors, torch.tensor([row["label"] for row in rows]), about)
    minilm.publish(model, args.weights)


if __name__ == "__main__":
    main()
