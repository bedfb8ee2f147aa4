"""What the generation panel reads from its controls, what it asks, and what it shows of the answers."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from playground.errors import BadInput
from playground.panels.generation.generation import NAMES, PANEL
from playground.panels.generation.knobs import read_seed
from playground.panels.generation.prompt import read
from playground.panels.generation.strategies import write
from playground.tasks.generation.beams import BeamTreeRequest
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.generation.prompt import PromptReadingRequest
from playground.views.generation.trace import trace_view
from tests.panels.panel import WritingService, built, elem_ids, handler

CONTROLS = ("a b c", "smollm2-135m", True, 0.7, 50.0, 0.95, 1.1, 1.0, 32.0, "5", 0.05)
ASKED = GenerationRequest("a b c", "smollm2-135m", True, 0.7, 50, 0.95, 1.1, 1, 32, 5, 0.05, alternatives=50)


@pytest.fixture(scope="module")
def service() -> WritingService:
    return WritingService()


@pytest.fixture(scope="module")
def demo(service: WritingService) -> gr.Blocks:
    return built(PANEL, service)


def sent(**data: Any) -> Any:
    return SimpleNamespace(_data=data)


@pytest.mark.parametrize(("typed", "seed"), [("", None), (None, None), ("  ", None), ("0", 0), (" 42 ", 42)])
def test_seed(typed: object, seed: int | None) -> None:
    assert read_seed(typed) == seed


@pytest.mark.parametrize("typed", ["abc", "-1", "1.5", "²", "9" * 30])
def test_bad_seed(typed: str) -> None:
    with pytest.raises(BadInput, match="whole number"):
        read_seed(typed)


def test_a_run_is_traced_as_the_controls_say(service: WritingService, demo: gr.Blocks) -> None:
    said, text, figures, trace = list(handler(demo, "show")(*CONTROLS))[-1]
    assert service.asked[-1] == ASKED
    assert text == "word word word" and "seed 5" in said["text"] and figures["figures"]
    assert trace["asked"]["seed"] == 5 and trace["finished"] and trace["packed"]


def test_an_empty_seed_is_drawn_and_told_to_the_page(service: WritingService, demo: gr.Blocks) -> None:
    *_, trace = list(handler(demo, "show")(*CONTROLS[:9], "", 0.0))[-1]
    assert isinstance(trace["asked"]["seed"], int) and service.asked[-1].seed == trace["asked"]["seed"]  # type: ignore[attr-defined]


def test_a_branch_goes_on_from_what_the_page_sends(service: WritingService, demo: gr.Blocks) -> None:
    asked = trace_view(service.run(ASKED), ASKED, "x")["asked"] | {"written": [3, 4]}
    *_, trace = list(handler(demo, "branch")(sent(run="mine", asked=asked)))[-1]
    assert service.asked[-1] == replace(ASKED, written=(3, 4))
    assert trace["run"] == "mine" and trace["text"] == "word word word word word"


@pytest.mark.parametrize("data", [{}, {"asked": 3}, {"asked": {"prompt": "a", "model": "smollm2-135m", "written": ["x"]}}])
def test_a_branch_that_is_none_is_a_sentence(demo: gr.Blocks, data: dict[str, Any]) -> None:
    with pytest.raises(gr.Error):
        list(handler(demo, "branch")(sent(**data)))


def test_a_step_is_taken_apart_before_the_token(demo: gr.Blocks) -> None:
    part, step = handler(demo, "take_chosen")(sent(asked={"prompt": "a", "model": "smollm2-135m", "seed": 1, "written": [7]}, drawn=9))
    assert part.open and step["asked"]["written"] == [7] and step["drawn"] == 9 and step["place"] == 2
    first = handler(demo, "take_first")(None, *CONTROLS)
    assert first["asked"]["written"] == [] and first["drawn"] is None
    with pytest.raises(gr.Error, match="empty"):
        handler(demo, "take_first")(None, "", *CONTROLS[1:])


def test_the_first_step_is_that_of_the_text_on_the_page(demo: gr.Blocks) -> None:
    """Where the seed is left empty, the one that was drawn for it."""
    unseeded = (*CONTROLS[:-2], "", CONTROLS[-1])
    assert handler(demo, "take_first")({"repeat": {"generation-seed": "77"}}, *unseeded)["asked"]["seed"] == 77


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


def test_each_run_is_followed_and_halted_by_itself(demo: gr.Blocks) -> None:
    """Gradio's page ends a list of runs one after another, and what begins meanwhile with them."""
    runs = {one._id: str(one.js) for one in demo.fns.values() if one.name in ("show", "branch")}
    assert [name for name, js in zip(NAMES, runs.values(), strict=True) if f"runs['{name}'] = 'on'" in js] == list(NAMES)
    halts = {event: one.cancels for one in demo.fns.values() if one.cancels for _, event in one.targets if event.startswith("halt_")}
    assert halts == dict(zip(("halt_run", "halt_example", "halt_branch"), ([run] for run in runs), strict=True))


def test_controls_have_names(demo: gr.Blocks) -> None:
    wanted = {"generation-min-p", "generation-trace", "sampling-run", "sampling-shown", "ways-run", "ways-shown", "reading-run"}
    assert wanted | {"reading-shown"} <= elem_ids(demo)
