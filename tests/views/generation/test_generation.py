"""The figures under a generated text."""

from dataclasses import replace

from playground.catalog import DEFAULTS
from playground.tasks.generation.generation import Generation
from playground.views.generation.generation import generation_sentence, generation_view

MADE = Generation(DEFAULTS["generation"], "fake", "a b c", 5, 3, 8, 8192, 42, 0.5, 0.1, True, "length")


def test_figures_have_units_and_the_seed() -> None:
    figures = dict(generation_view(MADE)["figures"])
    assert figures["speed"] == "5.0 tokens/s"
    assert figures["first token after"] == "0.10 s"
    assert figures["seed"] == "42"
    assert generation_view(MADE)["meter"]["used"] == 8


def test_sentence_says_why_it_ended() -> None:
    assert "most that the settings allow" in generation_sentence(MADE)
    assert "seed 42" in generation_sentence(MADE)


def test_what_was_written_before_is_in_the_window_and_in_what_a_hosted_model_would_read() -> None:
    again = replace(MADE, written_tokens=20)
    figures = dict(generation_view(again)["figures"])
    assert generation_view(again)["meter"]["used"] == 28 and figures["written before"] == "20 tokens"
    longer = dict(generation_view(replace(MADE, prompt_tokens=25))["figures"])
    assert figures["as many tokens elsewhere"] == longer["as many tokens elsewhere"]
    assert generation_sentence(again).count("From this beginning, the same settings") == 1


def test_a_search_has_no_first_token() -> None:
    figures = dict(generation_view(replace(MADE, first_token_seconds=0.0))["figures"])
    assert (figures["first token after"], figures["speed"]) == ("–", "6.0 tokens/s")
