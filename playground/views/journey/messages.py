"""A journey as messages for the page (views/wire.py): first what the first picture needs, then each block's weights. Knows no model."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from playground.tasks.journey.journey import Journey, Saying, telling_head
from playground.tasks.request import Progress
from playground.tasks.vocabulary import Words
from playground.views.wire import message, weights, whole

HALF = 127


@dataclass(frozen=True)
class JourneyMessages:
    """The first picture, then every block's weights, those of the block in view first. `layer` and `head` in view; None for the ones
    there is most to see in."""

    layer: int | None = None
    head: int | None = None

    def __call__(self, item: Progress | Journey) -> Iterator[bytes]:
        if isinstance(item, Progress):
            yield message({"progress": item.text, "place": item.place}, {})
            return
        layer, head = self._shown(item)
        yield _first(item, layer, head)
        for one in [layer, *(other for other in range(item.blocks) if other != layer)]:
            yield message({"layer": one}, {"weights": weights(item.weights[one])})

    def _shown(self, made: Journey) -> tuple[int, int]:
        if self.layer is None or self.head is None:
            return telling_head(made)
        return min(max(0, self.layer), made.blocks - 1), min(max(0, self.head), made.heads - 1)


def saying_message(made: Saying) -> bytes:
    return message(*_saying(made))


def words_json(words: Words) -> dict[str, Any]:
    return {"ids": list(words.ids), "labels": list(words.labels), "special": [int(one) for one in words.special]}


def _first(made: Journey, layer: int, head: int) -> bytes:
    """Each token's vector in one byte a number, in steps of its own: 1/127 of its largest."""
    steps = (np.abs(made.vectors).max(axis=1, initial=0).clip(1e-12) / HALF).astype(np.float32)
    about, arrays = _saying(made.saying) if made.saying else ({}, {})
    told = {
        "model": made.model, "source": made.source, "precision": made.precision, "kind": made.kind, "text": made.text, "cut": made.cut,
        "tokens": {"labels": list(made.side.labels), "pieces": list(made.side.pieces), "special": list(made.side.special),
                   "ids": list(made.ids)},
        "blocks": made.blocks, "heads": made.heads, "labels": [[name, share] for name, share in made.labels],
        "layer": layer, "head": head, "telling": list(telling_head(made)), **about,
    }  # fmt: skip
    return message(told, {
        "vectors": np.round(made.vectors / steps[:, None]).astype(np.int8), "steps": steps, "stream": made.stream, "added": made.added,
        "one": weights(made.weights[layer][head]), **arrays,
    })  # fmt: skip


def _saying(made: Saying) -> tuple[dict[str, Any], dict[str, Any]]:
    arrays = {"best": whole(made.best), "shares": made.probabilities, "ranks": whole(made.ranks), "logits": made.logits}
    return {"position": made.position, "words": words_json(made.words)}, arrays
