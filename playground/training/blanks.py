"""The masked-word trainer's text: English at hand in pieces of a sentence or a few, what is masked of it, probes kept apart. No model."""

import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from playground.training.corpus import read_rows

Probe = tuple[str, list[str]]  # a sentence with one [MASK], and the words that are right there
CONTEXTS = ("qa_train_squad", "qa_train_qamr", "qa_train_squad2_dev_part", "qa_train_more")
PIECE, HELD_OUT, MASK = 40, 50, "[MASK]"
COMMON, COMMON_SHARE, OTHER_SHARE = 150, 0.12, 0.3
_SMALL = {"the", "of", "a", "an", "in", "is", "was", "to", "and", "at", "by", "her", "he", "she", "my", "so", "go", "has", "can", "are",
          "there", "with", "last", "s", "mask", "called"}  # fmt: skip


def probes() -> list[Probe]:
    """Thirty sentences with one word masked, written before the training and read by no training row."""
    return [(text, right) for text, right in json.loads((Path(__file__).parent / "probes.json").read_text("utf-8"))]


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def pieces(text: str, most: int = PIECE) -> list[str]:
    """`text` cut between sentences into pieces of at most `most` words (or one sentence), nothing lost but white space."""
    out: list[str] = []
    for sentence in re.split(r"(?<=[.!?])\s+", text.strip()):
        if out and len(f"{out[-1]} {sentence}".split()) <= most:
            out[-1] += f" {sentence}"
        else:
            out.append(sentence)
    return [piece for piece in out if len(piece.split()) > 2]


def kept_apart(texts: Iterable[str], asked: Sequence[Probe]) -> list[str]:
    """`texts` without those that tell a probe's answer: all the words it asks with (but the smallest) and a right one, in any order."""
    told = [(set(words(text)) - _SMALL, set(right)) for text, right in asked]
    return [text for text in texts if not _any_in(set(words(text)), told)]


def _any_in(held: set[str], told: Sequence[tuple[set[str], set[str]]]) -> bool:
    return any(needed <= held and not held.isdisjoint(right) for needed, right in told)


def english(data: Path) -> tuple[list[str], list[str]]:
    """(pieces of the questions' contexts, English sentences of the translation pairs), each once, without what tells a probe."""
    asked = probes()
    contexts = dict.fromkeys(row["context"] for name in CONTEXTS for row in read_rows(data, name))
    long = dict.fromkeys(piece for context in contexts for piece in pieces(context))
    short = dict.fromkeys(row["en"] for row in read_rows(data, "translation_train_en_fr") if len(row["en"].split()) > 2)
    return kept_apart(long, asked), kept_apart(short, asked)


def split(texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """(trained on, only measured): every HELD_OUT-th text is measured."""
    return [t for i, t in enumerate(texts) if i % HELD_OUT], list(texts[::HELD_OUT])


class Masker:
    """Which tokens to hide. `common`: the ids that the text has most often; they are hidden less often, as they teach less."""

    def __init__(self, counts: Counter[int], mask: int, special: Iterable[int]) -> None:
        self.common = {token for token, _ in counts.most_common(COMMON)}
        self.mask, self.special = mask, frozenset(special)

    def hidden(self, ids: Sequence[int], rng: random.Random, uniform: float | None = None) -> list[int]:
        """Sorted places in `ids` to hide, at least one: by the two shares, or each with chance `uniform`."""
        places = [i for i, token in enumerate(ids) if token not in self.special]
        found = [i for i in places if rng.random() < (uniform or (COMMON_SHARE if ids[i] in self.common else OTHER_SHARE))]
        return found or rng.sample(places, min(1, len(places)))

    def row(self, ids: Sequence[int], places: Sequence[int]) -> dict[str, list[int]]:
        """`input_ids` with `places` masked; `wanted`: what was there, 0 elsewhere."""
        chosen = set(places)
        return {"input_ids": [self.mask if i in chosen else token for i, token in enumerate(ids)],
                "wanted": [token if i in chosen else 0 for i, token in enumerate(ids)]}  # fmt: skip
