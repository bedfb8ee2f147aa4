"""Steps of one weight -> what `web/attention/steps.js` draws: strips of numbers, the strongest keys, a sentence for each stage."""

from typing import Any, TypedDict

import numpy as np

from playground.tasks.attention.dot_product import Floats, Steps, softmax_rows
from playground.tasks.side import Side
from playground.views.text import counted, in_quotes, isolated, number, percent, visible

MOST = 12
DIGITS = 4


class Strip(TypedDict):
    """A vector and its length."""

    numbers: list[float]
    norm: str


class KeySteps(TypedDict):
    """One key, from score to share; `weight` as asked, `plain` as the model has it; `part` is weight × value."""

    place: int
    label: str
    key: Strip
    score: str
    scaled: str
    bias: str
    mask: str
    weight: float
    weight_text: str
    plain: str
    value: Strip
    part: Strip
    share: str


class RestOfKeys(TypedDict):
    count: int
    weight_text: str
    part: Strip
    share: str


class StepsView(TypedDict):
    """`keys`: the strongest, `rest` all others; `sentences` by stage: query, scores, scaled, mask, softmax, values, joined, projected."""

    formula: str
    title: str
    before: Strip | None
    query: Strip
    keys: list[KeySteps]
    rest: RestOfKeys | None
    output: Strip
    joined: Strip
    projected: Strip
    head: int
    size: int
    scaled: str
    biased: bool
    changed: bool
    sentences: dict[str, str]


def steps_view(made: Steps) -> StepsView:
    """Strips are plain lists; only the strongest keys carry theirs, the rest is one line. `applied` says what was left out."""
    order = np.argsort(-made.weights, kind="stable")
    few, rest = order[:MOST], order[MOST:]
    return {
        "formula": _formula(made),
        "title": f"Layer {made.layer}, head {made.head}: how {in_quotes(token_label(made.queries, made.place))} looks",
        "before": None if made.query_before is None else _strip(made.query_before),
        "query": _strip(made.query),
        "keys": [_key(made, int(i)) for i in few],
        "rest": _rest(made, rest),
        "output": _strip(made.output),
        "joined": _strip(made.joined),
        "projected": _strip(made.projected),
        "head": made.head,
        "size": len(made.query),
        "scaled": f"÷ √{len(made.query)}" if made.scaling and _by_root(made) else "scaled" if made.scaling else "not scaled",
        "biased": made.bias is not None,
        "changed": not (made.scaling and made.masking),
        "sentences": _sentences(made),
    }


def token_choices(side: Side) -> list[tuple[str, int]]:
    """(label, place) of every token, for a dropdown; the number tells equal tokens apart."""
    return [(f"{i} · {isolated(token_label(side, i))}", i) for i in range(len(side))]


def token_label(side: Side, place: int) -> str:
    return visible(side.labels[place].strip() or side.labels[place])


def _strip(numbers: Floats) -> Strip:
    return {"numbers": numbers.astype(float).tolist(), "norm": _number(float(np.linalg.norm(numbers)))}


def _number(value: float) -> str:
    return number(value, DIGITS)


def _key(made: Steps, i: int) -> KeySteps:
    return {
        "place": i,
        "label": token_label(made.keys, i),
        "key": _strip(made.key[i]),
        "score": _number(float(made.scores[i])),
        "scaled": _number(float(made.scaled[i])),
        "bias": "" if made.bias is None else _number(float(made.bias[i])),
        "mask": _number(float(made.mask[i])) if made.masking else "left out",
        "weight": float(made.weights[i]),
        "weight_text": _number(float(made.weights[i])),
        "plain": _number(float(made.plain[i])),
        "value": _strip(made.value[i]),
        "part": _strip(made.weights[i] * made.value[i]),
        "share": percent(float(made.shares[i])),
    }


def _rest(made: Steps, rest: Any) -> RestOfKeys | None:
    """All other keys together: how many, their weight, and what they bring to the output."""
    if not len(rest):
        return None
    weights = made.weights[rest]
    return {
        "count": len(rest),
        "weight_text": _number(float(weights.sum())),
        "part": _strip(weights @ made.value[rest]),
        "share": percent(float(made.shares[rest].sum())),
    }


