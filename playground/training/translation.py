"""Trains `playground/weights/en-fr`: a small English to French MarianMT, from a first checkpoint or from its own last state.

python -m playground.training.translation --steps 8000 --decay 2000     (run again: goes on where it stopped)
python -m playground.training.translation --evaluate                    (figures and card only; --publish: of the last state's average)
python -m playground.training.translation --taught FOLDER               (the better of what `distilled.py` left there, then the same)
python -m playground.training.translation --answers FILE                (writes the published model's own answers for --risk, no training)
python -m playground.training.translation --halfway FOLDER              (the published weights or their mean with those: the better)
"""

import argparse
import copy
import json
import math
import platform
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sentencepiece
import torch
from safetensors.torch import load_file
from tqdm import tqdm
from transformers import MarianMTModel

from playground.tasks.source_text import PLAIN
from playground.training.augment import Lexicon, Pair, augmented, names_in
from playground.training.cards import write_translation_card
from playground.training.corpus import DATA, read_packed, read_rows, references_of, write_packed
from playground.training.marian import MAX_LENGTH, PEAK_RATE, Pieces, Trainer, grown, halfway, padded, publish
from playground.training.minilm import last_run
from playground.training.risk import SCORES, answers, risks

WEIGHTS = Path(__file__).resolve().parents[1] / "weights" / "en-fr"
START = DATA.parent / "models" / "en-fr-start"
STATE = Path("build/training/translation.pt")
LEXICON = Path("build/training/lexicon.tsv")
TOKENS_PER_BATCH = 6000


def split_pairs(rows: list[dict[str, Any]], held_out: int = 1000) -> tuple[list[Pair], list[dict[str, Any]]]:
    """(training pairs, dev rows with all their references): dev English sentences appear in no training pair."""
    references = references_of((row["en"], row["fr"]) for row in rows)
    dev = set(random.Random(0).sample(sorted(references), held_out))
    pairs = [(row["en"], row["fr"]) for row in rows if row["en"] not in dev]
    return pairs, [{"en": en, "fr": references[en]} for en in sorted(dev)]


