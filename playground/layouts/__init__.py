"""The families whose parts are known here, by transformers' `model_type`. A new family is one file and one line. Knows no weights."""

from playground.errors import BadInput
from playground.layouts import bert, distilbert, gpt2, llama, marian, t5
from playground.layouts.layout import ATTENTION, CROSS, FORWARD, Layout, Sublayer

LAYOUTS: dict[str, Layout] = {
    "bert": bert.LAYOUT,
    "distilbert": distilbert.LAYOUT,
    "gpt2": gpt2.LAYOUT,
    "llama": llama.LAYOUT,
    "marian": marian.LAYOUT,
    "t5": t5.LAYOUT,
}

__all__ = ["ATTENTION", "CROSS", "FORWARD", "LAYOUTS", "Layout", "Sublayer", "layout_of"]


def layout_of(kind: str, name: str) -> Layout:
    """The layout of a transformers `model_type`. Raises BadInput for a family that is not written down here."""
    if kind not in LAYOUTS:
        raise BadInput(f"{name} is of the family {kind}, whose blocks are not written down here. Known: {', '.join(LAYOUTS)}.")
    return LAYOUTS[kind]
