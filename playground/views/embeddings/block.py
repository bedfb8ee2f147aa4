"""One block, opened -> what `web/embeddings/block.js` draws, its sentences, and what the API returns. Knows no model."""

from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from playground.tasks.embeddings.block import Block, Neuron, Stage
from playground.views.embeddings.embeddings import TokenChip
from playground.views.text import in_quotes, number, percent, visible
from playground.views.wire import halves, packed

NORMS = {  # x is one token's vector; γ and β are learned, one number each for every place in it
    "layer norm": "LayerNorm(x) = γ · (x − mean(x)) / √(var(x) + ε) + β",
    "RMS norm": "RMSNorm(x) = γ · x / √(mean(x²) + ε)",
}


class StageRow(TypedDict):
    """`kind`: the residual "stream", a "norm" of it, or what is "added"; `lengths` of every token's vector there."""

    name: str
    kind: str
    vector: list[float]
    lengths: list[float]


class NeuronRow(TypedDict):
    neuron: int
    activation: float
    adds: float
    promotes: list[str]


class BlockTable(TypedDict):
    """`flow[layer][i]`: the length of what `sublayers[i]` adds to this token there; `stream` the token's length before and after."""

    model: str
    stack: str
    layer: int
    layers: int
    token: int
    tokens: list[str]
    pre_norm: bool
    norm: str
    feed_forward: str
    stages: list[StageRow]
    neurons: list[NeuronRow]
    firing: float
    sublayers: list[str]
    flow: list[list[float]]
    stream: list[float]


def block_table(made: Block) -> BlockTable:
    return {
        "model": made.model,
        "stack": made.stack,
        "layer": made.layer,
        "layers": made.layers,
        "token": made.token,
        "tokens": list(made.labels),
        "pre_norm": made.norm_first,
        "norm": made.norm,
        "feed_forward": made.feed_forward,
        "stages": [{"name": s.name, "kind": s.kind, "vector": _rounded(s.vector), "lengths": _rounded(s.norms)} for s in made.stages],
        "neurons": [
            {"neuron": n.number, "activation": round(n.activation, 5), "adds": round(n.added, 5), "promotes": list(n.promotes)}
            for n in made.neurons
        ],
        "firing": round(made.firing, 4),
        "sublayers": list(made.sublayers),
        "flow": [_rounded(row) for row in made.flow],
        "stream": _rounded(made.stream),
    }


def _rounded(numbers: Any) -> list[float]:
    found: list[float] = np.asarray(numbers).astype(float).round(5).tolist()
    return found


class StageView(TypedDict):
    """`kind`: the residual "stream", a "norm" of it, or what is "added"; `length` of this token's vector, `norms` of every token's."""

    name: str
    kind: str
    length: float
    norms: list[float]


class NeuronView(TypedDict):
    number: int
    activation: float
    added: float
    promotes: list[str]


class BlockView(TypedDict):
    """`arrays`: `stages` float16 (stages, width), the token's vector at each; `along` (neurons, tokens), what each fires at."""

    title: str
    tokens: list[TokenChip]
    token: int
    layer: int
    layers: int
    stages: list[StageView]
    neurons: list[NeuronView]
    arrays: str
    sublayers: list[str]
    flow: list[list[float]]
    stream: list[float]
    formula: str
    norm_formula: str
    stages_sentence: str
    lengths_sentence: str
    neurons_sentence: str
    flow_sentence: str


def block_view(made: Block) -> BlockView:
    return {
        "title": f"Block {made.layer} of the {made.stack} (0 to {made.layers - 1}), token {in_quotes(token_name(made))} ({made.token})",
        "tokens": [{"text": visible(label.strip() or label), "special": s} for label, s in zip(made.labels, made.special, strict=True)],
        "token": made.token,
        "layer": made.layer,
        "layers": made.layers,
        "stages": [_stage(one) for one in made.stages],
        "neurons": [_neuron(one) for one in made.neurons],
        "arrays": packed({"stages": _rows([s.vector for s in made.stages]), "along": _rows([n.along for n in made.neurons])}),
        "sublayers": list(made.sublayers),
        "flow": made.flow.astype(float).tolist(),
        "stream": made.stream.astype(float).tolist(),
        "formula": made.feed_forward,
        "norm_formula": NORMS[made.norm],
        "stages_sentence": stages_sentence(made),
        "lengths_sentence": lengths_sentence(made),
        "neurons_sentence": neurons_sentence(made),
        "flow_sentence": flow_sentence(made),
    }


def _rows(rows: list[NDArray[np.float32]]) -> NDArray[np.float16]:
    return halves(np.stack(rows) if rows else np.zeros((0, 0), np.float32))


