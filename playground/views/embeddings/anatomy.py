"""What models are made of -> the columns `web/embeddings/anatomy.js` draws side by side. Knows no model."""

from collections.abc import Sequence
from typing import Literal, TypedDict

from playground.tasks.embeddings.anatomy import Anatomy, Component
from playground.views.text import percent, visible

SEES = {
    "encoder": "Every token sees every other, before and after it: good for understanding a text that is all there.",
    "decoder": "Every token sees itself and what came before, never the future: so it can be trained, and asked, to write what comes next.",
    "encoder-decoder": "The encoder sees the whole source; the decoder sees its own past, and the whole source by cross-attention.",
}
USES = {
    "encoder": "For: classifying, finding answers in a text, sentence vectors, search.",
    "decoder": "For: writing on, chat, code; the family of GPT, Llama and SmolLM.",
    "encoder-decoder": "For: a text in, another text out, such as translation and summaries; the first transformer of 2017.",
}
MASKS: dict[str, tuple[tuple[str, Literal["full", "past"]], ...]] = {
    "encoder": (("self-attention", "full"),),
    "decoder": (("masked self-attention", "past"),),
    "encoder-decoder": (("encoder self-attention", "full"), ("decoder masked self-attention", "past"), ("cross-attention", "full")),
}
GRID = 6
FIXED = "sines and cosines from a formula, which training leaves as they are"


class MaskView(TypedDict):
    name: str
    kind: Literal["full", "past"]


class ComponentView(TypedDict):
    """`share` of all the model's parameters; `aside`: what is said of it beside the count."""

    stack: str
    name: str
    times: str
    parameters: str
    share: float
    detail: str
    aside: str


class ModelColumn(TypedDict):
    """`wiring`: for each stack the lines of a block; `facts`: (name, value)."""

    name: str
    family: str
    sees: str
    uses: str
    masks: list[MaskView]
    components: list[ComponentView]
    total: str
    tied: str
    wiring: dict[str, list[str]]
    head: str
    facts: list[tuple[str, str]]


class AnatomyView(TypedDict):
    columns: list[ModelColumn]
    words: list[str]
    sentence: str


def anatomy_view(made: Sequence[Anatomy], text: str) -> AnatomyView:
    """One column a model; `words` of the text label the mask grids."""
    words = [visible(word)[:12] for word in text.split()[:GRID]]
    return {"columns": [_column(one) for one in made], "words": words, "sentence": anatomy_sentence(made)}


def _column(made: Anatomy) -> ModelColumn:
    return {
        "name": made.name,
        "family": made.family,
        "sees": SEES[made.family],
        "uses": USES[made.family],
        "masks": [{"name": name, "kind": kind} for name, kind in MASKS[made.family]],
        "components": [_component(one, made.total) for one in made.components],
        "total": f"{made.total:,} parameters, {made.bytes / 1e6:,.0f} MB",
        "tied": made.tied,
        "wiring": wiring(made),
        "head": made.head,
        "facts": list(made.facts),
    }


def wiring(made: Anatomy) -> dict[str, list[str]]:
    """For each stack, a block's sub-layers as x ← … lines: what is read, what is added, and where the norm stands."""
    families: dict[str, dict[str, tuple[str, ...]]] = {
        "encoder": {"encoder": ("self-attention", "feed-forward")},
        "decoder": {"decoder": ("masked self-attention", "feed-forward")},
        "encoder-decoder": {
            "encoder": ("self-attention", "feed-forward"),
            "decoder": ("masked self-attention", "cross-attention to the encoder", "feed-forward"),
        },
    }
    line = "x ← x + {}(norm(x))" if made.norm_first else "x ← norm(x + {}(x))"
    return {stack: [line.format(name) for name in names] for stack, names in families[made.family].items()}


def _component(one: Component, total: int) -> ComponentView:
    times = f"{one.times} × {one.each:,}" if one.times > 1 else ""
    said = f"{one.parameters:,} ({percent(one.parameters / total)})"
    return {
        "stack": one.stack, "name": one.name, "times": f"{times} parameters" if times and not one.fixed else "",
        "parameters": "no parameters" if one.fixed else said, "share": one.parameters / total,
        "detail": f"{one.detail}: {FIXED}" if one.fixed else one.detail, "aside": one.aside,
    }  # fmt: skip


def anatomy_sentence(made: Sequence[Anatomy]) -> str:
    """Where each model keeps most of its parameters."""
    said = []
    for one in made:
        by_name: dict[str, int] = {}
        for part in one.components:
            by_name[part.name] = by_name.get(part.name, 0) + part.parameters
        name, most = max(by_name.items(), key=lambda item: item[1])
        said.append(f"{one.name} keeps {percent(most / one.total, 0)} of its {one.total / 1e6:,.1f} million parameters in its {name}")
    return f"{'; '.join(said)}. The counts add up to all that training set; weights that serve twice are counted once."
