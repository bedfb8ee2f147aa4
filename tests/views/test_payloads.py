"""What the page is given: declared, told to its scripts, and exactly what the views give on the fake service."""

from collections.abc import Callable
from typing import Any, NotRequired, TypedDict

import numpy as np
import pytest

from playground.tasks.attention.influence import InfluenceRequest
from playground.tasks.learn.fresh_head import FreshHeadRequest
from playground.tasks.request import Progress
from playground.tasks.sentiment.attribution import AttributionRequest
from playground.tasks.sentiment.sentiment import SentimentRequest
from playground.tasks.sentiment.tally import Pace, Verdict
from playground.tasks.status import StatusRequest
from playground.tasks.tokens.misreading import MisreadingRequest
from playground.tasks.tokens.tokens import TokensRequest
from playground.views.generation.strategies import way_of, way_of_tree
from playground.views.learn.fresh_head import sentences
from playground.views.learn.lessons import exercises, gallery
from playground.views.learn.terms import known_terms
from playground.views.scenes import Scene
from playground.views.tokens.comparison import languages
from tests.exact import wrong
from tests.fake.service import FakeService
from tests.js.payloads import FILE, declared, text, views
from tests.service.requests import ATTENTION, SMALL, TRACED

SERVICE = FakeService()


def of(name: str) -> Any:
    return SERVICE.run(SMALL[name])


def _attributions() -> list[Any]:
    asked = SentimentRequest("I love this product!", "minilm-sentiment")
    methods = ("occlusion", "integrated gradients")
    return [SERVICE.run(AttributionRequest(asked, method, unit)) for method in methods for unit in ("word", "token")]


def _tokens(words: str, model: str) -> Any:
    return SERVICE.run(TokensRequest(words, model))


def _influence() -> Any:
    return SERVICE.run(InfluenceRequest(ATTENTION, 1))


def _sentences() -> tuple[str, ...]:
    return tuple(said for said, _ in sentences())


def _verdicts() -> list[Verdict]:
    made = of("sentiment")
    return [Verdict(1, "I love it.", "no", "negative", made), Verdict(2, "fine", "", "", made)]


GIVEN: dict[str, Callable[[Any], Any]] = {
    "answers_view": lambda view: view(of("many answers")),
    "explained_view": lambda view: view(of("explained answer")),
    "question_words_view": lambda view: view(of("question words")),
    "steps_view": lambda view: view(of("steps")),
    "influence_view": lambda view: view(_influence(), np.ones(len(_influence().scores), np.float32), "head 2"),
    "anatomy_view": lambda view: view([of("anatomy")], "a b"),
    "block_view": lambda view: view(of("block")),
    "embeddings_view": lambda view: view(of("embeddings")),
    "neighbours_view": lambda view: view(of("neighbours")),
    "multihead_view": lambda view: view(of("multihead")),
    "positions_view": lambda view: view(of("positions")),
    "shuffle_view": lambda view: view(of("shuffle")),
    "similarity_view": lambda view: view(of("similarity")),
    "generation_view": lambda view: view(of("generation")),
    "pace_figures": lambda view: view(of("pace")),
    "lens_view": lambda view: view(of("lens")),
    "step_value": lambda view: view(TRACED, 3, 1),
    "reading_view": lambda view: view(of("prompt")),
    "tree_view": lambda view: view(of("beams")),
    "ways_view": lambda view: view([way_of("greedy", "", of("trace")), way_of_tree(of("beams"))], of("beams")),
    "scene_view": lambda view: view(Scene("attention", {"attention-text": "a"}, lab={"layer": 0}, look="the row")),
    "packages_table": lambda view: view({"torch": "2.0"}),
    "pipelines_table": lambda view: view("5.0"),
    "fresh_head_view": lambda view: view(
        SERVICE.run(FreshHeadRequest(_sentences(), "minilm-l6", (0, 1))), [of("sentiment")] * len(_sentences())
    ),
    "hosted_note": lambda view: view(Progress("waiting", "Waiting")),
    "ours_note": lambda view: view(Progress("waiting", "Waiting")),
    "issue_view": lambda view: view(of("issue")),
    "key_view": lambda view: view("No key."),
    "term_view": lambda view: view(known_terms()[0]),
    "cards_view": lambda view: view((*exercises(), *gallery()), "learn"),
    "program_view": lambda view: view("print(1)", "tokens"),
    "attribution_view": lambda view: view(_attributions()),
    "sentiment_view": lambda view: view([of("sentiment")]),
    "twotexts_view": lambda view: view(of("sentiment"), of("sentiment")),
    "speed_note": lambda view: view(1, 2, Pace(1, 1.0)),
    "verdicts_view": lambda view: view(_verdicts(), 2, 0, Pace(2, 1.0)),
    "note": lambda view: view("Done."),
    "progress_note": lambda view: view(Progress("waiting", "Waiting")),
    "status_view": lambda view: view(SERVICE.run(StatusRequest())),
    "budget_view": lambda view: view(of("budget"), 100),
    "contrast_view": lambda view: view([_tokens("a b", "smollm2-135m"), _tokens("a b", "minilm-l6")]),
    "languages_view": lambda view: view([[_tokens(one["text"], "smollm2-135m") for one in languages()]]),
    "misreading_view": lambda view: view(of("tokens"), SERVICE.run(MisreadingRequest(tuple(of("tokens").ids.tolist()), "en-fr"))),
    "cutting_view": lambda view: view(of("cutting")),
    "tokens_view": lambda view: view(of("tokens")),
    "document_note": lambda view: view(of("document")),
    "document_view": lambda view: view(of("document"), SMALL["document"]),
    "alignment_view": lambda view: view(of("forced decoding")),
    "translation_view": lambda view: view(of("translation"), SMALL["translation"]),
}
NOTHING_ASKED = ("lesson_view", "quiz_view", "models_table", "resources_table", "sizes_table", "windows_table", "terms_table")


def test_what_the_scripts_are_told_is_what_is_declared() -> None:
    """`make docs` writes it."""
    assert FILE.read_text("utf-8") == text()


def test_no_payload_is_left_out() -> None:
    assert {view.__name__ for view in views()} == {*GIVEN, *NOTHING_ASKED}


@pytest.mark.parametrize("view", views(), ids=lambda view: view.__name__)
def test_a_payload_is_exactly_what_is_declared(view: Callable[..., Any]) -> None:
    made = GIVEN[view.__name__](view) if view.__name__ in GIVEN else view()
    assert wrong(made, declared(view)) == []


def test_what_is_not_as_declared_is_told() -> None:
    class Inner(TypedDict):
        n: int

    class Outer(TypedDict):
        rows: list[Inner]
        share: float
        said: NotRequired[str]

    assert wrong({"rows": [{"n": 1}], "share": 1}, Outer) == []
    assert wrong({"rows": [{"n": True}], "share": np.float32(1)}, Outer) == [
        "value['rows'][0]['n'] is a bool, not <class 'int'>", "value['share'] is a float32, not <class 'float'>",
    ]  # fmt: skip
    assert wrong({"rows": [{}], "share": None, "more": 1}, Outer) == [
        "value has 'more', which Outer does not declare", "value['rows'][0] has no 'n'",
        "value['share'] is a NoneType, not <class 'float'>",
    ]  # fmt: skip