def token_name(made: Block) -> str:
    return visible(made.labels[made.token].strip() or made.labels[made.token])


def _neuron(one: Neuron) -> NeuronView:
    return {
        "number": one.number, "activation": one.activation, "added": one.added,
        "promotes": [visible(word) for word in one.promotes],
    }  # fmt: skip


def _stage(one: Stage) -> StageView:
    sign = {"stream": "", "norm": "", "added": "+ "}[one.kind]
    return {
        "name": sign + one.name, "kind": one.kind, "length": float(np.linalg.norm(one.vector)),
        "norms": one.norms.astype(float).tolist(),
    }  # fmt: skip


def stages_sentence(made: Block) -> str:
    """Where the norm stands, and which sub-layer adds most here."""
    added = [one for one in made.stages if one.kind == "added"]
    lengths = [float(np.linalg.norm(one.vector)) for one in added]
    stream = float(np.linalg.norm(made.stages[0].vector))
    low, high = (number(float(find(made.stages[-1].norms))) for find in (np.min, np.max))
    parts = ", ".join(f"{one.name} {number(length)}" for one, length in zip(added, lengths, strict=True))
    where = (
        f"Pre-norm: each sub-layer reads a copy of the stream through {made.norm}, and what it finds is added to the stream itself, which "
        "nothing rescales."
        if made.norm_first
        else f"Post-norm: what a sub-layer finds is added to the stream, then {made.norm} gives the sum a spread of its own, not one "
        f"length: after this block the tokens’ lengths lie from {low} to {high}."
    )
    out = float(made.stages[-1].norms[made.token])
    return f"{where} Here a stream of length {number(stream)} comes in; {parts}; {number(out)} goes out. The parts add up, cell by cell."


def lengths_sentence(made: Block) -> str:
    """Which token's vector is longest once the block is through, and how it stands beside the one in the middle."""
    norms = made.stages[-1].norms
    longest, middle = int(norms.argmax()), float(np.median(norms))
    label = made.labels[longest]
    times = f", {number(float(norms[longest]) / middle, 1)} times the median" if middle > 0 else ""
    return (
        "Each row has its own scale: the longest vector of the row is darkest. After the block the longest is "
        f"{in_quotes(visible(label.strip() or label))} ({longest}): {number(float(norms[longest]))}{times}."
    )


def neurons_sentence(made: Block) -> str:
    """How many neurons are on, and what the strongest does."""
    if not made.neurons:
        return f"None of the {made.width:,} neurons fires for this token: the feed-forward adds its bias only."
    top = made.neurons[0]
    most = int(np.abs(top.along).argmax())
    where = "this token" if most == made.token else f"{in_quotes(visible(made.labels[most].strip() or made.labels[most]))} ({most})"
    return (
        f"{percent(made.firing, 0)} of the {made.width:,} neurons are above 0 for this token. Listed are those that add most to it: "
        f"activation × the length of the neuron’s own vector. In this text neuron {top.number} is strongest at {where}. "
        f"“Points to” lists the vocabulary entries nearest to what it adds.{_unused(made)}"
    )


def _unused(made: Block) -> str:
    """BERT's vocabulary keeps entries free for others to use; no text has them, so a neuron that points there names nothing."""
    free = any(word.startswith("[unused") for one in made.neurons for word in one.promotes)
    return " An entry like [unused125] was kept free in BERT’s vocabulary: no text holds it, so it names nothing." if free else ""


def flow_sentence(made: Block) -> str:
    """Where each sub-layer adds most, and how the stream grows."""
    most = [
        f"{name} in block {int(made.flow[:, i].argmax())} ({number(float(made.flow[:, i].max()))})" for i, name in enumerate(made.sublayers)
    ]
    return (
        f"Most is added by {', by '.join(most)}. The token’s vector is {number(float(made.stream[0]))} long before the first block and "
        f"{number(float(made.stream[-1]))} after the last. {_spread(made)}"
    )


def _spread(made: Block) -> str:
    first, last, grown = float(made.stream[0]), float(made.stream[-1]), int(np.diff(made.stream).argmax())
    if made.stream.max() > 20 * np.median(made.stream):
        return f"Block {grown} makes it far longer than it is elsewhere: a massive activation (Sun et al. 2024)."
    if not made.norm_first:
        low, high = number(float(made.stream.min())), number(float(made.stream.max()))
        return f"The norm after each sum rescales the stream: from block to block its length lies between {low} and {high}."
    if last > 1.5 * first:
        return "Later blocks add to a longer stream, so the same length changes its direction less."
    return ""
