"""Greedy, sampled and beam-searched text side by side, and the beam tree -> what `web/ways.js` shows. Knows no model."""

from collections.abc import Sequence
from typing import Any, TypedDict

import numpy as np

from playground.tasks.beams import BeamTree
from playground.tasks.generation import Generation
from playground.tasks.tracing import perplexity_of
from playground.views.text import visible


class Way(TypedDict):
    """One column: `total` and `perplexity` as text, of the model's own probabilities (temperature 1)."""

    name: str
    said: str
    text: str
    tokens: list[dict[str, Any]]
    total: str
    perplexity: str
    value: float


def way_of(name: str, said: str, made: Generation) -> Way:
    """A column from a traced generation."""
    assert made.trace is not None, "asked for with alternatives"
    trace, chances = made.trace, made.trace.log_probabilities
    texts = dict(zip(trace.words.ids, trace.words.labels, strict=True))
    tokens = [
        {"text": visible(texts[int(number)]), "p": float(f"{p:.4g}"), "newline": "\n" in texts[int(number)]}
        for number, p in zip(trace.ids, np.exp(chances), strict=True)
    ]
    total = float(chances.sum(dtype=np.float64))
    return {"name": name, "said": said, "text": made.text, "tokens": tokens, "total": _signed(total), "value": total,
            "perplexity": f"{perplexity_of(chances):.3g}" if len(trace) else "–"}  # fmt: skip


def way_of_tree(tree: BeamTree) -> Way:
    """A column from the search's best answer. Without a repetition penalty its sums are of the model's own probabilities too."""
    best = tree.finished[0]
    nodes = [tree.nodes[place] for place in best.nodes]
    tokens = [{"text": visible(n.label), "p": float(f"{np.exp(n.log_probability):.4g}"), "newline": "\n" in n.label} for n in nodes]
    return {"name": "beam search", "said": f"keeps {tree.beams} texts alive, then takes the likeliest", "text": best.text, "tokens": tokens,
            "total": _signed(best.total), "value": best.total, "perplexity": f"{np.exp(-best.total / len(nodes)):.3g}"}  # fmt: skip


def tree_view(tree: BeamTree) -> dict[str, Any]:
    """Nodes as short rows: step, parent (-1: the prompt), text, ln p, total, rank, fate. `best` are the first answer's nodes."""
    return {
        "beams": tree.beams,
        "steps": tree.steps,
        "nodes": [[n.step, n.parent, visible(n.label), round(n.log_probability, 3), round(n.total, 3), n.rank, n.fate] for n in tree.nodes],
        "finished": [
            {"text": f.text, "nodes": list(f.nodes), "total": _signed(f.total), "score": _signed(f.score), "tokens": len(f.nodes)}
            for f in tree.finished
        ],
    }


def ways_view(ways: Sequence[Way], tree: BeamTree | None) -> dict[str, Any]:
    return {"ways": list(ways), "tree": None if tree is None else tree_view(tree)}


def ways_sentence(ways: Sequence[Way], tree: BeamTree) -> str:
    """Which text the model itself finds likeliest, and what the search threw away."""
    pruned = sum(node.fate == "pruned" for node in tree.nodes)
    best = max(ways, key=lambda way: way["value"])
    return (
        f"Of the three, the model finds the text of “{best['name']}” likeliest: ln p {best['total']}. Beam search looked at "
        f"{len(tree.nodes):,} candidates in {tree.steps:,} steps and pruned {pruned:,}. A likelier text is not always a better one."
    )


def _signed(value: float) -> str:
    return f"{value:.3f}".replace("-", "−")


class BeamAnswer(TypedDict):
    """`score` is total / tokens, natural logarithms."""

    text: str
    total: float
    score: float
    tokens: int


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
        "answers": [{"text": f.text, "total": f.total, "score": f.score, "tokens": len(f.nodes)} for f in tree.finished],
        "nodes": [
            {"step": n.step, "parent": n.parent, "id": n.id, "text": n.label, "log_probability": n.log_probability, "total": n.total,
             "rank": n.rank, "fate": n.fate}
            for n in tree.nodes
        ],
    }  # fmt: skip
