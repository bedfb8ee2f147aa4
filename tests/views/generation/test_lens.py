"""The lens's sentence is of this picture: every layer and place in it is read off the ranks, also where the early guess was right."""

import numpy as np
import pytest

from playground.tasks.generation.lens import Lens
from playground.views.generation.lens import lens_sentence

MODEL = "smollm2-135m"


def lens(*ranks: int) -> Lens:
    """Row i's likeliest token is “g<i>”, the last row's “Paris”."""
    texts = (*((f" g{row}",) for row in range(len(ranks) - 1)), (" Paris",))
    return Lens(MODEL, "test", ("is",), (False,), 0, texts, np.full((len(ranks), 1), 0.5, np.float32), np.array(ranks, np.int32))


def test_places_and_the_steepest_layer_are_the_ranks() -> None:
    """The reviewer's picture of “The capital of France is”: 4,316 → 2,079 → 396 → 34 → 7 → 3 → 1; the steepest ratio is 396 / 34."""
    said = lens_sentence(lens(4316, 2079, 396, 34, 7, 3, 1))
    assert "in place 4,316" in said and "rises most in layer 2, from place 396 to 34; before that layer the likeliest is “␣g2”" in said
    assert "only in the last layer does it come first." in said


def test_a_late_jump_is_told_as_one() -> None:
    """The default prompt's: place 612 after layer 28 and first after 29, where “early layers guess at punctuation” said nothing."""
    said = lens_sentence(lens(900, 700, 612, 1))
    assert "rises most in layer 2, from place 612 to 1" in said


@pytest.mark.parametrize("ranks", [(900, 700, 612, 1), (1, 1, 1), (5, 1, 4, 1), (3, 2, 1, 1)])
def test_nothing_is_said_of_every_prompt(ranks: tuple[int, ...]) -> None:
    assert not [word for word in ("punctuation", "early layers", "words that fit", "merely repeats") if word in lens_sentence(lens(*ranks))]


def test_a_word_that_came_first_before_and_fell_back_did_not_come_first_only_at_the_end() -> None:
    said = lens_sentence(lens(5, 1, 4, 1))
    assert "only in the last layer does it come first for good; after layer 0 it did so for a while too" in said
    assert "from the embedding on" in lens_sentence(lens(1, 1, 1)) and "rises" not in lens_sentence(lens(1, 1, 1))
    assert "it comes first from layer 1 on." in lens_sentence(lens(3, 2, 1, 1))
