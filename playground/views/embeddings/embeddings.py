"""Embeddings -> what `web/embeddings/embeddings.js` draws, a plotly figure of paths, sentences, and what the API returns."""

from typing import TYPE_CHECKING, Any, Literal, TypedDict

import numpy as np

from playground.tasks.embeddings.embeddings import Embeddings, Neighbours, square
from playground.views.text import counted, full_stop, in_quotes, number, percent, plotly_label, quoted, visible
from playground.views.wire import cosines, halves, packed

if TYPE_CHECKING:
    import plotly.graph_objects as go

Axes = Literal["together", "apart"]
LABEL = 18


class EmbeddingsTable(TypedDict):
    """`cosines[i][j]` of tokens i and j at `stage`; `lengths` of their vectors there; `coordinates` on three principal axes of
    all stages at once (vectors scaled to length 1), whose shares of the variance are `shares`."""

    model: str
    stack: str
    positions: str
    tokens: list[str]
    special: list[bool]
    stages: list[str]
    stage: int
    cosines: list[list[float]]
    lengths: list[float]
    coordinates: list[list[float]]
    shares: list[float]
    left_out: int


def embeddings_table(made: Embeddings, stage: int) -> EmbeddingsTable:
    return {
        "model": made.model,
        "stack": made.stack,
        "positions": made.positions,
        "tokens": list(made.labels),
        "special": list(made.special),
        "stages": list(made.stages),
        "stage": stage,
        "cosines": square(made.cosines[stage]).astype(float).round(4).tolist(),
        "lengths": made.norms[stage].astype(float).round(4).tolist(),
        "coordinates": made.together[stage].astype(float).round(4).tolist(),
        "shares": made.together_shares.astype(float).round(4).tolist(),
        "left_out": made.cut,
    }


def word(labels: tuple[str, ...], place: int) -> str:
    """A token as a sentence names it."""
    return visible(labels[place].strip() or labels[place])


class TokenChip(TypedDict):
    text: str
    special: bool


class PartView(TypedDict):
    """`rows`: one for each token, or 1 where all have the same."""

    name: str
    rows: int


class EmbeddingsView(TypedDict):
    """`arrays`: part0, part1, … and, where there is a first norm, normed (tokens, width), and cosines; `second`: where text B begins.

    `first`: the pair of tokens shown first. `lengths` by part, of one row where all tokens have the same; `norms` (stages, tokens).
    """

    tokens: list[TokenChip]
    second: int
    width: int
    parts: list[PartView]
    arrays: str
    stages: list[str]
    lengths: dict[str, list[float]]
    norms: list[list[float]]
    first: list[int]
    parts_sentence: str
    pair_sentence: str


class Neighbour(TypedDict):
    label: str
    id: int
    cosine: float


class NeighboursView(TypedDict):
    title: str
    rows: list[Neighbour]
    sentence: str


def embeddings_view(made: Embeddings) -> EmbeddingsView:
    """`arrays`: part0, part1, … and normed (tokens, width), and cosines, in two bytes a number; lengths as they are. `first` is the pair
    shown first: a word that both texts have, else the first two words."""
    numbers = {f"part{i}": halves(part.numbers) for i, part in enumerate(made.parts)}
    if made.normed is not None:
        numbers["normed"] = halves(made.normed)
    return {
        "tokens": [{"text": word(made.labels, i), "special": made.special[i]} for i in range(len(made.labels))],
        "second": made.second,
        "width": made.parts[0].numbers.shape[1],
        "parts": [{"name": part.name, "rows": len(part.numbers)} for part in made.parts],
        "arrays": packed({**numbers, "cosines": cosines(made.cosines)}),
        "stages": list(made.stages),
        "lengths": lengths_of(made),
        "norms": made.norms.astype(float).tolist(),
        "first": list(first_pair(made)),
        "parts_sentence": parts_sentence(made),
        "pair_sentence": "A word alone has one embedding; the blocks mix its neighbours in. Follow two tokens from the embedding up: "
        "where the cosine falls, their contexts drive them apart; where it rises, they turn towards each other; "
        "compare with the mean over all pairs, which may rise too.",
    }


