"""Teaches the translator slots and how people really type: one run from the published weights on every domain, and what is published.

python -m playground.training.copying --minutes 45 --state STATE      (run again: goes on where it stopped)
python -m playground.training.copying --publish --state STATE         (the start, the averaged weights or a mean: the best on dev)
python -m playground.training.copying --evaluate                      (figures and card of what is published)

Measured is what people get: the page's own way of translating, slots and rules included.
"""

import argparse
import json
import math
import random
import runpy
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sentencepiece
import torch

from playground.catalog import Weights, find_model
from playground.engine import sources
from playground.engine.models import Loaded, load_model
from playground.engine.translation.translation import translate_together
from playground.engine.watch import Watch
from playground.settings import Settings
from playground.tasks.carried import KIND_OF, SLOTS
from playground.tasks.passages import passages_of
from playground.tasks.source_text import letters_of
from playground.training.augment import Pair, with_opening
from playground.training.cards import write_translation_card
from playground.training.corpus import DATA, read_rows
from playground.training.marian import Pieces, Trainer, grown, padded, publish
from playground.training.minilm import last_run
from playground.training.slotted import DOMAINS, grow_vocabulary, known_words, masked
from playground.training.translation import SEEN, WEIGHTS, figures_of, split_pairs

STATE = Path("build/training/copying.pt")
START = Path("build/training/copying-start")
TOKENS, LONGEST, PEAK, WARMUP, DECAY = 4500, 64, 8e-4, 30, 0.6
# Pairs of each domain in one portion of the data.
COUNTS = {
    "tatoeba": 9500, "variant_frame": 2200, "variant_name": 800, "variant_quote": 1000, "variant_number": 350, "variant_emoji": 500,
    "variant_symbol": 700, "variant_tag": 500, "variant_url": 200, "variant_apostrophe": 60, "variant_lower": 1200, "variant_no_mark": 900,
    "variant_title": 500, "variant_several": 700, "variant_several_lower": 450, "desktop_ui": 1300, "web_ui": 900, "dictionary": 1300,
    "games": 500, "government": 300, "mozilla_web": 150, "ml_course": 700, "web_docs": 250, "python_docs": 150, "gnome_help": 250,
    "office_help": 200, "software_descriptions": 200,
}  # fmt: skip
MIXES = (1.0, 0.75, 0.5)


def domains_of(data: Path) -> tuple[dict[str, list[Pair]], list[dict[str, Any]]]:
    """(pairs by domain, Tatoeba's and Multi30k's under `tatoeba`; dev rows): dev's English sentences are in none of them."""
    pairs, dev = split_pairs(read_rows(data, "translation_train_en_fr"))
    held, found = {row["en"] for row in dev}, {"tatoeba": pairs}
    for name in DOMAINS:
        for row in read_rows(data, f"translation_train_{name}"):
            if row["en"] not in held:
                found.setdefault(row["domain"], []).append((row["en"], row["fr"]))
    return found, dev


def portions(found: dict[str, list[Pair]], pieces: Pieces) -> Iterator[list[list[tuple[list[int], list[int]]]]]:
    """Batches of (source ids, target ids), one portion of COUNTS at a time, each domain dealt out before it is dealt again."""
    decks = dict[str, list[Pair]]()
    for number in range(10_000):
        rng, coded = random.Random(number), list[tuple[list[int], list[int]]]()
        sentencepiece.set_random_generator_seed(number)
        for domain, count in COUNTS.items():
            for _ in range(count):
                if not decks.get(domain):
                    decks[domain] = random.Random(f"{domain}{number}").sample(found[domain], len(found[domain]))
                en, fr = _varied(decks[domain].pop(), domain, found[domain], rng)
                both = pieces.encode(en, rng.random() < 0.3), pieces.encode(fr)
                if max(map(len, both)) <= LONGEST:
                    coded.append(both)
        coded.sort(key=lambda c: (max(len(c[0]), len(c[1])), rng.random()))
        groups: list[list[tuple[list[int], list[int]]]] = [[]]
        for one in coded:
            if max(map(len, one)) * (len(groups[-1]) + 1) > TOKENS:
                groups.append([])
            groups[-1].append(one)
        rng.shuffle(groups)
        yield groups


