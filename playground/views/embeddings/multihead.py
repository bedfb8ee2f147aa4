"""The lesson's attention beside torch's -> what `web/embeddings/multihead.js` draws. Knows no model."""

from typing import Any, TypedDict

from playground.tasks.embeddings.multihead import MultiHead
from playground.views.text import signed, visible
from playground.views.wire import halves, packed

ROWS, NUMBERS = 6, 4
EQUAL = 1e-5


class OutputRow(TypedDict):
    """The first numbers of a token's vector, as text, from all three."""

    label: str
    ours: str
    torch: str
    own: str


class MultiHeadView(TypedDict):
    """`arrays`: `weights` float16 (heads, tokens, tokens)."""

    names: list[str]
    rows: list[OutputRow]
    heads: int
    arrays: str
    sentence: str
    formula: str


def multihead_view(made: MultiHead) -> MultiHeadView:
    """The first numbers of the first tokens from all three, and `weights` float16 (heads, tokens, tokens) in `arrays`."""
    names = [visible(label.strip() or label) for label in made.labels]
    rows: list[OutputRow] = [
        {"label": names[i], "ours": _numbers(made.ours[i]), "torch": _numbers(made.torch[i]), "own": _numbers(made.own[i])}
        for i in range(min(ROWS, len(names)))
    ]
    return {
        "names": names, "rows": rows, "heads": made.heads, "arrays": packed({"weights": halves(made.weights)}),
        "sentence": multihead_sentence(made),
        "formula": multihead_formula(made),
    }  # fmt: skip


def multihead_formula(made: MultiHead) -> str:
    """Vaswani et al. 2017, section 3.2.2, with this model's numbers."""
    head = f"head_i = softmax(Q_i K_iᵀ / √d_k) V_i, d_k = {made.width} / {made.heads} = {made.width // made.heads}"
    return f"MultiHead(Q, K, V) = Concat(head_1, …, head_{made.heads}) W^O, {head}"


def _numbers(row: Any) -> str:
    return "  ".join(signed(float(n), 4) for n in row[:NUMBERS]) + " …"


def multihead_sentence(made: MultiHead) -> str:
    """Whether the three agree, with the largest difference of any number."""
    worst = max(made.to_torch, made.to_own, made.to_torch_weights)
    said = "All three give the same vectors" if worst <= EQUAL else "The three do not give the same vectors"
    shape = f"{len(made.labels)} tokens × {made.width} numbers, {made.heads} heads of {made.width // made.heads}"
    return (
        f"{said} ({shape}): the largest difference of any number is {made.to_torch:.0e} to torch.nn.MultiheadAttention (weights: "
        f"{made.to_torch_weights:.0e}) and {made.to_own:.0e} to the model’s own layer {made.layer}. Rounding alone is near 1e-07."
    )
