"""An answering as a sentence, as the API's result, and several as a table."""

from math import inf

import pytest

from playground.catalog import DEFAULTS
from playground.tasks.answering.answering import Answering, ManyAnswers, Span
from playground.views.answering.answering import answer_scores, answering_sentence, answers_view

CONTEXT = "🤗 Zoë was born in Kraków <b>in 1911</b>."


def span(text: str, score: float) -> Span:
    start = CONTEXT.index(text)
    return Span(text, start, start + len(text), score)


SPANS = (span("Kraków", 0.5), span("in Kraków", 0.2), span("Kraków <b>in 1911", 0.1), span("Zoë", 0.05))


def made(answered: bool = True, spans: tuple[Span, ...] = SPANS, windows: int = 1) -> Answering:
    best = spans[0] if answered else None
    return Answering(DEFAULTS["answering"], "weights", "Where?", CONTEXT, best, 0.15 if answered else 0.8, spans, windows)


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
        assert "with 50.0 %" in answering_sentence(answer, 1.0)
        assert "35.0 % together" in answering_sentence(answer, 1.0)


def test_sentence_of_a_single_span_and_of_several_windows() -> None:
    said = answering_sentence(made(spans=SPANS[:1], windows=3), 1.0)
    assert "together" not in said
    assert said.endswith("read in 3 overlapping windows.")


def test_sentence_without_an_answer_says_how_sure() -> None:
    assert "no answer in this context (80.0 %)" in answering_sentence(made(answered=False), 1.0)


@pytest.mark.parametrize("answered", [True, False])
def test_sentence_names_the_threshold_it_holds_by_for_the_pages_can_be_moved(answered: bool) -> None:
    assert "own threshold" in answering_sentence(made(answered), -3.5)
    assert "threshold" not in answering_sentence(made(answered), inf)
    assert "always answers; its best span has 50.0 %" in answering_sentence(made(), inf)


def test_the_table_tells_answers_and_refusals_and_what_is_to_come() -> None:
    view = answers_view(ManyAnswers("minilm-qa", CONTEXT, (made(), made(answered=False)), 3), 1)
    rows = [(row["answer"], row["answered"], row["percent"]) for row in view["rows"]]
    assert rows == [("Kraków", True, "50.0 %"), ("no answer", False, "80.0 %")]
    assert (view["asked"], view["chosen"]) == (3, 1)


def test_how_many_of_the_next_best_share_words_is_counted_on_the_spans() -> None:
    """“in Kraków” and “Kraków <b>in 1911” share the best span's word, “Zoë” does not."""
    assert "3 spans have 35.0 % together; 2 of them share words with it" in answering_sentence(made(), 0.0)
    assert "all of them share words with it, cut wider or narrower" in answering_sentence(made(spans=SPANS[:3]), 0.0)
    apart = (span("Kraków", 0.5), span("Zoë", 0.2), span("1911", 0.1))
    assert "none of them shares a word with it" in answering_sentence(made(spans=apart), 0.0)
    assert "The next best span has 5.0 %; it shares no word with it." in answering_sentence(made(spans=(SPANS[0], SPANS[3])), 0.0)