def _varied(pair: Pair, domain: str, rows: list[Pair], rng: random.Random) -> Pair:
    """Openings and joined sentences in Tatoeba; half of the dictionary with a capital."""
    if domain == "dictionary" and rng.random() < 0.5:
        return pair[0][:1].upper() + pair[0][1:], pair[1][:1].upper() + pair[1][1:]
    draw = rng.random() if domain == "tatoeba" else 1.0
    if draw < 0.03:
        return with_opening(pair, rng)
    other = rng.choice(rows) if draw < 0.06 else ("", "")
    if other[0] and not any(c in KIND_OF for c in other[0]):
        return f"{pair[0]} {other[0]}", f"{pair[1]} {other[1]}"
    return pair


def train(trainer: Trainer, found: dict[str, list[Pair]], pieces: Pieces, seconds: float, state: Path) -> None:
    """Until `seconds` of training are over; the rate falls in a line to 0 over their last DECAY. Saved every four minutes."""
    mean, saved = math.nan, time.monotonic()
    for number, groups in enumerate(portions(found, pieces)):
        for place, group in enumerate(groups):
            if trainer.seconds >= seconds:
                trainer.save(state)
                return
            if (number, place) < (trainer.epoch, trainer.seen):
                continue
            since = time.monotonic()
            rate = PEAK * min(1.0, (trainer.step + 1) / WARMUP, (seconds - trainer.seconds) / (DECAY * seconds))
            source, target = (padded([one[side] for one in group], pieces.pad) for side in (0, 1))
            loss = trainer.update(source, target, pieces.pad, rate)
            mean = loss if math.isnan(mean) else 0.98 * mean + 0.02 * loss
            trainer.epoch, trainer.seen, trainer.seconds = number, place + 1, trainer.seconds + time.monotonic() - since
            if time.monotonic() - saved > 240:
                trainer.save(state)
                saved = time.monotonic()
                print(trainer.step, f"{mean:.3f}", f"{trainer.seconds:.0f} s", flush=True)


def mixed(start: Any, end: Any, share: float) -> Any:
    """`share` of the way from one model's weights to the other's; the slots' rows, which the start never learned, are the end's."""
    made = grown(START, 6)
    own, one, two = made.state_dict(), start.state_dict(), end.state_dict()
    with torch.no_grad():
        for name, value in own.items():
            value.copy_(one[name].lerp(two[name], share))
            if value.shape[0] > len(SLOTS) and name.endswith(("shared.weight", "embed_tokens.weight", "lm_head.weight")):
                value[-len(SLOTS) :] = two[name][-len(SLOTS) :]
    return made


def served(folder: Path) -> Loaded:
    """The translator whose files lie in `folder`, in float32 as the page loads it."""
    card = find_model("en-fr", "translation")
    assert isinstance(card.sources[0], Weights)
    sources.WEIGHTS = folder.parent  # type: ignore[attr-defined]
    assert folder.name == card.sources[0].folder
    return load_model(card, Settings(), lambda *progress: None)


def translations(loaded: Loaded, texts: list[str], together: int = 48) -> list[str]:
    """What the page makes of each text with four beams."""
    parts = [passages_of(text) for text in texts]
    todo = sorted({one.text for some in parts for one in some if one.sentence}, key=len)
    made = dict[str, str]()
    for begin in range(0, len(todo), together):
        some = todo[begin : begin + together]
        made |= {one: answer.translation for one, answer in zip(some, translate_together(loaded, some, 4, Watch()), strict=True)}
    return ["".join(made[one.text] if one.sentence else one.text for one in some) for some in parts]


def behaviour(loaded: Loaded, data: Path) -> dict[str, dict[str, float]]:
    """By kind of the behaviour test, and for ALL: rows, and the share that its scorer calls good."""
    rows = read_rows(data, "translation_behaviour_dev")
    score = runpy.run_path(str(data / "score_behaviour.py"))["translation"]
    kinds = dict[str, list[bool]]()
    for row, made in zip(rows, translations(loaded, [row["en"] for row in rows]), strict=True):
        for kind in (row["kind"], "ALL"):
            kinds.setdefault(kind, []).append(bool(score(row, {row["id"]: made})["good"]))
    return {
        kind: {"rows": len(good), "right": sum(good) / len(good)} for kind, good in sorted(kinds.items(), key=lambda one: one[0] == "ALL")
    }


