"""Packed attention as bytes: a length, a JSON header, then the raw weights. The page's lab decodes it (web/attention/lab)."""

import json
import struct
from typing import Any

import numpy as np

from playground.tasks.attention.attention import AttentionShape
from playground.tasks.attention.heads import PATTERNS
from playground.tasks.attention.packing import AttentionPack, word_numbers
from playground.tasks.attention.writing import Writing
from playground.tasks.side import Side

ALIGNED = 8


def pack_bytes(pack: AttentionPack) -> bytes:
    """uint32 length, that many bytes of JSON padded with spaces, then each part's little-endian uint16 codes
    (tasks/precision.py)."""
    header = json.dumps(_header(pack), ensure_ascii=True, separators=(",", ":")).encode("ascii")
    header += b" " * (-(4 + len(header)) % ALIGNED)
    return b"".join([struct.pack("<I", len(header)), header, *(np.ascontiguousarray(p.weights, "<u2").data for p in pack.parts)])


def frame_bytes(made: Writing, number: int) -> bytes:
    """Rows `number` of what is being written: uint32 header and body length, JSON padded with spaces, uint16 rows."""
    rows = made.rows[number]
    layers, heads, count, columns = rows.shape
    side = Side(made.side.labels[:columns], made.side.pieces[:columns], made.side.special[:columns])
    shape = {"kind": "masked", "layers": layers, "heads": heads, "rows": count, "columns": columns, "side": _side(side)}
    about = {"model": made.model, "source": made.source, "text": made.text, "prompt": made.prompt, "ended": made.ended} | shape
    header = json.dumps(about, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    header += b" " * (-len(header) % ALIGNED)
    body = np.ascontiguousarray(rows, "<u2").tobytes()
    return struct.pack("<II", len(header), len(body)) + header + body + b"\0" * (-len(body) % ALIGNED)


def error_bytes(sentence: str) -> bytes:
    """A frame without rows that says what went wrong."""
    header = json.dumps({"detail": sentence}).encode("ascii")
    header += b" " * (-len(header) % ALIGNED)
    return struct.pack("<II", len(header), 0) + header


def _header(pack: AttentionPack) -> dict[str, Any]:
    run, parts, offset = pack.run, [], 0
    for part in pack.parts:
        layers, heads, rows, columns = part.weights.shape
        parts.append({"layer": part.layer, "head": part.head, "layers": layers, "heads": heads, "rows": rows, "columns": columns,
                      "pooled": part.pooled, "reduced": part.reduced, "offset": offset, "dtype": "uint16"})  # fmt: skip
        offset += part.weights.nbytes
    return {
        "model": run.model, "source": run.source, "text": run.text, "target": run.target, "cut": run.cut, "kind": pack.kind,
        "shapes": [_shape(shape) for shape in run.shapes], "parts": parts,
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
