"""A race with the cache and without -> a plotly figure of milliseconds a token, figures, and a sentence. Knows no model."""

from typing import TYPE_CHECKING, Any

from playground.tasks.generation.kv_cache import Pace, per_second, slowdown

if TYPE_CHECKING:
    import plotly.graph_objects as go

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


def pace_figures(made: Pace) -> dict[str, Any]:
    """Name and value with unit, as `web/figuresbox.js` draws them."""
    read = made.prompt_tokens + len(made.cached)
    pairs = [
        ("prompt", f"{made.prompt_tokens:,} tokens"),
        ("first token", f"{1000 * made.cached[0]:,.0f} ms" if made.cached else "–"),
        ("with the cache", _speed(made.cached)),
        ("without", _speed(made.uncached)),
        ("the cache holds", f"{made.cache_bytes / 1000:,.1f} kB a token, {made.cache_bytes * read / 1e6:,.2f} MB now"),
        ("computes in", made.precision),
    ]
    return {"figures": pairs}


def _speed(seconds: tuple[float, ...]) -> str:
    return f"{per_second(seconds):.1f} tokens/s" if len(seconds) > 1 else "–"


def pace_sentence(made: Pace) -> str:
    """What the curve says, once there are enough tokens."""
    if not made.finished:
        way = "without it" if made.uncached else "with the cache"
        return f"Writing {way}: {len(made.uncached or made.cached)} tokens so far…"
    times = per_second(made.cached) / per_second(made.uncached) if per_second(made.uncached) else 1.0
    again = "" if made.same else " The two wrote different tokens in the end: rounding decided between near equals."
    return (
        f"With the cache the model wrote {times:.1f} times as fast. Without it every token is read again for each new one, so the last "
        f"tokens took {slowdown(made.uncached):.1f} times as long as the first, against {slowdown(made.cached):.1f} with it.{again}"
    )
