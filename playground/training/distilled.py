"""The small English to French model taught by larger ones: for one GPU and ten minutes, from the committed weights.

python -m playground.training.distilled --out build/training/distilled            (on the machine with the GPU)
python -m playground.training.translation --taught build/training/distilled       (publishes the better of what was made, measures)

Two teachers are trained from nothing on the same data and translate its English side together. The student learns their mean
distribution at every token (Hinton et al. 2015), half on the data's French and half on theirs (Kim and Rush 2016).
"""

import argparse
import json
import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch.utils.data import DataLoader, Dataset

from playground.training.augment import Lexicon, Pair, names_in
from playground.training.corpus import DATA, read_rows, write_packed
from playground.training.frugal import smoothed_cross_entropy
from playground.training.marian import MAX_LENGTH, SMOOTHING, WARMUP, Pieces, Trainer, grown
from playground.training.teaching import mean_of, nats, new_teacher, states, translations
from playground.training.translation import LEXICON, WEIGHTS, batches, bleu, split_pairs, with_said

PARTS = 4
TEACHER_RATE, STUDENT_RATE, TEACHER_DECAY, STUDENT_DECAY = 8e-4, 1.2e-3, 0.6, 0.7
TAUGHT = 0.7

Batch = tuple[torch.Tensor, torch.Tensor, torch.Tensor]
Loss = Callable[[Any, Batch], torch.Tensor]


class Shards(Dataset[list[tuple[Any, ...]]]):
    """Endless epochs, each cut at random in PARTS; an item is a part's batches as arrays, made by a worker process.

    `said` may hold teachers' French for an English sentence: it takes the place of the data's in half of the pairs.
    """

    def __init__(self, pairs: list[Pair], names: list[str], pieces: Pieces, lexicon: Lexicon | None, tokens: int) -> None:
        self.pairs, self.names, self.pieces, self.lexicon, self.tokens = pairs, names, pieces, lexicon, tokens
        self.said: dict[str, str] = {}

    def __len__(self) -> int:
        return 1 << 20

    def __getitem__(self, number: int) -> list[tuple[Any, ...]]:
        epoch, part = divmod(number, PARTS)
        order = list(range(len(self.pairs)))
        rng = random.Random(epoch)
        rng.shuffle(order)
        some = with_said([self.pairs[i] for i in order[part::PARTS]], self.said, rng)
        made = batches(some, self.names, self.pieces, number, self.lexicon, self.tokens)
        return [(source.numpy(), target.numpy(), np.flatnonzero(target.numpy() != self.pieces.pad)) for source, target in made]


def fed(shards: Shards, workers: int, device: str) -> Iterator[Batch]:
    """(source, target, places of target's real tokens) on `device`, without end; a part is moved at once, as a move waits for the GPU."""
    loader = DataLoader(shards, batch_size=None, num_workers=workers, prefetch_factor=2 if workers else None, collate_fn=_same)
    for part in loader:
        flat = torch.from_numpy(np.concatenate([one.ravel() for batch in part for one in batch])).to(device)
        cut = iter(flat.split([one.size for batch in part for one in batch]))  # type: ignore[no-untyped-call]
        for source, target, _ in part:
            yield next(cut).view(source.shape), next(cut).view(target.shape), next(cut)


def _same(part: Any) -> Any:
    return part


def loss_of(model: Any, batch: Batch, pad: int, teachers: list[Any]) -> torch.Tensor:
    """Cross-entropy with label smoothing; TAUGHT of it against the teachers' mean distribution, where there are teachers."""
    source, target, kept = batch
    taught = mean_of(teachers, source, target, kept, pad) if teachers else None
    right = target.flatten().index_select(0, kept)
    return smoothed_cross_entropy(
        states(model, source, target, kept, pad), model.lm_head.weight, right, SMOOTHING, taught, TAUGHT if teachers else 0.0
    )


def until(seconds: float, trainer: Trainer, feed: Iterator[Batch], loss: Loss, peak: float, decay: float) -> list[list[float]]:
    """Trains for `seconds`; the rate rises over WARMUP steps and falls to 0 over the last share `decay`.

    Returns [seconds, step, mean loss] of every 200 steps. The clock starts when the first batch is there.
    """
    told: list[list[float]] = []
    batch, total, begun = next(feed), torch.zeros((), device=trainer.device), time.monotonic()
    while (spent := time.monotonic() - begun) < seconds:
        found = loss(trainer.model, batch)
        total += found.detach()
        trainer.apply(found, peak * min(1.0, (trainer.step + 1) / WARMUP, (1 - spent / seconds) / decay))
        if trainer.step % 200 == 0:
            told.append([round(time.monotonic() - begun, 1), trainer.step, round(total.item() / 200, 4)])
            print(*told[-1], flush=True)
            total.zero_()
        batch = next(feed)
    trainer.seconds += time.monotonic() - begun
    return told


