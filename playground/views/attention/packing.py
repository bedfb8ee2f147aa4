"""Packed attention as messages (views/wire.py): what the page's lab opens, and the rows of a text while it is written. Knows no page."""

from typing import Any

import numpy as np

from playground.tasks.attention.attention import AttentionShape
from playground.tasks.attention.heads import PATTERNS
from playground.tasks.attention.packing import AttentionPack, word_numbers
from playground.tasks.attention.writing import Writing
from playground.tasks.side import Side
from playground.views.wire import message, weights


def pack_message(pack: AttentionPack) -> bytes:
    """Each of `about.parts` has its codes in the array of its `array`, (layers, heads, rows, columns)."""
    arrays = {f"part{i}": weights(part.weights) for i, part in enumerate(pack.parts)}
    return message(_about(pack), arrays)


def row_message(made: Writing, number: int) -> bytes:
    """Rows `number` of what is being written: `rows` (layers, heads, rows, columns)."""
    rows = made.rows[number]
    columns = rows.shape[-1]
    side = Side(made.side.labels[:columns], made.side.pieces[:columns], made.side.special[:columns])
    about = {"model": made.model, "source": made.source, "text": made.text, "prompt": made.prompt, "ended": made.ended, "side": _side(side)}
    return message(about, {"rows": weights(rows)})


def _about(pack: AttentionPack) -> dict[str, Any]:
    run = pack.run
    return {
        "model": run.model, "source": run.source, "text": run.text, "target": run.target, "cut": run.cut, "kind": pack.kind,
        "shapes": [_shape(shape) for shape in run.shapes],
        "parts": [{"array": f"part{i}", "layer": part.layer, "head": part.head, "pooled": part.pooled, "reduced": part.reduced}
                  for i, part in enumerate(pack.parts)],
        "patterns": [{"name": p.name, "words": p.words, "threshold": p.threshold, "lacks": p.lacks} for p in PATTERNS],
        "scores": _scores(pack), "labels": [list(row) for row in pack.labels],
    }  # fmt: skip


def _scores(pack: AttentionPack) -> list[list[list[float | None]]]:
    """As they are, since the page rounds them where it writes them; None where there is nothing to score."""
    return [[[None if np.isnan(one) else float(str(one)) for one in head] for head in layer] for layer in pack.scores]


def _shape(shape: AttentionShape) -> dict[str, Any]:
    sides = {"queries": _side(shape.queries), "keys": _side(shape.keys), "second": shape.second}
    return {"kind": shape.kind, "layers": shape.layers, "heads": shape.heads, **sides}


def _side(side: Side) -> dict[str, Any]:
    return {"labels": list(side.labels), "special": list(side.special), "words": word_numbers(side)}
