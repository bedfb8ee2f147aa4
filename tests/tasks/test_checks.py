"""Every bad input of every request is refused with a sentence that says what to do; every odd but valid one passes the checks."""

import re
from dataclasses import fields, replace
from typing import Any

import pytest

from playground.catalog import DEFAULTS
from playground.errors import BadInput
from playground.service.door import check_request
from playground.tasks.answering.answering import AnsweringRequest
from playground.tasks.answering.limits import LIMITS as ANSWERING
from playground.tasks.attention.attention import AttentionMapRequest, AttentionRequest
from playground.tasks.attention.packing import AttentionPackRequest
from playground.tasks.embeddings.embeddings import EmbeddingsRequest
from playground.tasks.embeddings.limits import LIMITS as EMBEDDINGS
from playground.tasks.generation.generation import SEEDS, GenerationRequest
from playground.tasks.generation.limits import LIMITS as GENERATION
from playground.tasks.limits import LIMITS
from playground.tasks.request import Batch, Request
from playground.tasks.sentiment.sentiment import SentimentRequest
from playground.tasks.text import shown
from playground.tasks.tokens.budget import BudgetRequest
from playground.tasks.tokens.limits import LIMITS as TOKENS
from playground.tasks.tokens.misreading import MisreadingRequest
from playground.tasks.tokens.segmentation import CuttingRequest
from playground.tasks.tokens.tokens import TokensRequest
from playground.tasks.translation.limits import LIMITS as TRANSLATION
from playground.tasks.translation.translation import TranslationRequest
from tests.service.requests import SMALL

RUN = AttentionRequest("text", DEFAULTS["attention"])
GOOD: dict[str, Request[Any]] = {
    "tokens": TokensRequest("text", DEFAULTS["tokens"]),
    "attention": RUN,
    "map": AttentionMapRequest(RUN),
    "pack": AttentionPackRequest(RUN),
    "generation": GenerationRequest("text", DEFAULTS["generation"]),
    "sentiment": SentimentRequest("text", DEFAULTS["sentiment"]),
    "answering": AnsweringRequest("who?", "text", DEFAULTS["answering"]),
    "translation": TranslationRequest("text", DEFAULTS["translation"]),
    "embeddings": EmbeddingsRequest("text", DEFAULTS["embeddings"]),
    "cutting": CuttingRequest("text", DEFAULTS["tokens"]),
    "budget": BudgetRequest("text", DEFAULTS["tokens"]),
    "misreading": MisreadingRequest((1, 2), DEFAULTS["tokens"]),
}
TEXT_FIELDS = [
    ("tokens", "text", TOKENS.tokens_characters),
    ("attention", "text", LIMITS.attention_characters),
    ("attention", "target", LIMITS.attention_characters),
    ("generation", "prompt", GENERATION.prompt_characters),
    ("sentiment", "text", LIMITS.sentiment_characters),
    ("answering", "question", ANSWERING.question_characters),
    ("answering", "context", ANSWERING.context_characters),
    ("translation", "text", TRANSLATION.passage_characters),
    ("embeddings", "text", EMBEDDINGS.vector_characters),
    ("cutting", "text", TOKENS.cutting_characters),
    ("budget", "text", TOKENS.tokens_characters),
]
BLANK = ("tokens", "cutting", "budget")  # spaces are tokens too
NO_TEXT = [None, 7, 1.5, True, ["a"], {"a": 1}, b"bytes", ("a",)]
LONE = ["\ud800", "a\udfffb", "ok \ud83d"]
NO_WHOLE = [None, True, 1.0, "1", float("nan"), [1], 10**400]
NO_NUMBER = [None, True, "0.5", float("nan"), float("inf"), float("-inf"), [1.0], 10**400, -(10**400)]

