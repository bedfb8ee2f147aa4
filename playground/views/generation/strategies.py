"""Greedy, sampled and beam-searched text side by side, and the beam tree -> what `web/generation/ways.js` shows. Knows no model."""

import math
from collections.abc import Sequence
from typing import TypedDict

import numpy as np

from playground.tasks.generation.beams import BeamTree
from playground.tasks.generation.generation import Generation
from playground.views.text import counted, in_quotes, number, visible


class WayToken(TypedDict):
    text: str
    p: float
    newline: bool


class Way(TypedDict):
    """One column, of the model's own probabilities (temperature 1): `total`, `mean` (a token, natural log) and `perplexity` as text.

    `value` is the mean: a sum falls with every token, so sums compare only texts of one length.
    """

    name: str
    said: str
    text: str
    tokens: list[WayToken]
    total: str
    mean: str
    perplexity: str
    value: float


def way_of(name: str, said: str, made: Generation) -> Way:
    """A column from a traced generation."""
    assert made.trace is not None, "asked for with alternatives"
    trace, chances = made.trace, made.trace.log_probabilities
    texts = dict(zip(trace.words.ids, trace.words.labels, strict=True))
    tokens: list[WayToken] = [
        {"text": visible(texts[int(number)]), "p": float(p), "newline": "\n" in texts[int(number)]}
        for number, p in zip(trace.ids, np.exp(chances), strict=True)
    ]
    return _way(name, said, made.text, tokens, float(chances.sum(dtype=np.float64)))


def way_of_tree(tree: BeamTree) -> Way:
    """A column from the search's best answer. Without a repetition penalty its sums are of the model's own probabilities too."""
    best = tree.finished[0]
    nodes = [tree.nodes[place] for place in best.nodes]
    tokens: list[WayToken] = [{"text": visible(n.label), "p": float(np.exp(n.log_probability)), "newline": "\n" in n.label} for n in nodes]
    said = f"keeps {tree.beams} texts alive, then takes the one with the best mean ln p a token"
    return _way("beam search", said, best.text, tokens, best.total)


def _way(name: str, said: str, text: str, tokens: list[WayToken], total: float) -> Way:
    mean = total / max(1, len(tokens))
    return {"name": name, "said": said, "text": text, "tokens": tokens, "total": _signed(total), "mean": _signed(mean), "value": mean,
            "perplexity": f"{math.exp(-mean):.3g}" if tokens else "–"}  # fmt: skip


class FinishedBeam(TypedDict):
    text: str
    nodes: list[int]
    total: str
    score: str
    tokens: int


class TreeView(TypedDict):
    """`nodes`: (step, parent (−1: the prompt), text, ln p, total, rank, fate); `finished`, best first, name theirs by number."""

    beams: int
    steps: int
    nodes: list[tuple[int, int, str, float, float, int, str]]
    finished: list[FinishedBeam]


class WaysView(TypedDict):
    ways: list[Way]
    tree: TreeView | None


def tree_view(tree: BeamTree) -> TreeView:
    return {
        "beams": tree.beams,
        "steps": tree.steps,
        "nodes": [(n.step, n.parent, visible(n.label), n.log_probability, n.total, n.rank, n.fate) for n in tree.nodes],
        "finished": [
            {
                "text": f.text + (f"⟨{f.held}⟩" if f.held else ""),
                "nodes": list(f.nodes),
                "total": _signed(f.total),
                "score": _signed(f.score),
                "tokens": len(f.nodes),
            }
            for f in tree.finished
        ],
    }


def ways_view(ways: Sequence[Way], tree: BeamTree | None) -> WaysView:
    return {"ways": list(ways), "tree": None if tree is None else tree_view(tree)}


def ways_sentence(ways: Sequence[Way], tree: BeamTree) -> str:
    """Which text has the best mean ln p and which the best sum, where these are two; whether the winner led all along; what was pruned."""
    pruned = sum(node.fate == "pruned" for node in tree.nodes)
    return (
        f"{_best_sentence(ways)} {_lead_sentence(tree)} Beam search looked at {len(tree.nodes):,} candidates in "
        f"{counted(tree.steps, 'step')} and pruned {pruned:,}. A likelier text is not always a better one."
    )


def _best_sentence(ways: Sequence[Way]) -> str:
    best = max(ways, key=lambda way: way["value"])
    ahead = [way["name"] for way in ways if way["mean"] == best["mean"]]
    told = f"The best mean ln p a token, {best['mean']}, is that of {' and '.join(ahead)}."
    sizes = [len(way["tokens"]) for way in ways]
    if len(set(sizes)) == 1:
        return told
    listed = ", ".join(map(str, sizes[:-1])) + f" and {sizes[-1]}"
    return f"{told} The texts have {listed} tokens, so their sums do not compare: each token more makes a sum smaller."


def _lead_sentence(tree: BeamTree) -> str:
    """The last step at whose end another beam than the best answer's had the highest sum."""
    best = set(tree.finished[0].nodes)
    firsts = [(n.step, place) for place, n in enumerate(tree.nodes) if n.rank == 1]
    lost = [(step, place) for step, place in firsts if place not in best and step <= len(best)]
    if not lost:
        return "The best answer led at every step."
    step, place = lost[-1]
    other = in_quotes(visible(tree.nodes[place].label))
    return f"At step {step} another text still led, the one that went on with {other}, and did not win."


def _signed(value: float) -> str:
    return number(value, 3)


class BeamAnswer(TypedDict):
    """`score` is total / tokens, natural logarithms; the answers stand by it, best first.

    `held_back`: bytes, as "F0 9F", of a character that the answer ends inside of; `text` ends before it.
    """

    text: str
    total: float
    score: float
    tokens: int
    held_back: str


class BeamNode(TypedDict):
    """`parent` is a place in the list, -1 for the prompt; fate is kept, ended or pruned."""

    step: int
    parent: int
    id: int
    text: str
    log_probability: float
    total: float
    rank: int
    fate: str


class BeamSearch(TypedDict):
    """The answers, best first, and every candidate of every step."""

    answers: list[BeamAnswer]
    nodes: list[BeamNode]


def beam_search(tree: BeamTree) -> BeamSearch:
    return {
        "answers": [{"text": f.text, "total": f.total, "score": f.score, "tokens": len(f.nodes), "held_back": f.held}
                    for f in tree.finished],
        "nodes": [
            {"step": n.step, "parent": n.parent, "id": n.id, "text": n.label, "log_probability": n.log_probability, "total": n.total,
             "rank": n.rank, "fate": n.fate}
            for n in tree.nodes
        ],
    }  # fmt: skip
