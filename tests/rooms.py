"""What the browser's tests do in each tab of PANELS: the fields they fill, and where its result shows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Room:
    """`fields` are elem_ids, the first that of the text that may not be empty; `result` a selector of what a run shows."""

    fields: tuple[str, ...]
    result: str


ROOMS = {
    "tokens": Room(("tokens-text",), "#tokens-chips .pg-chip"),
    "attention": Room(("attention-text",), "#attention-lab .pg-lab-said"),
    "embeddings": Room(("embeddings-text", "embeddings-second"), "#embeddings-shown .pg-labelled canvas"),
    "block": Room(("block-text",), "#block-shown .pg-block-flow"),
    "generation": Room(("generation-prompt",), "#generation-figures dd"),
    "sentiment": Room(("sentiment-text",), "#sentiment-rows li"),
    "answering": Room(("answering-question", "answering-context"), "#answering-spans .pg-answer"),
    "translation": Room(("translation-text",), "#translation-candidates .pg-best"),
}
# Tabs that have no text and button of their own, and the tests that press what they have.
APART = {"journey": "tests/browser/test_journey.py", "learn": "tests/browser/test_learn.py"}
