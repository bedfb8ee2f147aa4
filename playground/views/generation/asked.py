"""A run of generation as the page asks for it again: to grow a branch, or to see all logits of a step. Knows no model."""

from dataclasses import asdict
from typing import TypedDict, cast

from playground.tasks.generation.generation import GenerationRequest


class AskedRun(TypedDict):
    """GenerationRequest, field by field; `written`: ids that the text begins with."""

    prompt: str
    model: str
    chat: bool
    temperature: float
    top_k: int
    top_p: float
    repetition_penalty: float
    beams: int
    max_new_tokens: int
    seed: int | None
    min_p: float
    written: list[int]
    alternatives: int


def asked_run(asked: GenerationRequest) -> AskedRun:
    return cast(AskedRun, asdict(asked) | {"written": list(asked.written)})
