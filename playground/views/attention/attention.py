"""An attention map -> a plotly heatmap, and what the API returns; what there is to look at in a run. Knows no model.

plotly reads labels and hovers as markup, so every label passes `plotly_label`, and axes are integer positions: two tokens with
the same text never share a row.
"""

from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from playground.tasks.attention.attention import Attention, AttentionMap
from playground.tasks.precision import packing_error
from playground.views.text import counted, full_stop, isolated, plotly_label, quoted

if TYPE_CHECKING:
    import plotly.graph_objects as go

TICKS = 64
DUST = 1000
LABEL = 14
HIDDEN = "#9ca3af55"


class AttentionWeights(TypedDict):
    """`weights[q][k]`: how much of token k the head takes into token q, with the digits it has, four decimals or more; each row sums to
    1 within 0.001. Layers and heads count from 0. `left_out` tokens were too many, and `note` says of which text, "" if none was."""

    query_tokens: list[str]
    key_tokens: list[str]
    weights: list[list[float]]
    layer: int
    head: Any
    kind: str
    left_out: int
    note: str


def attention_weights(made: AttentionMap) -> AttentionWeights:
    return {
        "query_tokens": list(made.queries.labels),
        "key_tokens": list(made.keys.labels),
        "weights": _told(made.weights.astype(float)),
        "layer": made.layer,
        "head": made.head,
        "kind": made.kind,
        "left_out": made.cut + made.target_cut,
        "note": cut_sentence(made).strip(),
    }


def _told(weights: NDArray[np.float64]) -> list[list[float]]:
    """Each with as many decimals as are right: the last is off by one at most (views/text.py)."""
    scale = 10.0 ** np.floor(-np.log10(2 * packing_error(weights)) + 1e-9)
    found: list[list[float]] = (np.rint(weights * scale) / scale).tolist()
    return found


def cut_sentence(made: Attention | AttentionMap) -> str:
    """What was left out of what the model read, after a space; "" if nothing was."""
    parts = [(made.cut, "text"), (made.target_cut, "target text")]
    return "".join(
        f" The {name} was too long: its last {counted(cut, 'token')} {'was' if cut == 1 else 'were'} left out."
        for cut, name in parts
        if cut
    )


def attention_figure(made: AttentionMap) -> "go.Figure":
    """Rows are the tokens that look, columns the tokens looked at; under a causal mask the future is grey, not zero.

    Viridis, since it has no grey of its own and reads with any colour vision.
    """
    import plotly.graph_objects as go

    weights = made.weights.astype(np.float32).copy()
    if made.kind == "masked":
        weights[np.triu_indices(len(weights), 1)] = np.nan
    top = _brightest(made.weights)
    over = "" if top >= made.weights.max() else f" (brightest: {top:.2g} or more)"
    rows, columns = ([plotly_label(label, LABEL) for label in side.labels] for side in (made.queries, made.keys))
    few = len(rows) * len(columns) <= 40_000
    texts = np.array([[f"{isolated(q)} looks at {isolated(k)}" for k in columns] for q in rows]) if few else None
    figure = go.Figure(
        go.Heatmap(
            z=weights, zmin=0, zmax=top, colorscale="Viridis", text=texts, hoverongaps=False,
            xgap=1 if len(columns) <= TICKS else 0, ygap=1 if len(rows) <= TICKS else 0,
            colorbar={"title": {"text": f"attention weight{over}", "side": "right"}, "thickness": 14},
            hovertemplate=("%{text}<br>" if texts is not None else "") + "row %{y}, column %{x}<br>weight %{z:.4f}<extra></extra>",
        )
    )  # fmt: skip
    figure.update_layout(
        height=int(np.clip(22 * len(rows) + 130, 360, 900)), margin={"l": 8, "r": 8, "t": 8, "b": 8}, paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor=HIDDEN if made.kind == "masked" else "rgba(0,0,0,0)", font={"color": "#808690", "size": 13},
        xaxis=_axis(columns, "looked at (key)") | {"side": "top", "tickangle": -60},
        yaxis=_axis(rows, "looks (query)") | {"autorange": "reversed"},
    )  # fmt: skip
    return figure


def _brightest(weights: NDArray[np.float32]) -> float:
    """The largest weight; of many tokens the 99th percentile, since one sink would leave all else in the darkest colour.

    Of those above a thousandth of the largest, or what a sink leaves over would be as bright as the sink.
    """
    most = float(weights.max())
    return most if max(weights.shape) <= TICKS else float(np.quantile(weights[weights > most / DUST], 0.99))


def _axis(labels: list[str], title: str) -> dict[str, Any]:
    """Integer positions with the token as text; where there are many, every nth."""
    step = -(-len(labels) // TICKS)
    places = list(range(0, len(labels), step))
    named = {"tickvals": places, "ticktext": [labels[i] for i in places]}
    return named | {"title": title, "automargin": True, "showgrid": False, "zeroline": False}


def run_sentence(run: Attention) -> str:
    """What there is to look at in this run."""
    kinds = {"self": "encoder self-attention", "masked": "masked decoder self-attention", "cross": "cross-attention"}
    parts = [f"{kinds[s.kind]}: {s.layers} layers × {s.heads} heads, {len(s.queries)} × {len(s.keys)} tokens" for s in run.shapes]
    read = f" The decoder read {full_stop(quoted(run.target))}" if run.target else ""
    return f"To look at: {'; '.join(parts)}.{read}{cut_sentence(run)}"
