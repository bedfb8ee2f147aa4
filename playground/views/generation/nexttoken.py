"""All logits of a step for `web/generation/sampling.js`, and the small value that tells it which step to ask for. Knows no model."""

from typing import TypedDict

from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.generation.nexttoken import NextLogits
from playground.views.generation.asked import AskedRun, asked_run
from playground.views.generation.trace import pack_words
from playground.views.wire import message


def logits_message(made: NextLogits) -> bytes:
    """`logits` float32 of the whole vocabulary, and `seen` int32, the ids of prompt and text; `about` the rest (views/wire.py)."""
    about = {
        "model": made.model, "source": made.source, "words": pack_words(made.words), "uniform": made.uniform,
        "prompt": made.prompt_tokens, "written": made.written_tokens,
    }  # fmt: skip
    return message(about, {"logits": made.logits, "seen": made.seen})


class StepValue(TypedDict):
    """`place`: which token of the text it is, from 1."""

    asked: AskedRun
    drawn: int | None
    turn: int
    place: int


def step_value(asked: GenerationRequest, drawn: object, turn: int) -> StepValue:
    """`drawn` is the id the run took at this step, None where it has not come to it. `turn` tells equal steps apart."""
    return {"asked": asked_run(asked), "drawn": drawn if isinstance(drawn, int) and not isinstance(drawn, bool) else None, "turn": turn,
            "place": len(asked.written) + 1}  # fmt: skip
