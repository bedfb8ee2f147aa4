"""What an experiment changed, on numbers made by hand: a block's own map cannot move, and nothing is said that is not so."""

import pytest

from playground.tasks.attention.outcome import Outcome
from playground.tasks.changes import Changes
from playground.views.attention.outcome import OTHERS, maps_sentence, outcome_sentence

SKIPPED, OFF, HIDDEN = Changes(blocks=(("masked", 1),)), Changes(heads=(("self", 1, 3),)), Changes(hidden=(2,))
STAYS = "is the same before and after"
WHY = "it is worked out before its own output is left out"


@pytest.mark.parametrize(
    ("moved", "kind", "layer", "changes", "said"),
    [
        ([0, 0, 0.2, 0.31], "masked", 1, SKIPPED,
         f"The map in view, layer 1, {STAYS}: {WHY}. Maps changed from layer 2 on, most in layer 3: a weight by 0.31 (mean of heads)."),
        ([0, 0, 0.2, 0.31], "cross", 1, SKIPPED, f"The map in view, layer 1, {STAYS}: {WHY}. Maps changed from layer 2 on"),
        ([0, 0, 0.2, 0.31], "masked", 0, SKIPPED, f"The map in view, layer 0, {STAYS}. Maps changed from layer 2 on"),
        ([0, 0, 0.002, 0.001], "self", 3, OFF, "Maps changed from layer 2 on, most in layer 2: a weight by 0.0020 (mean of heads)."),
        ([0.4, 0.3, 0.2, 0.1], "masked", 2, HIDDEN, "Maps changed from layer 0 on, most in layer 0: a weight by 0.40 (mean of heads)."),
        ([0.4, 0, 0.2, 0], "masked", 2, HIDDEN, "Maps changed in 2 of 4 layers, most in layer 0"),
        ([0, 0, 0, 5e-5], "masked", 3, Changes(blocks=(("masked", 3),)),
         f"The map in view, layer 3, {STAYS}: {WHY}. No layer’s map of this kind changed."),
        ([], "masked", 1, SKIPPED, OTHERS),
    ],
)  # fmt: skip
def test_which_maps_changed(moved: list[float], kind: str, layer: int, changes: Changes, said: str) -> None:
    assert maps_sentence(moved, kind, layer, changes).startswith(said)


def test_a_chance_that_is_small_is_not_called_0() -> None:
    before = Outcome("m", "next token", ((" Paris", 0.773), (" the", 0.07)))
    after = Outcome("m", "next token", ((" the", 0.5), (" Paris", 0.0004)))
    assert outcome_sentence(before, after).endswith("After: “the” 50.0 %, “Paris” 0.04 %. “Paris” now has 0.04 %.")
