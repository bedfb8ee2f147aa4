"""Ways to make more of a parallel corpus: rare names to copy, openings, sentences joined. Pure text, no model."""

import random
import re
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

Pair = tuple[str, str]

OPENINGS: tuple[Pair, ...] = (
    ("Hello", "Bonjour"), ("Hello", "Bonjour"), ("Hi", "Salut"), ("Good morning", "Bonjour"),
    ("Good evening", "Bonsoir"), ("Thank you", "Merci"), ("Excuse me", "Excusez-moi"), ("Sorry", "Désolé"),
)  # fmt: skip
_LOWERABLE = frozenset(
    re.findall(
        r"\w+",
        "How What Where Who When Why Which Are Is Do Does Did Can Could Will Would May My This That It We You He She They There The A",
    )
)
_NAME = re.compile(r"\b[A-Z][a-zéèï]{2,}\b")
_WORD = re.compile(r"^[A-Za-zÀ-ÿ']+")


def names_in(texts: Sequence[str]) -> list[str]:
    """Capitalised words seen after a lower-case word, each once, in a stable order: words a translation should copy."""
    found = {m.group(1) for text in texts for m in re.finditer(r"(?<=[a-z] )([A-Z][a-z]{2,11})\b", text)}
    return sorted(found)


def with_other_name(pair: Pair, names: Sequence[str], rng: random.Random) -> Pair:
    """`pair` with one name that both sides share replaced by a random one; the pair itself if they share none."""
    en, fr = pair
    shared = sorted(set(_NAME.findall(en)) & set(_NAME.findall(fr)))
    if not shared:
        return pair
    old, new = rng.choice(shared), rng.choice(names)
    return re.sub(rf"\b{old}\b", new, en), re.sub(rf"\b{old}\b", new, fr)


def with_opening(pair: Pair, rng: random.Random) -> Pair:
    """`Hello, ` before a sentence whose first word may lose its capital; the pair itself where that is not sure."""
    en, fr = pair
    first_en, first_fr = _WORD.match(en), _WORD.match(fr)
    if not first_en or not first_fr or first_fr.group() in en.split():
        return pair
    if first_en.group() not in _LOWERABLE and not first_en.group().startswith("I"):
        return pair
    hello, bonjour = rng.choice(OPENINGS)
    en = en if first_en.group().startswith("I") and first_en.group() not in ("It", "Is") else en[0].lower() + en[1:]
    return f"{hello}, {en}", f"{bonjour}, {fr[0].lower()}{fr[1:]}"


def words(text: str) -> list[str]:
    """The words of `text`, apostrophes left out: `l'eau` is two."""
    return re.findall(r"[^\W\d_]+", text)


class Lexicon:
    """Word forms that translate each other (`lexicon.py`), and what may stand in a pair in place of one that it has."""

    def __init__(self, path: Path) -> None:
        self.french: dict[str, list[tuple[str, str]]] = {}
        self.of: dict[str, tuple[list[tuple[str, str]], list[float]]] = {}
        for line in path.read_text("utf-8").splitlines():
            en, fr, kind, weight = line.split("\t")
            kind = f"{kind} {en[0] in 'aeiou'} {fr[0] in 'aeiouéèêâîôœ'}"
            self.french.setdefault(en, []).append((fr, kind))
            entries, weights = self.of.setdefault(kind, ([], []))
            entries.append((en, fr))
            weights.append(float(weight))
        self.of = {kind: (entries, list(accumulate(weights))) for kind, (entries, weights) in self.of.items()}

    def places(self, pair: Pair) -> list[tuple[str, str, str]]:
        """(English word, French word, class) that stand in `pair` once each, as one word that the lexicon has and its translation."""
        en, fr = Counter(words(pair[0])), Counter(words(pair[1]))
        return [(word, there, kind) for word, times in en.items() if times == 1
                for there, kind in self.french.get(word, ()) if fr.get(there) == 1]  # fmt: skip


def with_other_word(pair: Pair, lexicon: Lexicon, rng: random.Random) -> Pair:
    """`pair` with one word and its translation exchanged for others of the same class, mostly words that the corpus has seldom."""
    places = lexicon.places(pair)
    if not places:
        return pair
    en, fr, kind = rng.choice(places)
    entries, weights = lexicon.of[kind]
    new_en, new_fr = rng.choices(entries, cum_weights=weights)[0]
    return re.sub(rf"\b{en}\b", new_en, pair[0]), re.sub(rf"\b{fr}\b", new_fr, pair[1])


def joined(first: Pair, second: Pair) -> Pair:
    """Two pairs as one, so that the model sees more than one sentence at a time."""
    return f"{first[0]} {second[0]}", f"{first[1]} {second[1]}"


def greetings(pairs: Sequence[Pair]) -> list[Pair]:
    """The short questions people greet each other with: few in the corpus, first in what people try."""
    return [pair for pair in pairs if pair[0].startswith("How are you") and pair[0].endswith("?") and len(pair[0].split()) <= 5]


def augmented(
    pairs: Sequence[Pair], names: Sequence[str], rng: random.Random, lexicon: Lexicon | None = None, exchanged: float = 0.35
) -> list[Pair]:
    """One epoch's pairs: a quarter of the shared names replaced; openings, joined sentences and greetings in place of some.

    With a `lexicon`, one word is exchanged in a share `exchanged` of those that have such a word.
    """
    short = [pair for pair in pairs if pair[0].endswith("?") and len(pair[0].split()) <= 4]
    usual = greetings(pairs)
    out = []
    for pair in pairs:
        if rng.random() < 0.25:
            pair = with_other_name(pair, names, rng)
        if lexicon and rng.random() < exchanged:
            pair = with_other_word(pair, lexicon, rng)
        draw = rng.random()
        if draw < 0.03:
            pair = with_opening(pair, rng)
        elif draw < 0.06:
            pair = joined(pair, rng.choice(pairs))
        elif draw < 0.07 and short:
            pair = with_opening(rng.choice(short), rng)
        elif draw < 0.074 and usual:
            pair = with_opening(rng.choice(usual), rng)
        out.append(pair)
    return out
