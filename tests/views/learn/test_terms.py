"""The field's own words: each is in the lesson, once, with a source; and a learner can look up those the lesson is about."""

from playground.views.learn.lessons import lesson_view, steps_with_terms
from playground.views.learn.terms import Term, first_places, known_terms, terms_table

# What issue 12 and the lesson itself name; a learner must be able to look them up.
WANTED = {
    "activation", "GELU", "feed-forward part (MLP)", "attention weights", "hallucination", "pre-training", "fine-tuning",
    "instruction tuning", "d_k", "logit", "embedding", "residual stream", "causal language model", "masked language model",
    "layer normalisation", "pooler", "integrated gradients", "positional encoding",
}  # fmt: skip


def test_every_term_stands_in_the_lesson_and_is_shown_there_first_and_once() -> None:
    shown = [(term, chapter.id, step) for chapter, step, terms in steps_with_terms() for term in terms]
    assert {term for term, _, _ in shown} == set(known_terms())
    assert len(shown) == len(known_terms())
    assert all(term.stands_in(f"{step.title}\n{step.text}") for term, _, step in shown)
    assert {term.term for term, _, _ in shown} >= WANTED


def test_no_term_is_there_twice_and_each_has_a_source() -> None:
    written = [one.casefold() for term in known_terms() for one in {term.term, *term.also}]
    assert sorted({one for one in written if written.count(one) > 1}) == []
    assert len({term.definition for term in known_terms()}) == len(known_terms())
    for term in known_terms():
        assert term.source.startswith("https://") and term.said and term.definition.endswith("."), term.term
        assert len(term.definition.split()) < 50, term.term


def test_a_term_is_found_as_whole_words_only() -> None:
    term = Term("logit", "…", "…", "https://x", ("logits",))
    assert [term.stands_in(text) for text in ("2 **Logits** out", "a `logit`", "logitech", "pre-logit")] == [True, True, False, False]
    assert first_places(["nothing here"]) == {}


def test_the_page_has_definitions_in_the_step_and_a_list_of_all() -> None:
    steps = [step for chapter in lesson_view()["chapters"] for step in chapter["steps"]]
    attention = next(step for step in steps if step["title"] == "Query, key, value")
    assert {"attention weights", "d_k"} <= {one["term"] for one in attention["terms"]}
    rows = terms_table()["rows"]
    assert [row[0] for row in rows] == sorted((row[0] for row in rows), key=str.casefold)
    assert len(rows) == len(known_terms()) == sum(len(step["terms"]) for step in steps)
