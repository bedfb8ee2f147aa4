"""Packed attention as messages (views/wire.py): what the page's lab opens, and the rows of a text while it is written. Knows no page."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from playground.tasks.attention.attention import AttentionShape
from playground.tasks.attention.heads import PATTERNS
from playground.tasks.attention.packing import AttentionPack, word_numbers
from playground.tasks.attention.writing import Writing
from playground.tasks.request import Progress
from playground.tasks.side import Side
from playground.views.wire import message, weights


def pack_message(pack: AttentionPack) -> bytes:
    """Each of `about.parts` has its codes in the array of its `array`, (layers, heads, rows, columns)."""
    arrays = {f"part{i}": weights(part.weights) for i, part in enumerate(pack.parts)}
    return message(_about(pack), arrays)


class RowMessages:
    """Of one text being written: each message holds the rows that are new, `rows` (layers, heads, rows, columns)."""

    def __init__(self) -> None:
        self._sent = 0

    def __call__(self, item: Progress | Writing) -> Iterator[bytes]:
        if isinstance(item, Progress):
            return
        for rows in item.rows[self._sent :]:
            columns = rows.shape[-1]
            side = Side(item.side.labels[:columns], item.side.pieces[:columns], item.side.special[:columns])
            about = {"model": item.model, "source": item.source, "text": item.text, "prompt": item.prompt, "ended": item.ended}
            yield message({**about, "side": _side(side)}, {"rows": weights(rows)})
        self._sent = len(item.rows)


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