def lengths_of(made: Embeddings) -> dict[str, list[float]]:
    """The lengths beside the strips: of each part, of their sum where there are several, and of what a first norm makes of it.

    Of one row where all tokens have the same.
    """
    found = {part.name: part.numbers for part in made.parts}
    if len(made.parts) > 1:
        found["sum"] = np.sum(np.broadcast_arrays(*(part.numbers for part in made.parts)), axis=0)
    if made.normed is not None:
        found["after layer norm"] = made.normed
    return {name: np.linalg.norm(numbers, axis=1).astype(float).tolist() for name, numbers in found.items()}


def first_pair(made: Embeddings) -> tuple[int, int]:
    """A word of three letters or more in both texts; else the first two words."""
    names = [label.strip().lower() for label in made.labels]
    words = [i for i, name in enumerate(names) if not made.special[i] and sum(c.isalnum() for c in name) >= 3]
    both = [(i, j) for i in words if i < made.second for j in words if j >= made.second and names[i] == names[j] and len(names[i]) > 3]
    few = [*words, *(i for i in range(len(names)) if i not in words)]
    return both[-1] if both else (few[0], few[min(1, len(few) - 1)])


def parts_sentence(made: Embeddings) -> str:
    """How positions enter, with the lengths of what is added up."""
    lengths = {part.name: float(np.linalg.norm(part.numbers, axis=1).mean()) for part in made.parts}
    token = next(length for name, length in lengths.items() if name.startswith("token"))
    if "position" in lengths:
        how = {"learned": "a vector learned for each place", "sinusoidal": "sines and cosines of the place"}[made.positions]
        share = lengths["position"] / token
        rest = " Layer norm then sets the scale the first block reads." if made.normed is not None else ""
        return (
            f"The token’s own vector (mean length {number(token)}) and {how} (mean length {number(lengths['position'])}, "
            f"{percent(share, 0)} of it) are added number by number.{rest} The same word at two places differs in the position’s part "
            "alone."
        )
    how = "by turning queries and keys inside every attention layer" if made.positions == "rotary" else "as a bias on the attention scores"
    return (
        f"Only the token’s vector (mean length {number(token)}) goes in: this model adds no position. It learns of positions {how}, so the "
        "same word begins with the same numbers wherever it stands."
    )


def embeddings_sentence(made: Embeddings) -> str:
    """What there is to look at, and what the text's most telling pair does."""
    cut = (
        f" The text was too long: {counted(made.cut, 'token')} at its end {'was' if made.cut == 1 else 'were'} left out."
        if made.cut
        else ""
    )
    translated = made.stack == "decoder" and not any(text.startswith(made.labels[0]) for text in made.texts)
    read = f" The decoder read {full_stop(quoted(made.texts[0]))}" if translated else ""
    i, j = first_pair(made)
    first, last = (float(square(made.cosines[s])[i, j]) for s in (0, -1))
    pair = f"{in_quotes(word(made.labels, i))} ({i}) and {in_quotes(word(made.labels, j))} ({j})"
    return (
        f"{len(made.labels)} tokens, {len(made.stages)} stages, {made.parts[0].numbers.shape[1]} numbers a token. "
        f"{pair} begin with a cosine of {number(first)} and end with {number(last)}.{read}{cut}"
    )


