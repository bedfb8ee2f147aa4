"""What each of two answers took, and why it ended: a provider's own word is not swallowed."""

import pytest

from playground.catalog import DEFAULTS
from playground.tasks.generation.generation import Generation
from playground.tasks.learn.hosted import Hosted
from playground.views.learn.hosted import hosted_note, ours_note


@pytest.mark.parametrize(
    ("why", "told"),
    [("stop", "included."), ("length", "It was cut at the most that was allowed."), ("content_filter", "It ended with “content_filter”.")],
)
def test_why_the_hosted_one_ended(why: str, told: str) -> None:
    """“stop”, “length” and “content_filter” are the finish reasons of OpenAI's chat completions."""
    assert hosted_note(Hosted("far", "text", 3, 1.0, 0.2, True, why))["text"].endswith(told)


def test_ours_says_that_it_was_cut_too() -> None:
    made = Generation(DEFAULTS["generation"], "test", "a", 5, 1, 1, 8192, 42, 0.5, 0.1, True, "length")
    assert ours_note(made)["text"].endswith("1 token in 0.5 s. It was cut at the most that was allowed.")