def arguments() -> argparse.Namespace:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--teachers", type=int, default=2)
    ask.add_argument("--width", type=int, default=384)
    ask.add_argument("--layers", type=int, default=6, help="a teacher's encoder layers; its decoder has two thirds of them")
    ask.add_argument("--teacher-dropout", type=float, default=0.2)
    ask.add_argument("--dropout", type=float, default=0.1, help="the student's")
    ask.add_argument("--teacher-seconds", type=float, default=125, help="for each")
    ask.add_argument("--seconds", type=float, default=555, help="from the first step to the student's last")
    ask.add_argument("--tokens", type=int, default=16_000, help="padded tokens a side in a batch")
    ask.add_argument("--sentences", type=int, default=1 << 20, help="at most so many are translated by the teachers")
    ask.add_argument("--workers", type=int, default=12)
    ask.add_argument("--data", type=Path, default=DATA)
    ask.add_argument("--lexicon", type=Path, default=LEXICON)
    ask.add_argument("--out", type=Path, required=True)
    return ask.parse_args()


def main() -> None:
    args, began = arguments(), time.monotonic()
    args.out.mkdir(parents=True, exist_ok=True)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    pieces = Pieces(WEIGHTS)
    pairs, dev = split_pairs(read_rows(args.data, "translation_train_en_fr"))
    names = names_in([row["context"] for row in read_rows(args.data, "qa_train_squad")])
    shards = Shards(pairs, names, pieces, Lexicon(args.lexicon) if args.lexicon.exists() else None, args.tokens)
    log: dict[str, Any] = {key: str(value) if isinstance(value, Path) else value for key, value in vars(args).items()}
    log |= {"machine": torch.cuda.get_device_name() if device == "cuda" else "CPU", "torch": torch.__version__}

    def tell(**more: Any) -> None:
        log.update(more)
        (args.out / "log.json").write_text(json.dumps(log, indent=1, ensure_ascii=False), "utf-8")
        print(f"{time.monotonic() - began:.1f} s", {key: value for key, value in more.items() if "curve" not in key}, flush=True)

    def dev_figures(models: list[Any]) -> dict[str, float]:
        made = translations(models, pieces, [row["en"] for row in dev], device)
        return {"nats": round(nats(models, pieces, dev, device), 4), "bleu": round(bleu(made, [row["fr"] for row in dev]), 2)}

    feed = fed(shards, args.workers, device)
    if device == "cuda":
        torch.empty(torch.cuda.mem_get_info()[0] // 2, dtype=torch.uint8, device=device)  # at once: bit by bit is slow
    teachers: list[Any] = []
    for seed in range(args.teachers):
        trainer = Trainer(new_teacher(WEIGHTS, args.width, args.layers, args.teacher_dropout, seed), device)
        plain = partial(loss_of, pad=pieces.pad, teachers=[])
        curve = until(args.teacher_seconds, trainer, feed, plain, TEACHER_RATE, TEACHER_DECAY)
        made = trainer.average.eval().bfloat16()
        made.set_attn_implementation("eager")
        teachers.append(made)
        figures = dev_figures([made]) | {"steps": trainer.step, "parameters": made.num_parameters()}
        tell(**{f"teacher_{seed}": figures, f"curve_{seed}": curve})
    feed.close()  # type: ignore[attr-defined]
    del trainer
    trainer = Trainer(grown(WEIGHTS, 6, 0, args.dropout), device)
    before = dev_figures([trainer.average])
    good = [one for one in teachers if nats([one], pieces, dev, device) < before["nats"] + 0.1]
    tell(student_before=before, teachers_used=len(good), teachers_together=dev_figures(good) if good else None)
    if good:
        texts = sorted({en for en, _ in pairs})[: args.sentences]
        found = translations(good, pieces, texts, device, seconds=60)
        shards.said = {en: fr for en, fr in zip(texts, found, strict=True) if fr.strip() and len(pieces.encode(fr)) < MAX_LENGTH}
        write_packed(shards.said, args.out / "said.json.gz")
        tell(translated=len(shards.said), as_in_data=sum(shards.said.get(en) == fr for en, fr in pairs) / len(pairs))
    feed = fed(shards, args.workers, device)
    lesson = partial(loss_of, pad=pieces.pad, teachers=good)
    left = args.seconds - (time.monotonic() - began)
    curve = until(left, trainer, feed, lesson, STUDENT_RATE, STUDENT_DECAY)
    for name, model in trainer.made().items():
        save_file({key: value.half().contiguous() for key, value in model.named_parameters()}, args.out / f"{name}.safetensors")
    after = {name: dev_figures([model.eval()]) for name, model in trainer.made().items()}
    tell(steps=trainer.step, minutes=round(trainer.seconds / 60, 1), curve=curve, dev=after)


if __name__ == "__main__":
    main()
