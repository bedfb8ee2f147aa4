"""Ways to make more of a parallel corpus: rare names to copy, openings, sentences joined. Pure text, no model."""

import random
import re
from collections.abc import Sequence

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


def joined(first: Pair, second: Pair) -> Pair:
    """Two pairs as one, so that the model sees more than one sentence at a time."""
    return f"{first[0]} {second[0]}", f"{first[1]} {second[1]}"


def greetings(pairs: Sequence[Pair]) -> list[Pair]:
    """The short questions people greet each other with: few in the corpus, first in what people try."""
    return [pair for pair in pairs if pair[0].startswith("How are you") and pair[0].endswith("?") and len(pair[0].split()) <= 5]


def augmented(pairs: Sequence[Pair], names: Sequence[str], rng: random.Random) -> list[Pair]:
    """One epoch's pairs: a quarter of the shared names replaced; openings, joined sentences and greetings in place of some."""
    short = [pair for pair in pairs if pair[0].endswith("?") and len(pair[0].split()) <= 4]
    usual = greetings(pairs)
    out = []
    for pair in pairs:
        if rng.random() < 0.25:
            pair = with_other_name(pair, names, rng)
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