def batches(
    pairs: list[Pair], names: list[str], pieces: Pieces, epoch: int, lexicon: Lexicon | None, tokens: int = TOKENS_PER_BATCH
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """One epoch of (source ids, target ids), padded, at most about `tokens` a side, similar lengths together."""
    rng = random.Random(epoch)
    sentencepiece.set_random_generator_seed(epoch)
    coded = [(pieces.encode(en, rng.random() < 0.3), pieces.encode(fr)) for en, fr in augmented(pairs, names, rng, lexicon)]
    coded.sort(key=lambda c: (max(len(c[0]), len(c[1])), rng.random()))
    groups: list[list[tuple[list[int], list[int]]]] = [[]]
    for item in coded:
        longest = max(len(item[0]), len(item[1]))
        if longest * (len(groups[-1]) + 1) > tokens:
            groups.append([])
        groups[-1].append(item)
    rng.shuffle(groups)
    for group in groups:
        yield tuple(padded([item[side] for item in group], pieces.pad) for side in (0, 1))  # type: ignore[misc]


def with_said(pairs: list[Pair], said: dict[str, str], rng: random.Random) -> list[Pair]:
    """`pairs`, half of them with what teachers `said` for their English, where they said something."""
    return [(en, said.get(en, fr)) if said and rng.random() < 0.5 else (en, fr) for en, fr in pairs]


def translate(model: Any, pieces: Pieces, texts: list[str], device: str, beams: int = 4) -> list[str]:
    """Beam-search translations of `texts`, in order, 64 of similar length at a time."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    out = [""] * len(texts)
    for begin in tqdm(range(0, len(order), 64), desc="translate", leave=False):
        some = order[begin : begin + 64]
        ids = padded([pieces.encode(texts[i]) for i in some], pieces.pad).to(device)
        with torch.inference_mode():
            made = model.generate(ids, attention_mask=ids.ne(pieces.pad), num_beams=beams, max_length=2 * MAX_LENGTH)
        for i, row in zip(some, made.tolist(), strict=True):
            out[i] = pieces.decode(row)
    return out


def bleu(made: list[str], references: list[list[str]]) -> float:
    """sacreBLEU (13a, mixed case) against as many references as each sentence has."""
    import sacrebleu

    most = max(map(len, references))
    streams: Any = [[row[i] if i < len(row) else None for row in references] for i in range(most)]
    return float(sacrebleu.corpus_bleu(made, streams).score)


def evaluate(model: Any, pieces: Pieces, rows: list[dict[str, Any]], device: str) -> dict[str, float]:
    """BLEU with beam 4 against all references, the first alone, and all with apostrophes and spaces made plain."""
    return figures_of(translate(model, pieces, [row["en"] for row in rows], device), rows)


def figures_of(made: list[str], rows: list[dict[str, Any]]) -> dict[str, float]:
    """BLEU of what was `made` of the rows: against all references, the first alone, all made plain; of the long ones where 20 are."""
    references = [row["fr"] for row in rows]
    plain = [[fr.translate(PLAIN) for fr in row] for row in references]
    long = [i for i, row in enumerate(rows) if len(row["en"].split()) >= 12]
    figures = {"all": bleu(made, references), "first": bleu(made, [row[:1] for row in references]), "all_plain": bleu(made, plain)}
    if len(long) >= 20:
        figures["long"] = bleu([made[i] for i in long], [references[i] for i in long])
        figures["long_sentences"] = len(long)
    return figures


def asked() -> argparse.Namespace:
    """What was typed. Flags, not subcommands: the card's commands are the record of how the weights were made, and must still run."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--steps", type=int, default=8000)
    ask.add_argument("--decay", type=int, default=2000, help="the last steps, in which the rate falls to 0")
    ask.add_argument("--inner", type=int, default=1536, help="neurons of a feed-forward layer; the start's own come first")
    ask.add_argument("--dropout", type=float, default=0.15)
    ask.add_argument("--peak", type=float, default=PEAK_RATE, help="the highest rate; a low one keeps more of the start")
    ask.add_argument("--layers", type=int, default=6, help="encoder layers; the start's own are copied to make more")
    ask.add_argument("--data", type=Path, default=DATA)
    ask.add_argument("--state", type=Path, default=STATE)
    ask.add_argument("--threads", type=int, default=2)
    ask.add_argument("--save-every", type=int, default=250)
    ask.add_argument("--publish", action="store_true", help="no training: publish and measure the averaged weights of --state")
    ask.add_argument("--said", type=Path, help="the said.json.gz of distilled.py: half of the pairs take the teachers' French")
    ask.add_argument("--answers", type=Path, help="no training: write what the published model answers, and how good it is, for --risk")
    ask.add_argument("--sentences", type=int, default=40_000, help="of the training data, for --answers")
    ask.add_argument("--draw", type=int, default=0, help="another number draws other sentences")
    ask.add_argument(
        "--score", choices=SCORES, default="gains", help="how good an answer is: its part in the corpus's BLEU, or its own BLEU"
    )
    ask.add_argument("--risk", type=Path, help="what --answers wrote: its risk is added to the loss")
    ask.add_argument("--weight", type=float, default=1.0, help="of the risk")
    ask.add_argument("--taught", type=Path, help="no training: publish and measure what distilled.py wrote into this folder")
    ask.add_argument("--halfway", type=Path, help="no training: publish the mean with the weights in this folder, if dev says so")
    ask.add_argument("--evaluate", action="store_true", help="no training: measure what is published")
    return ask.parse_args()


def main() -> None:
    args = asked()
    torch.set_num_threads(args.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    start = WEIGHTS if any(WEIGHTS.glob("model*.safetensors")) else START
    pieces = Pieces(start)
    pairs, dev = split_pairs(read_rows(args.data, "translation_train_en_fr"))
    if args.answers:
        model = published(torch.bfloat16, device)
        write_packed(answers(model, pieces, pairs, args.sentences, args.draw, args.score, device), args.answers)
        return
    made, run = candidates(args, start, pairs, pieces, device)
    if made:
        run["dev_bleu_of"] = publish_best(made, start, pieces, dev, device)
    measure(args.data, pieces, dev, run, device)


def candidates(
    args: argparse.Namespace, start: Path, pairs: list[Pair], pieces: Pieces, device: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(models to choose from on dev, none where what is published stays; what the card says of the run)."""
    if args.taught:
        return taught(args.taught, start)
    if args.halfway:
        one = grown(start, args.layers, 0)
        return {"before": one, "halfway": halfway(one, grown(args.halfway, args.layers, 0))}, last_run(WEIGHTS)
    if args.evaluate:
        return {}, last_run(WEIGHTS)
    trainer = Trainer(grown(start, args.layers, args.inner, args.dropout), device)
    begun = copy.deepcopy(trainer.master)
    if args.state.exists():
        trainer.resume(args.state)
    if not args.publish:
        train(trainer, pairs, pieces, args)
    beside = {} if args.publish else {"halfway": halfway(begun, trainer.average)}  # published, the start is gone
    return trainer.made() | beside, run_facts(trainer, args)


def publish_best(made: dict[str, Any], start: Path, pieces: Pieces, dev: list[dict[str, Any]], device: str) -> dict[str, float]:
    """The model with the best BLEU on dev goes to WEIGHTS; gives everyone's."""
    scores = {name: evaluate(model.to(device).eval(), pieces, dev, device)["all"] for name, model in made.items()}
    publish(made[max(scores, key=scores.__getitem__)], WEIGHTS, start)
    return {name: round(score, 2) for name, score in scores.items()}


def measure(data: Path, pieces: Pieces, dev: list[dict[str, Any]], run: dict[str, Any], device: str) -> None:
    """What is published, on test and dev: printed, and written into its card."""
    model = published(torch.float32, device)
    figures = {"test": evaluate(model, pieces, read_rows(data, "translation_test_en_fr"), device),
               "dev": evaluate(model, pieces, dev, device)}  # fmt: skip
    seen = {text: translate(model, pieces, [text], device)[0] for text in SEEN}
    print(json.dumps({"figures": figures, "seen": seen}, indent=1, ensure_ascii=False))
    write_translation_card(WEIGHTS, figures, seen, run)


def published(dtype: torch.dtype, device: str) -> Any:
    model: Any = MarianMTModel.from_pretrained(WEIGHTS, dtype=dtype)
    return model.to(device).eval()


def run_facts(trainer: Trainer, args: argparse.Namespace) -> dict[str, Any]:
    """What the card says about the run."""
    machine = torch.cuda.get_device_name() if trainer.device == "cuda" else f"CPU ({platform.machine()}), shared with other work"
    return {"steps": trainer.step, "decay": args.decay, "encoder_layers": args.layers, "inner": args.inner, "dropout": args.dropout,
            "peak": args.peak, **({"risk_weight": args.weight} if args.risk else {}), "minutes": round(trainer.seconds / 60, 1),
            "threads": args.threads, "machine": machine, "torch": torch.__version__.split("+")[0]}  # fmt: skip


TAUGHT_FACTS = ("machine", "torch", "teachers", "width", "layers", "teacher_seconds", "teacher_dropout", "steps", "minutes", "tokens",
                "dropout")  # fmt: skip


def taught(folder: Path, start: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """(the models that `distilled.py` wrote into `folder`, what the card says of the run); `start` gives what they do not hold."""
    made: dict[str, Any] = {}
    for file in sorted(folder.glob("*.safetensors")):
        model = grown(start, 6, 0)
        own = dict(model.named_parameters())
        for name, value in load_file(file).items():
            own[name].data.copy_(value)
        made[file.stem] = model
    log = json.loads((folder / "log.json").read_text("utf-8"))
    return made, {name: log[name] for name in TAUGHT_FACTS} | {"teachers_dev_bleu": log["teachers_together"]["bleu"]}


SEEN = ("Hello, how are you?", "How are you?", "Where is the train station?", "Python is a programming language.",
        "The cat sat on the mat because it was tired.", "I love machine learning.")  # fmt: skip


def train(trainer: Trainer, pairs: list[Pair], pieces: Pieces, args: argparse.Namespace) -> None:
    """Until `args.steps`; saved every `args.save_every` steps, so that stopping it loses little."""
    names = names_in([row["context"] for row in read_rows(args.data, "qa_train_squad")])
    lexicon = Lexicon(LEXICON) if LEXICON.exists() else None
    print("lexicon:", LEXICON if lexicon else "none (python -m playground.training.lexicon makes it)")
    said: dict[str, str] = read_packed(args.said) if args.said else {}
    beside = risks(read_packed(args.risk), pieces, args.weight, trainer.step) if args.risk else None
    bar = tqdm(total=args.steps, initial=trainer.step, desc="train", mininterval=10)
    mean = math.nan
    while trainer.step < args.steps:
        some = with_said(pairs, said, random.Random(trainer.epoch))
        for number, (source, target) in enumerate(batches(some, names, pieces, trainer.epoch, lexicon)):
            if number < trainer.seen:
                continue
            since = time.monotonic()
            rate = trainer.rate(args.steps, args.decay, args.peak)
            loss = trainer.update(source, target, pieces.pad, rate, next(beside) if beside else None)
            mean = loss if math.isnan(mean) else 0.98 * mean + 0.02 * loss
            trainer.seen, trainer.seconds = number + 1, trainer.seconds + time.monotonic() - since
            bar.update()
            bar.set_postfix(loss=f"{mean:.3f}", epoch=trainer.epoch, refresh=False)
            if trainer.step % args.save_every == 0:
                trainer.save(args.state)
            if trainer.step >= args.steps:
                break
        else:
            trainer.epoch, trainer.seen = trainer.epoch + 1, 0
    trainer.save(args.state)


if __name__ == "__main__":
    main()