def _formula(made: Steps) -> str:
    scaled = "QKᵀ / √d_k" if made.scaling and made.scale != 1 else "QKᵀ"
    bias = " + position bias" if made.bias is not None else ""
    return f"softmax({scaled}{bias}{' + mask' if made.masking else ''}) · V"


def _sentences(made: Steps) -> dict[str, str]:
    d, best = len(made.query), int(made.weights.argmax())
    word = in_quotes(token_label(made.keys, best))
    small = f"dividing by √{d} = {d**0.5:.3f}" if _by_root(made) else f"multiplying by {made.scale:.4g}"
    top, plain = float(made.weights[best]), float(made.plain[best])
    return {
        "query": f"Each token has a query: what it looks for, {d} numbers in this head (d_k = {d}). {_where_positions_enter(made)}",
        "scores": "Each token also has a key: what it can be found by. q·k multiplies both number by number and adds up: the score.",
        "scaled": _scaling_sentence(made, small),
        "mask": _mask_sentence(made),
        "softmax": f"Softmax makes weights of the scores: from 0 to 1, together 1. {word} gets most, {number(top, DIGITS)}"
        + (f"; the model itself gives it {number(plain, DIGITS)}." if not (made.scaling and made.masking) else "."),
        "values": "Each key token has a value too: what it hands over. Weight × value is its share; all shares added up are the output.",
        "joined": f"Concat(head_1, …, head_{made.heads}): all heads side by side, {made.heads} × {d} = {len(made.joined)} numbers.",
        "projected": f"The output projection W^O mixes the heads into {len(made.projected)} numbers, which are added to the token’s own.",
    }


def _by_root(made: Steps) -> bool:
    """Whether the model divides by √d; T5 does not."""
    return bool(np.isclose(made.scale, len(made.query) ** -0.5))


def _where_positions_enter(made: Steps) -> str:
    if made.positions == "rotary":
        return f"Rotary positions: the query is turned by an angle for place {made.place}, each key by its own; lengths stay."
    if made.positions == "relative bias":
        return "Positions enter below, as a bias on the scores that depends on the distance."
    return "Positions were added to the tokens below the first layer, so they are in these numbers already."


def _scaling_sentence(made: Steps, small: str) -> str:
    if np.isclose(made.scale, 1):
        return "This model does not scale its scores: the size was taken into the weights when it was trained."
    rise, plain = (number(_greatest(made, scale), DIGITS) for scale in (1.0, made.scale))
    if made.scaling:
        return (
            f"Sums of many products grow large; {small} brings their differences down: the greatest weight is {plain}, without it {rise}."
        )
    return f"Without {small} the differences are larger: the greatest weight is {rise}, with it {plain}."


def _greatest(made: Steps, scale: float) -> float:
    """The greatest weight this token would give with its scores times `scale`; all else as it is."""
    scores = made.scores * np.float32(scale) + (0 if made.bias is None else made.bias)
    return float(softmax_rows(np.asarray(scores + made.mask if made.masking else scores, np.float32)).max())


def _mask_sentence(made: Steps) -> str:
    masked = np.isneginf(made.mask)
    if not masked.any():
        return "The mask is 0 everywhere here: this token may look at all of them."
    later = int(masked[made.place + 1 :].sum()) if made.kind == "masked" else 0
    hidden = int(masked.sum()) - later
    tokens = " and ".join(counted(n, f"{kind} token") for n, kind in ((later, "later"), (hidden, "hidden")) if n)
    if made.masking:
        why = ["a decoder must not see what it is to predict"] * (later > 0) + ["the hidden you took away"] * (hidden > 0)
        return f"The mask adds −∞ to {tokens}, whose weight is then exactly 0: {', and '.join(why)}."
    seen = float(made.weights[masked].sum())
    copied = ": in training the decoder could copy its answer" if later else ""
    return f"Without the mask {tokens} would take {percent(seen)} of the weight{copied}."
