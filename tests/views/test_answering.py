"""An answering as pieces to mark, as a sentence, and as the API's result."""

import json

import pytest

from playground.catalog import DEFAULTS
from playground.tasks.answering import Answering, Span
from playground.views.answering import answer_scores, answering_sentence, answering_view

CONTEXT = "🤗 Zoë was born in Kraków <b>in 1911</b>."


def span(text: str, score: float) -> Span:
    start = CONTEXT.index(text)
    return Span(text, start, start + len(text), score)


SPANS = (span("Kraków", 0.5), span("in Kraków", 0.2), span("Kraków <b>in 1911", 0.1), span("Zoë", 0.05))


def made(answered: bool = True, spans: tuple[Span, ...] = SPANS, windows: int = 1) -> Answering:
    best = spans[0] if answered else None
    return Answering(DEFAULTS["answering"], "weights", "Where?", CONTEXT, best, 0.15 if answered else 0.8, spans, windows)


def test_pieces_put_together_are_the_context() -> None:
    assert "".join(answering_view(made())["pieces"]) == CONTEXT


@pytest.mark.parametrize("place", range(len(SPANS)))
def test_every_span_is_a_run_of_pieces(place: int) -> None:
    view = answering_view(made())
    shown = view["spans"][place]
    assert "".join(view["pieces"][shown["first"] : shown["last"]]) == shown["text"] == SPANS[place].text


def test_spans_at_both_ends_and_one_over_all() -> None:
    whole = Span(CONTEXT, 0, len(CONTEXT), 0.5)
    view = answering_view(made(spans=(whole,)))
    assert view["pieces"] == [CONTEXT]
    assert (view["spans"][0]["first"], view["spans"][0]["last"]) == (0, 1)


def test_no_answer_still_shows_the_best_spans_and_its_own_score() -> None:
    view = answering_view(made(answered=False))
    assert view["answered"] is False
    assert len(view["spans"]) == len(SPANS)
    assert view["no_answer"] == {"p": 0.8, "percent": "80.0 %"}
    json.dumps(view)


def test_no_answer_is_null_in_the_api() -> None:
    found = answer_scores(made(answered=False))
    assert (found["answer"], found["start"], found["end"], found["score"]) == (None, None, None, 0.8)
    assert [c["answer"] for c in found["candidates"]] == [s.text for s in SPANS]


def test_api_offsets_are_code_points() -> None:
    found = answer_scores(made())
    assert CONTEXT[found["start"] : found["end"]] == found["answer"] == "Kraków"
    assert found["score"] == 0.5


def test_sentence_counts_the_others_without_the_answer() -> None:
    twin = Answering(DEFAULTS["answering"], "weights", "Where?", CONTEXT, span("Kraków", 0.5), 0.1, SPANS, 1)
    for answer in (made(), twin):
        assert "with 50.0 %" in answering_sentence(answer)
        assert "35.0 % together" in answering_sentence(answer)


def test_sentence_of_a_single_span_and_of_several_windows() -> None:
    said = answering_sentence(made(spans=SPANS[:1], windows=3))
    assert "together" not in said
    assert said.endswith("read in 3 overlapping windows.")


def test_sentence_without_an_answer_says_how_sure() -> None:
    assert "no answer in this context (80.0 %)" in answering_sentence(made(answered=False))
