"""How a text was cut -> what `/token_steps` answers: each word's steps in sentences. Knows no tokenizer and no page."""

from typing import TypedDict

from playground.tasks.tokens.bpe import Merging
from playground.tasks.tokens.segmentation import Cutting, Word
from playground.tasks.tokens.unigram import Lattice
from playground.tasks.tokens.wordpiece import Matching


class WordSteps(TypedDict):
    """`steps` are sentences in order; `pieces` what the word became, as the vocabulary writes them."""

    word: str
    pieces: list[str]
    ids: list[int]
    steps: list[str]


class CutSteps(TypedDict):
    """`agrees`: the ids worked out from the tables are those of the library, and the files, that `compared` names."""

    tokenizer: str
    scheme: str
    normalised: list[str]
    words: list[WordSteps]
    pieces: list[str]
    ids: list[int]
    agrees: bool
    compared: str


def cut_steps(made: Cutting) -> CutSteps:
    """The answer of `/token_steps`."""
    words: list[WordSteps] = [
        {"word": word.text, "pieces": list(word.pieces), "ids": list(word.ids), "steps": _sentences(word)} for word in made.words
    ]
    return {
        "tokenizer": made.tokenizer,
        "scheme": made.scheme,
        "normalised": [segment.normalised for segment in made.segments],
        "words": words,
        "pieces": list(made.pieces),
        "ids": list(made.ids),
        "agrees": made.agrees,
        "compared": made.compared,
    }


def _sentences(word: Word) -> list[str]:
    steps = word.steps
    if isinstance(steps, Merging):
        return [f"merge rank {m.rank}: {' '.join(steps.after(i + 1))}" for i, m in enumerate(steps.merges)]
    if isinstance(steps, Matching):
        found = [f"longest match from {m.start}: {m.piece}" for m in steps.matches]
        return found + ([f"no match from {steps.failed}: {steps.unknown}"] if steps.failed >= 0 else [])
    if isinstance(steps, Lattice):
        arcs = [steps.arcs[i] for i in steps.path]
        return [f"{steps.text[a.start : a.end]} score {a.score:.3f}, best to {a.end}: {float(steps.best[a.end]):.3f}" for a in arcs]
    return ["special token, taken whole"]
