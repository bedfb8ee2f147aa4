"""What the generation panel reads from its controls, what it asks, and what it shows of the answers."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from playground.errors import BadInput
from playground.panels.generation.generation import ASK, PANEL, STOP
from playground.panels.generation.knobs import FIELDS, read_request
from playground.panels.generation.prompt import read
from playground.panels.generation.sampling import take_chosen, take_first
from playground.panels.generation.strategies import write
from playground.tasks.generation.beams import BeamTreeRequest
from playground.tasks.generation.generation import GenerationRequest, read_seed
from playground.tasks.generation.prompt import PromptReadingRequest
from tests.panels.panel import WritingService, built, elem_ids

CONTROLS = ("a b c", "smollm2-135m", True, 0.7, 50.0, 0.95, 1.1, 1.0, 32.0, "5", 0.05)
ASKED = GenerationRequest("a b c", "smollm2-135m", True, 0.7, 50, 0.95, 1.1, 1, 32, 5, 0.05, alternatives=50)


@pytest.fixture(scope="module")
def service() -> WritingService:
    return WritingService()


@pytest.fixture(scope="module")
def demo(service: WritingService) -> gr.Blocks:
    return built(PANEL, service)


def test_the_controls_are_a_request() -> None:
    assert replace(read_request(*CONTROLS), alternatives=50) == ASKED


def sent(**data: Any) -> Any:
    return SimpleNamespace(_data=data)


@pytest.mark.parametrize(("typed", "seed"), [("", None), (None, None), ("  ", None), ("0", 0), (" 42 ", 42)])
def test_seed(typed: object, seed: int | None) -> None:
    assert read_seed(typed) == seed


@pytest.mark.parametrize("typed", ["abc", "-1", "1.5", "²", "9" * 30])
def test_bad_seed(typed: str) -> None:
    with pytest.raises(BadInput, match="whole number"):
        read_seed(typed)


def test_a_run_asks_nothing_of_gradio(demo: gr.Blocks) -> None:
    """The button, Enter and the examples put what the controls hold into the picture's value; the page asks for the text itself."""
    assert [one.fn for one in demo.fns.values() if one.js == STOP] == [None]
    (trace,) = (block for block in demo.blocks.values() if block.elem_id == "generation-trace")  # type: ignore[attr-defined]
    begun = [one for one in demo.fns.values() if one.js == ASK]
    assert [one.fn for one in begun] == [None] * 3 and all(one.outputs == [trace] for one in begun)
    names = [str(getattr(block, "elem_id", "")) for block in begun[0].inputs]
    assert names == [
        "generation-trace", "generation-prompt", "generation-model", "generation-chat", "generation-temperature", "generation-top-k",
        "generation-top-p", "generation-penalty", "generation-beams", "generation-most", "generation-seed", "generation-min-p",
    ]  # fmt: skip
    assert FIELDS == (
        "prompt", "model", "chat", "temperature", "top_k", "top_p", "repetition_penalty", "beams", "max_new_tokens", "seed", "min_p",
    )  # fmt: skip


def test_a_step_is_taken_apart_before_the_token() -> None:
    part, step = take_chosen(sent(asked={"prompt": "a", "model": "smollm2-135m", "seed": 1, "written": [7]}, drawn=9))
    assert part.open and step["asked"]["written"] == [7] and step["drawn"] == 9 and step["place"] == 2
    first = take_first(None, *CONTROLS)
    assert first["asked"]["written"] == [] and first["drawn"] is None
    with pytest.raises(BadInput, match="empty"):
        take_first(None, "", *CONTROLS[1:])


def test_the_first_step_is_that_of_the_text_on_the_page() -> None:
    """Where the seed is left empty, the one that was drawn for it."""
    unseeded = (*CONTROLS[:-2], "", CONTROLS[-1])
    assert take_first({"repeat": {"generation-seed": "77"}}, *unseeded)["asked"]["seed"] == 77


def test_three_ways_on_one_prompt_and_seed(service: WritingService) -> None:
    del service.asked[:]
    said, shown = list(write(service, 3, 6, *CONTROLS))[-1]
    greedy, sampled, tree = service.asked
    assert [one.temperature for one in (greedy, sampled)] == [0.0, 0.7]  # type: ignore[attr-defined]
    assert isinstance(tree, BeamTreeRequest) and tree.of.beams == 3 and greedy.seed == sampled.seed == 5  # type: ignore[attr-defined]
    assert {one.max_new_tokens for one in (greedy, sampled, tree.of)} == {6}  # type: ignore[attr-defined]
    assert {one.repetition_penalty for one in (greedy, sampled, tree.of)} == {1.0}  # type: ignore[attr-defined]
    assert [way["name"] for way in shown["ways"]] == ["greedy", "sampling", "beam search"]
    assert shown["tree"]["finished"] and "pruned 3" in said["text"]


def test_the_prompt_is_read(service: WritingService) -> None:
    said, shown = list(read(service, "one two", "smollm2-135m", False))[-1]
    assert isinstance(service.asked[-1], PromptReadingRequest)
    assert shown["labels"] == ["one", "two"] and "bits" in said["text"]


def test_controls_have_names(demo: gr.Blocks) -> None:
    wanted = {"generation-min-p", "generation-trace", "sampling-run", "sampling-shown", "ways-run", "ways-shown", "reading-run"}
    assert wanted | {"reading-shown"} <= elem_ids(demo)
