"""The figures under a generated text."""

from dataclasses import replace

from playground.catalog import DEFAULTS
from playground.tasks.generation.generation import Generation, GenerationRequest
from playground.views.generation.generation import generation_sentence, generation_view, shown_request

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


def test_what_is_held_back_is_said_with_its_bytes() -> None:
    said = generation_sentence(replace(MADE, held="F0 9F"))
    assert "ends inside a character, of which only the bytes F0 9F are written" in said and "“Continue” writes the rest" in said
    assert "character" not in generation_sentence(MADE)
    assert "Continue" not in generation_sentence(replace(MADE, held="F0 9F", stopped="end"))


def test_a_seed_is_named_only_where_it_has_a_part() -> None:
    greedy = replace(MADE, drawn=False)
    assert "seed 42" not in generation_sentence(greedy) and "whatever the seed: nothing is drawn" in generation_sentence(greedy)
    assert "42" not in dict(generation_view(greedy)["figures"])["seed"]
    asked = GenerationRequest("x", MADE.model)
    assert shown_request(asked, generation_view(greedy)).seed == 42, "also where the text does not hang on it"
    assert [replace(asked, **change).draws for change in ({}, {"temperature": 0.0}, {"beams": 2})] == [True, False, False]


def test_a_full_window_is_not_taken_for_the_settings() -> None:
    assert "the context window of 8,192 tokens is full" in generation_sentence(replace(MADE, prompt_tokens=8_189))
    assert "the most that the settings allow" in generation_sentence(replace(MADE, prompt_tokens=8_188))