def paths_figure(made: Embeddings, token: int, stage: int, axes: Axes, flat: bool) -> "go.Figure":
    """Every token at one stage on the principal axes, and the path of `token` through all stages on the axes they share.

    Labels pass `plotly_label`; axes fitted to one stage hold no path, since other stages have no place on them.
    """
    import plotly.graph_objects as go

    places = (made.together if axes == "together" else made.apart)[stage]
    shares = made.together_shares if axes == "together" else made.apart_shares[stage]
    colours = ["#9ca3af" if s else "#ea580c" if made.second and i >= made.second else "#2563eb" for i, s in enumerate(made.special)]
    names = [plotly_label(label.strip() or label, LABEL) for label in made.labels]
    marks = {"mode": "markers+text", "text": names, "textposition": "top center", "hovertemplate": "%{text} (%{customdata})<extra></extra>"}
    marker = {"color": colours, "size": [12 if i == token else 7 for i in range(len(names))]}
    traces = [_trace(go, places, flat, customdata=list(range(len(names))), marker=marker, name="tokens", **marks)]
    if axes == "together":
        steps = [plotly_label(name) for name in made.stages]
        line = {"mode": "lines+markers", "line": {"color": "#b45309", "width": 2}, "marker": {"size": 4, "color": "#b45309"}}
        traces.append(_trace(go, made.together[:, token], flat, text=steps, hovertemplate="%{text}<extra></extra>", name="path", **line))
    figure = go.Figure(traces)
    titles = [f"axis {k + 1} ({percent(float(shares[k]), 0)} of the variance)" for k in range(3)]
    plain = {"margin": {"l": 8, "r": 8, "t": 8, "b": 8}, "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
             "font": {"color": "#808690", "size": 13}, "showlegend": False, "height": 520}  # fmt: skip
    if flat:
        grid = {"gridcolor": "#80869040", "zeroline": False, "automargin": True}
        figure.update_layout(**plain, xaxis={"title": titles[0], **grid}, yaxis={"title": titles[1], **grid})
    else:
        bare = {"gridcolor": "#80869060", "showbackground": False, "zeroline": False, "color": "#808690"}
        short = [f"axis {k + 1}: {percent(float(shares[k]), 0)}" for k in range(3)]
        named = {f"{name}axis": {"title": {"text": title}, **bare} for name, title in zip("xyz", short, strict=True)}
        figure.update_layout(**plain, scene=named | {"bgcolor": "rgba(0,0,0,0)"})
    return figure


def _trace(go: Any, places: Any, flat: bool, **more: Any) -> Any:
    x, y, z = (places[:, k].astype(float).tolist() for k in range(3))
    return go.Scatter(x=x, y=y, **more) if flat else go.Scatter3d(x=x, y=y, z=z, **more)


def paths_sentence(made: Embeddings, token: int, stage: int, axes: Axes, flat: bool) -> str:
    """What the figure shows, and how much it cannot: of the two or three axes that are drawn."""
    name, drawn = in_quotes(word(made.labels, token)), 2 if flat else 3
    shares = made.together_shares if axes == "together" else made.apart_shares[stage]
    held = (
        f"Vectors are scaled to length 1; the {'two' if flat else 'three'} axes hold {percent(float(shares[:drawn].sum()), 0)} of their "
        "variance: distances are shadows of the real ones."
    )
    if axes == "apart":
        return f"The axes are fitted to this stage alone, where they spread the words most; {name} ({token}) is the large dot. {held}"
    steps = np.linalg.norm(np.diff(made.together[:, token, :drawn], axis=0), axis=1)
    far = made.stages[int(steps.argmax()) + 1]
    return f"The brown line is the path of {name} ({token}) from the embedding up; its longest step here is to “{far}”. {held}"


def neighbours_view(made: Neighbours) -> NeighboursView:
    """Rows for `web/embeddings/neighbours.js`: bars are cosines."""
    rows: list[Neighbour] = [{"label": visible(one.label), "id": one.id, "cosine": one.cosine} for one in made.nearest]
    own = f"Its own entry is number {made.rank:,} of {made.entries:,} (cosine {number(made.own)})."
    away = "No entry lies nearer: the vector points at its own word." if made.rank == 1 else (
        f"Nearest is {in_quotes(visible(made.nearest[0].label))}. What positions and context add to a word’s vector has no entry of its "
        "own."
    )  # fmt: skip
    label = visible(made.label.strip() or made.label)
    return {"title": f"{in_quotes(label)}, {made.stage}: nearest entries of the token table", "rows": rows, "sentence": f"{own} {away}"}
