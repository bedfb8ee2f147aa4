"""A race with the cache and without -> a plotly figure of milliseconds a token, figures, and a sentence. Knows no model."""

from typing import TYPE_CHECKING, TypedDict

from playground.tasks.generation.kv_cache import Pace, per_second, slowdown
from playground.views.text import in_quotes, visible

if TYPE_CHECKING:
    import plotly.graph_objects as go

NOTICED = 1.15
ONE_RUN = "It is one run of each: a busy moment of this machine is a spike in a curve."
COLOURS = {"with the cache": "#2563eb", "without": "#ea580c"}


def pace_figure(made: Pace) -> "go.Figure":
    """One line a way: how long each new token took, the first one (which reads the prompt) included."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for (name, colour), seconds in zip(COLOURS.items(), (made.cached, made.uncached), strict=True):
        figure.add_scatter(
            x=list(range(1, len(seconds) + 1)), y=[1000 * one for one in seconds], name=name, mode="lines+markers",
            line={"color": colour, "dash": "solid" if name.startswith("with ") else "dash"}, marker={"size": 5},
            hovertemplate="new token %{x}<br>%{y:.1f} ms<extra></extra>",
        )  # fmt: skip
    figure.update_layout(
        height=320, margin={"l": 8, "r": 8, "t": 8, "b": 8}, paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
        font={"color": "#808690", "size": 13}, legend={"orientation": "h", "y": 1.12},
        xaxis={"title": "new token", "automargin": True, "gridcolor": "#80869033", "rangemode": "tozero"},
        yaxis={"title": "milliseconds", "automargin": True, "gridcolor": "#80869033", "rangemode": "tozero"},
    )  # fmt: skip
    return figure


class PartedText(TypedDict):
    """`same` in both ways, then the `rest` that is not."""

    name: str
    same: str
    rest: str


class FiguresView(TypedDict):
    figures: list[tuple[str, str]]
    texts: list[PartedText]


def pace_figures(made: Pace) -> FiguresView:
    """Name and value with unit, as `web/generation/figuresbox.js` draws them; where the two ways wrote different texts, both, parted
    where they part."""
    read = made.prompt_tokens + max(0, len(made.cached) - 1)  # the last token is chosen and not read
    pairs = [
        ("prompt", f"{made.prompt_tokens:,} tokens"),
        ("first token", f"{1000 * made.cached[0]:,.0f} ms" if made.cached else "–"),
        ("with the cache, median", _speed(made.cached)),
        ("without, median", _speed(made.uncached)),
        ("the cache holds", f"{made.cache_bytes / 1000:,.1f} kB a token, {made.cache_bytes * read / 1e6:,.2f} MB now"),
        ("computes in", made.precision),
    ]
    return {"figures": pairs, "texts": _texts(made) if made.finished else []}


def _texts(made: Pace) -> list[PartedText]:
    if made.parting is None:
        return [{"name": "Both ways wrote", "same": made.text, "rest": ""}]
    letters = zip(made.text, made.uncached_text, strict=False)
    shared = next((i for i, (a, b) in enumerate(letters) if a != b), min(len(made.text), len(made.uncached_text)))
    sides = (("With the cache", made.text), ("Without it", made.uncached_text))
    return [{"name": name, "same": text[:shared], "rest": text[shared:]} for name, text in sides]


def _speed(seconds: tuple[float, ...]) -> str:
    return f"{per_second(seconds):.1f} tokens/s" if len(seconds) > 1 else "–"


def pace_sentence(made: Pace) -> str:
    """What the curve says, once there are enough tokens."""
    if not made.finished:
        way = "without it" if made.uncached else "with the cache"
        return f"Writing {way}: {len(made.uncached or made.cached)} tokens so far…"
    return f"{_times_sentence(made)} {_slowdown_sentence(made)} {ONE_RUN}{_parting_sentence(made)}"


def _times_sentence(made: Pace) -> str:
    times = per_second(made.cached) / per_second(made.uncached) if per_second(made.uncached) else 1.0
    if times < NOTICED:
        return f"The cache saved nothing that could be measured here ({times:.2f} times as fast with it): so little is soon read again."
    return f"At the median the model wrote a token {times:.1f} times as fast with the cache."


def _slowdown_sentence(made: Pace) -> str:
    slower, kept = slowdown(made.uncached), slowdown(made.cached)
    said = f"the last quarter of the tokens took {slower:.1f} times as long as the first quarter, against {kept:.1f} with it"
    if slower < NOTICED:
        return f"Without it every token is read again for each new one, which hardly shows in so few: {said}."
    return f"Without it every token is read again for each new one: {said}."


def _parting_sentence(made: Pace) -> str:
    one = made.parting
    if one is None:
        return ""
    return (
        f" The two texts part at token {one.place}: {in_quotes(visible(one.cached))} with the cache, "
        f"{in_quotes(visible(one.uncached))} without. Computed "
        f"exactly both would be the same. Read in other portions the numbers are added and rounded otherwise ({made.precision}), and there "
        f"these two were near equals: {one.cached_margin:.3f} apart in logits with the cache, {one.uncached_margin:.3f} the other way "
        "without. What follows is then another text."
    )
