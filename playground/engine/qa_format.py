"""How a question-answering model was trained to read, from the playground.json beside its weights. What two rooms need."""

import json
from dataclasses import dataclass

from playground.catalog import Weights
from playground.engine.models import Loaded
from playground.folders import WEIGHTS


@dataclass(frozen=True)
class Reading:
    """How a model reads: `max_tokens` a window, `stride` tokens shared by neighbours, spans of at most `max_answer_tokens`.

    `token_types`: whether the model was trained to see which tokens are the context's (segment 1).
    `no_answer_threshold`: no answer where null score - best span score is above it (logits); infinite if never trained to say so.
    `short_no_answer_threshold`: the same for a context of at most `short_context` tokens.
    `temperature`: divides scores before the softmax that makes them probabilities; the threshold is on undivided scores.
    """

    max_tokens: int = 384
    stride: int = 128
    max_answer_tokens: int = 30
    token_types: bool = True
    no_answer_threshold: float = float("inf")
    short_no_answer_threshold: float = float("inf")
    short_context: int = -1
    temperature: float = 1.0

    def threshold(self, tokens: int) -> float:
        """For a context of that many tokens."""
        return self.short_no_answer_threshold if tokens <= self.short_context else self.no_answer_threshold


def reading_of(loaded: Loaded) -> Reading:
    source = loaded.card.sources[0]
    path = WEIGHTS / source.folder / "playground.json" if isinstance(source, Weights) else None
    if path is None or not path.exists():
        return Reading(max_tokens=min(384, loaded.window))
    return Reading(**{k: v for k, v in json.loads(path.read_text("utf-8")).items() if k in Reading.__dataclass_fields__})
