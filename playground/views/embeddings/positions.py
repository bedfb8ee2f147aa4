"""Positions -> what `web/embeddings/positions.js` and `web/embeddings/shuffle.js` draw, with sentences. Knows no model."""

from typing import NotRequired, TypedDict

import numpy as np

from playground.tasks.embeddings.positions import PositionTable, Rotary, Shuffle
from playground.views.text import counted, in_quotes, number, percent, visible
from playground.views.wire import cosines, halves, packed

CLEAR = 0.05  # how much less alike far places must be

FORMULAS = {  # p is the place, d the length of a vector, i the number of a pair
    "learned": "x_p = token + table[p]",
    "sinusoidal": "PE(p, 2i) = sin(p / 10000^(2i/d))    PE(p, 2i+1) = cos(p / 10000^(2i/d))",
    "rotary": "(a, b) → (a cos pθ_i − b sin pθ_i, a sin pθ_i + b cos pθ_i)",
    "relative bias": "score = q·k + bias[distance]",
}


class Size(TypedDict):
    rows: int
    width: int


class RotaryView(TypedDict):
    """A query and a key not yet turned; pair i turns by place × `frequencies`[i]. `curve`: the scaled score by distance."""

    query: list[float]
    key: list[float]
    frequencies: list[float]
    scale: float
    curve: list[float]
    query_label: str
    key_label: str
    query_place: int
    key_place: int


class PositionsView(TypedDict):
    """One of `table`, `bias` and `rotary` is there. `arrays`: the first's numbers and `cosines`, or the second's, float16."""

    kind: str
    title: str
    sentence: str
    formula: str
    table: NotRequired[Size]
    bias: NotRequired[Size]
    arrays: NotRequired[str]
    by_distance: NotRequired[list[float]]
    rotary: NotRequired[RotaryView]


class MovedToken(TypedDict):
    """`to`: its place in the shuffled text; cosines of its last vector with itself there, `kept` with positions, `bare` without."""

    text: str
    special: bool
    to: int
    kept: float
    bare: float


class ShuffleView(TypedDict):
    tokens: list[MovedToken]
    order: str
    sentence: str


def positions_view(made: PositionTable) -> PositionsView:
    """One of `table`, `bias` and `rotary` is there; numbers to draw travel in two bytes each, the rest as lists."""
    shown: PositionsView = {"kind": made.kind, "title": _title(made), "sentence": positions_sentence(made), "formula": FORMULAS[made.kind]}
    if made.table is not None and made.cosines is not None and made.by_distance is not None:
        shown["table"] = {"rows": len(made.table), "width": made.table.shape[1]}
        shown["arrays"] = packed({"table": halves(made.table), "cosines": cosines(made.cosines)})
        shown["by_distance"] = made.by_distance.astype(float).tolist()
    if made.bias is not None:
        shown["bias"] = {"rows": len(made.bias), "width": made.bias.shape[1]}
        shown["arrays"] = packed({"bias": halves(made.bias)})
    if made.rotary is not None:
        shown["rotary"] = _rotary(made.rotary)
    return shown


def _title(made: PositionTable) -> str:
    how = {
        "learned": "a learned vector for each place",
        "sinusoidal": "sines and cosines of the place",
        "rotary": "queries and keys turned by their place (rotary)",
        "relative bias": "a bias on the scores, by distance",
    }
    return f"How this {made.stack} tells places apart: {how[made.kind]}"


def positions_sentence(made: PositionTable) -> str:
    """What to look for, with the model's own numbers."""
    if made.rotary is not None:
        return _rotary_sentence(made.rotary)
    if made.bias is not None:
        middle = made.bias.shape[1] // 2
        itself = int((made.bias[:, middle] > made.bias[:, 0]).sum())
        return (
            f"Nothing is added to the tokens: each of the {len(made.bias)} heads adds its own number to a score, which depends on the "
            f"distance from query to key alone. {itself} of them favour the token itself over one {middle} places before."
        )
    assert made.by_distance is not None
    away = min(32, len(made.by_distance) - 1)
    near, far = (float(made.by_distance[d]) for d in (1, away))
    read = "nearness can be read off the vectors" if near > far + CLEAR else "these two numbers alone do not tell near from far"
    share = made.table_norm / made.token_norm if made.token_norm else 0.0
    waves = (
        "Each column is a wave, sines in the left half and cosines in the right; in each half the first swing with every place, the last "
        "hardly move"
        if made.kind == "sinusoidal"
        else "Nobody wrote these vectors: look whether training made slow waves of them"
    )
    return (
        f"{waves}. Neighbours have a cosine of {number(near)}, places {away} apart {number(far)}: {read}. "
        f"Their mean length is {number(made.table_norm)}, {percent(share, 0)} of this text’s tokens’; the table ends after "
        f"{made.window:,} places."
    )


def _rotary(made: Rotary) -> RotaryView:
    return {
        "query": made.query.astype(float).tolist(),
        "key": made.key.astype(float).tolist(),
        "frequencies": made.frequencies.astype(float).tolist(),
        "scale": made.scale,
        "curve": made.curve.astype(float).tolist(),
        "query_label": visible(made.query_label.strip() or made.query_label),
        "key_label": visible(made.key_label.strip() or made.key_label),
        "query_place": made.query_place,
        "key_place": made.key_place,
    }


def _rotary_sentence(made: Rotary) -> str:
    best, turns = int(made.curve.argmax()), made.frequencies
    slow = 2 * np.pi / float(turns[-1])
    return (
        "No position is added to any vector. In every layer each pair of numbers of a query or key is turned by place × its own speed: "
        f"the first pair by {number(float(turns[0]))} radians a place, the last takes {slow:,.0f} places for one round. Turning both by "
        f"the same angle leaves q·k as it was, so the score knows the distance only. For these two vectors, of the distances 0 to "
        f"{len(made.curve) - 1}, it is highest at {best}."
    )


def shuffle_view(made: Shuffle) -> ShuffleView:
    tokens: list[MovedToken] = [
        {"text": visible(label.strip() or label), "special": special, "to": int(to), "kept": float(kept), "bare": float(bare)}
        for label, special, to, kept, bare in zip(made.labels, made.special, made.moved, made.kept, made.bare, strict=True)
    ]
    return {"tokens": tokens, "order": visible(made.order).replace("␣", " "), "sentence": shuffle_sentence(made)}


def shuffle_sentence(made: Shuffle) -> str:
    """What the order of the words was worth, and what is left of it without positions."""
    words = [i for i, special in enumerate(made.special) if not special] or list(range(len(made.labels)))
    kept, low = float(made.kept[words].mean()), min(words, key=lambda i: made.kept[i])
    name = visible(made.labels[low].strip() or made.labels[low])
    first = (
        f"{counted(made.changed, 'word')} {'stands' if made.changed == 1 else 'stand'} elsewhere. With positions a word’s last vector "
        f"keeps a mean cosine of {number(kept)} with itself; {in_quotes(name)} changes most ({number(float(made.kept[low]))})."
    )
    if made.difference < 1e-3:
        return (
            f"{first} Without positions every vector is the same as before, only elsewhere (largest difference of any number: "
            f"{made.difference:.0e}): to this encoder a text would be a bag of words."
        )
    bare = float(made.bare[words].mean())
    mask = "a decoder’s mask still tells it what came before, so order is not all lost"
    return f"{first} Without positions the mean is {number(bare, 2 if bare < 0.995 else 5)}, not 1: {mask}."