BAD: list[tuple[str, str, Any]] = [
    *((room, name, value) for room, name, _ in TEXT_FIELDS for value in [*NO_TEXT, *LONE, *([] if name == "target" else [""])]),
    *((room, name, "a" * (most + 1)) for room, name, most in TEXT_FIELDS),
    *((room, name, blank) for room, name, _ in TEXT_FIELDS if room not in BLANK for blank in (" ", "\n\t ", "\u3000")),
    *(("tokens", "special", value) for value in (None, 0, 1, "yes")),
    *(("cutting", "chat", value) for value in (None, 0, 1, "yes")),
    *(("misreading", "ids", value) for value in (None, 3, "3", [1], (1.0,), (True,), (-1,), (2**31,), ("1",), (0,) * 20_001)),
    *(("generation", "chat", value) for value in (None, 0, "no")),
    *(("generation", "temperature", value) for value in [*NO_NUMBER, -0.1, 5.1]),
    *(("generation", "top_p", value) for value in [*NO_NUMBER, 0.0, 1.1]),
    *(("generation", "repetition_penalty", value) for value in [*NO_NUMBER, 0.4, 3.1]),
    *(("generation", "top_k", value) for value in [*NO_WHOLE, -1]),
    *(("generation", "beams", value) for value in [*NO_WHOLE, 0, LIMITS.beams + 1]),
    *(("generation", "max_new_tokens", value) for value in [*NO_WHOLE, 0, GENERATION.new_tokens + 1]),
    *(("generation", "seed", value) for value in [*NO_WHOLE[1:], -1, SEEDS + 1]),
    *(("translation", "beams", value) for value in [*NO_WHOLE, 0, -3, LIMITS.beams + 1]),
    *(("answering", "candidates", value) for value in [*NO_WHOLE, 0, ANSWERING.candidates + 1]),
    *(("map", "kind", value) for value in ("nonsense", None, 3, "SELF")),
    *(("map", "layer", value) for value in (None, True, "0", 1.0, float("nan"))),
    *(("map", "head", value) for value in (None, True, "0", "max", 1.5, float("inf"))),
    *(("pack", "patterns", value) for value in (None, 1, "yes")),
    *(("pack", "layer", value) for value in (1, "0")),
    *((room, "tokenizer" if GOOD[room].tokenizer_only else "model", value) for room in GOOD if room not in ("map", "pack")
      for value in ("", "nosuch", None, 3, "GPT2", "../../etc/passwd", "<b>x</b>", ["gpt2"], "a" * 10_000)),
]  # fmt: skip


@pytest.mark.parametrize(("room", "name", "value"), BAD, ids=lambda value: shown(value, 20))
def test_bad_input_gets_a_sentence(room: str, name: str, value: Any) -> None:
    with pytest.raises(BadInput) as caught:
        check_request(replace(GOOD[room], **{name: value}))
    sentence = str(caught.value)
    assert len(sentence) < 900
    assert sentence.isprintable()
    assert sentence[0].isupper() and sentence[-1] in ".”"
    assert re.search(r"\d|Send|Type|Choose|Delete|Give|must be|has:", sentence), sentence


@pytest.mark.parametrize("name", SMALL)
def test_no_field_of_any_request_takes_what_is_of_no_sort_it_knows(name: str) -> None:
    """Of every request there is (tests/service/test_contract.py holds that SMALL has them all)."""
    asked = SMALL[name]
    for field in fields(asked):  # type: ignore[arg-type]
        for value in (object(), {"a": 1}, b"x", float("nan"), [None]):
            if not isinstance(getattr(asked, field.name), Request):
                with pytest.raises(BadInput):
                    check_request(replace(asked, **{field.name: value}))  # type: ignore[type-var]


@pytest.mark.parametrize(("room", "name", "most"), TEXT_FIELDS)
def test_the_limit_itself_passes_and_one_more_says_how_many(room: str, name: str, most: int) -> None:
    check_request(replace(GOOD[room], **{name: "🦙" * most}))  # type: ignore[arg-type]
    with pytest.raises(BadInput, match=rf"{most + 1:,} characters; the limit is {most:,}. Shorten it by 1"):
        check_request(replace(GOOD[room], **{name: "🦙" * (most + 1)}))  # type: ignore[arg-type]


def test_a_lone_surrogate_is_named_with_its_place() -> None:
    with pytest.raises(BadInput, match=r"U\+D800\) at character 4"):
        check_request(SentimentRequest("abc\ud800", DEFAULTS["sentiment"]))


def test_one_bad_line_of_a_batch_is_refused() -> None:
    with pytest.raises(BadInput, match="empty"):
        check_request(Batch((GOOD["sentiment"], SentimentRequest("", DEFAULTS["sentiment"]))))


@pytest.mark.parametrize("room", GOOD)
def test_a_good_request_passes_and_is_a_value(room: str) -> None:
    asked = GOOD[room]
    check_request(asked.settled())
    assert hash(asked) == hash(replace(asked))  # type: ignore[type-var]
    assert asked == replace(asked)  # type: ignore[type-var]
    with pytest.raises(AttributeError):
        asked.text = "other"  # type: ignore[attr-defined]


def test_tokens_may_be_only_spaces() -> None:
    check_request(TokensRequest("   ", DEFAULTS["tokens"]))
