"""The figures under a generated text."""

from playground.catalog import DEFAULTS
from playground.tasks.generation import Generation
from playground.views.generation import generation_sentence, generation_view

MADE = Generation(DEFAULTS["generation"], "fake", "a b c", 5, 3, 8, 8192, 42, 0.5, 0.1, True, "length")


def test_figures_have_units_and_the_seed() -> None:
    figures = dict(generation_view(MADE)["figures"])
    assert figures["speed"] == "5.0 tokens/s"
    assert figures["first token after"] == "0.10 s"
    assert figures["seed"] == "42"
    assert generation_view(MADE)["meter"]["used"] == 8


def test_sentence_says_why_it_ended() -> None:
    assert "most that were allowed" in generation_sentence(MADE)
    assert "seed 42" in generation_sentence(MADE)