def against(rows: list[dict[str, Any]], made: list[str], before: list[str], samples: int = 10_000) -> dict[str, float]:
    """The difference in BLEU to what was said `before`, and its 95 % interval over paired bootstrap samples (Koehn 2004)."""
    import numpy as np
    from sacrebleu.metrics.bleu import BLEU

    metric, most = BLEU(), max(len(row["fr"]) for row in rows)
    streams: Any = [[row["fr"][i] if i < len(row["fr"]) else None for row in rows] for i in range(most)]
    stats = [np.array(metric._extract_corpus_statistics(some, streams)) for some in (made, before)]

    def difference(counts: Any) -> float:
        one, two = (metric._compute_score_from_stats((counts @ some).tolist()).score for some in stats)
        return float(one - two)

    rng = np.random.default_rng(0)
    drawn = [difference(np.bincount(rng.integers(0, len(rows), len(rows)), minlength=len(rows))) for _ in range(samples)]
    low, high = np.quantile(drawn, (0.025, 0.975))
    return {"rows": len(rows), "difference": difference(np.ones(len(rows), int)), "low": float(low), "high": float(high)}


def prepared(data: Path) -> tuple[dict[str, list[Pair]], list[dict[str, Any]]]:
    """Pairs with slots and dev; the start with slots in its vocabulary, and the words it knows, written into START."""
    found, dev = domains_of(data)
    if not (START / "words.txt").exists():
        grow_vocabulary(WEIGHTS, START, SLOTS)
        words = known_words(pair for domain, some in found.items() if not domain.startswith("variant") for pair in some)
        (START / "words.txt").write_text("\n".join(sorted(words)) + "\n", "utf-8")
    letters = letters_of(json.loads((START / "vocab.json").read_text("utf-8")))
    known = frozenset((START / "words.txt").read_text("utf-8").split())
    made = dict[str, list[Pair]]()
    for domain, some in found.items():
        rng = random.Random(domain)
        made[domain] = [pair for pair in (masked(one, letters, known, rng) for one in some) if pair]
    return made, dev


def written(model: Any, folder: Path) -> Path:
    publish(model, folder, START)
    shutil.copy(START / "words.txt", folder)
    return folder


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--minutes", type=float, default=45, help="of training")
    ask.add_argument("--data", type=Path, default=DATA)
    ask.add_argument("--state", type=Path, default=STATE)
    ask.add_argument("--threads", type=int, default=2)
    ask.add_argument("--publish", action="store_true", help="no training: the mean of start and end that is best on dev, and its figures")
    ask.add_argument("--evaluate", action="store_true", help="no training: measure what is published")
    ask.add_argument("--before", type=Path, help="JSON list of what other weights said to the test, for the paired bootstrap")
    args = ask.parse_args()
    torch.set_num_threads(args.threads)
    run = last_run(WEIGHTS)
    if not args.evaluate:
        found, dev = prepared(args.data) if not args.publish else ({}, domains_of(args.data)[1])
        trainer = Trainer(grown(START, 6, 0, 0.1), "cpu")
        if args.state.exists():
            trainer.resume(args.state)
        if not args.publish:
            train(trainer, found, Pieces(START), 60 * args.minutes, args.state)
        run = {"steps": trainer.step, "minutes": round(trainer.seconds / 60, 1), "peak": PEAK, "tokens": TOKENS, "threads": args.threads}
        run["share_of_the_end"] = chosen(trainer, dev[:300])
    measure(args, run)


def chosen(trainer: Trainer, dev: list[dict[str, Any]]) -> float:
    """Publishes the mean of start and averaged end that is best on `dev`; gives the end's share."""
    start, scores = grown(START, 6), dict[float, float]()
    for share in MIXES:
        folder = written(mixed(start, trainer.average, share), STATE.parent / f"mix-{share}" / "en-fr")
        made = translations(served(folder), [row["en"] for row in dev])
        scores[share] = figures_of(made, dev)["all"]
    best = max(scores, key=scores.__getitem__)
    written(mixed(start, trainer.average, best), WEIGHTS)
    return best


def measure(args: argparse.Namespace, run: dict[str, Any]) -> None:
    """Writes card and figures of what is published."""
    loaded, figures = served(WEIGHTS), dict[str, Any]()
    sets = {"test": read_rows(args.data, "translation_test_en_fr"), "dev": split_pairs(read_rows(args.data, "translation_train_en_fr"))[1]}
    said = {name: translations(loaded, [row["en"] for row in rows]) for name, rows in sets.items()}
    figures = {name: figures_of(said[name], rows) for name, rows in sets.items()}
    figures["behaviour"] = behaviour(loaded, args.data)
    if args.before:
        figures["against"] = against(sets["test"], said["test"], json.loads(args.before.read_text("utf-8")))
    seen = dict(zip(SEEN, translations(loaded, list(SEEN)), strict=True))
    print(json.dumps({"figures": figures, "seen": seen}, indent=1, ensure_ascii=False))
    write_translation_card(WEIGHTS, figures, seen, run)


if __name__ == "__main__":
    main()
