"""Bad input over raw HTTP: a good answer where it is legal, else a sentence; then the app answers others.

Every value of every request is refused in tests/tasks/test_checks.py, where the checks are. Here each endpoint meets each sort of
input, and each input some endpoint: what an endpoint adds to a check is only how the value comes to it and the sentence goes back.
"""

import itertools
import re
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
import pytest

from playground.catalog import MODELS, models_for
from playground.tasks.generation.limits import LIMITS
from tests.api.calls import Outcome, call, start_call
from tests.api.running_app import RunningApp

pytestmark = pytest.mark.models
T = TypeVar("T")

GOOD: dict[str, dict[str, Any]] = {
    "tokenize": {"text": "Hello"},
    "attention": {"text": "The cat sleeps."},
    "embeddings": {"text": "The cat sleeps."},
    "block": {"text": "The cat sleeps.", "layer": 1, "token": 1},
    "generate": {"prompt": "Hello", "chat": False, "temperature": 0.0, "max_new_tokens": 2, "seed": 1},
    "journey": {"text": "Hello there"},
    "trace": {"prompt": "Hello", "chat": False, "temperature": 0.0, "max_new_tokens": 2, "seed": 1},
    "surprisal": {"prompt": "Hello there", "chat": False},
    "beam_search": {"prompt": "Hello", "chat": False, "beams": 2, "max_new_tokens": 2},
    "sentiment": {"text": "A fine day."},
    "answer": {"question": "Who sleeps?", "context": "The cat sleeps in the garden."},
    "translate": {"text": "The cat sleeps.", "beams": 1},
    "explain_sentiment": {"text": "A fine day."},
    "classify_lines": {"lines": ["A fine day.", "A dull one."]},
    "explain_translation": {"text": "The cat sleeps.", "beams": 1},
    "token_steps": {"text": "Hello"},
    "answer_many": {"questions": ["Who sleeps?"], "context": "The cat sleeps in the garden."},
    "explain_answer": {"question": "Who sleeps?", "context": "The cat sleeps in the garden."},
}
APART = {"compare_tokenizers": "tests/api/test_tokens_lab.py: it takes a list of tokenizers"}
TEXTS = [
    ("tokenize", "text"), ("attention", "text"), ("generate", "prompt"), ("sentiment", "text"),
    ("journey", "text"), ("trace", "prompt"), ("surprisal", "prompt"), ("beam_search", "prompt"),
    ("embeddings", "text"), ("block", "text"),
    ("answer", "question"), ("answer", "context"), ("translate", "text"),
    ("explain_sentiment", "text"),
    ("explain_translation", "text"),
    ("answer_many", "context"), ("explain_answer", "question"), ("explain_answer", "context"),
]  # fmt: skip
MODEL = {api: "tokenizer" if api in ("tokenize", "token_steps") else "model" for api in GOOD}
ROOM = {
    "tokenize": "tokens", "attention": "attention", "generate": "generation", "sentiment": "sentiment", "answer": "answering",
    "translate": "translation", "explain_sentiment": "sentiment", "classify_lines": "sentiment",
    "explain_translation": "translation",
    "journey": "journey", "trace": "generation", "surprisal": "generation", "beam_search": "generation",
    "embeddings": "embeddings", "block": "embeddings",
    "token_steps": "tokens",
    "answer_many": "answering", "explain_answer": "answering",
}  # fmt: skip
LEAKS = ("Traceback", "site-packages", 'File "', "Exception", "RuntimeError", "TypeError", "ValueError", "KeyError", "<class ")


@dataclass(frozen=True)
class Refused:
    """The error must hold one of `words`, whatever their case."""

    words: tuple[str, ...]


def refused(*words: str) -> Refused:
    return Refused(words)


SURROGATE = "half \ud83e of it"
UNWRITTEN: tuple[tuple[Any, Refused], ...] = (
    ("", refused("empty")),
    (SURROGATE, refused("surrogate")),
    ("\udfff", refused("surrogate")),
    ("word " * 200_001, refused("limit", "characters")),
)
BLANK = (" ", " \n\t ", "\u3000\u00a0")
NO_TEXT: tuple[Any, ...] = (None, 3, ["Hello"], {"text": "Hello"}, True)
UNKNOWN: tuple[Any, ...] = ("no-such-model", "<b>bold</b>", "", None, 3, ["gpt2"], {}, SURROGATE, "x" * 100_000)
ODD_TEXTS: list[tuple[str, str]] = [
    ("a NUL in it", "The cat\x00 sleeps."),
    ("control characters", "The \x07cat\x1b[31m sleeps\x7f."),
    ("markup", "<img src=x onerror=alert(1)> <b>The cat</b> sleeps &amp; eats."),
    ("template code", "${7*7} {{7*7}} #{7*7} {% x %} <%= 1 %> The cat sleeps."),
    ("backslashes", "C:\\new\\u0041\\ The cat \\ sleeps."),
    ("right to left and marks", "\u202eThe cat\u202c s\u0301\u0302\u0303leeps مرحبا"),
    ("emoji", "👩‍🚀 The cat 🫠 sleeps."),
    ("one letter", "a"),
    ("special tokens spelled out", "<|im_end|> [CLS] [SEP] </s> <pad> The cat sleeps."),
    ("line breaks", "The cat\r\nsleeps.\n\nIt\u2028eats."),
]
WRONG_VALUES: list[tuple[str, str, Any, Refused]] = [
    ("token_steps", "text", "word " * 101, refused("500")),
    ("token_steps", "chat", "yes", refused("true or false")),
    ("tokenize", "special", "yes", refused("true or false")),
    ("tokenize", "special", None, refused("true or false")),
    ("attention", "layer", 6, refused("0 to 5")),
    ("attention", "layer", -1, refused("0 to 5")),
    ("attention", "layer", 10**30, refused("0 to 5")),
    ("attention", "layer", "first", refused("whole number")),
    ("attention", "layer", None, refused("whole number")),
    ("attention", "layer", 1.5, refused("whole number")),
    ("attention", "head", 12, refused("0 to 11")),
    ("attention", "head", "12", refused("0 to 11")),
    ("attention", "head", "average", refused("mean")),
    ("attention", "head", None, refused("mean")),
    ("attention", "head", [], refused("mean")),
    ("attention", "kind", "cross", refused("self")),
    ("attention", "kind", "sideways", refused("self, masked, cross", "it has: self")),
    ("attention", "kind", None, refused("self")),
    ("attention", "target", SURROGATE, refused("surrogate")),
    ("attention", "target", 3, refused("must be text")),
    ("embeddings", "stage", 7, refused("0 to 6")),
    ("embeddings", "stage", -8, refused("0 to 6")),
    ("embeddings", "stage", "last", refused("whole number")),
    ("embeddings", "stage", None, refused("whole number")),
    ("embeddings", "second", SURROGATE, refused("surrogate")),
    ("embeddings", "second", 3, refused("must be text")),
    ("embeddings", "second", "word " * 401, refused("2,000")),
    ("embeddings", "stack", "decoder", refused("it has: encoder")),
    ("embeddings", "stack", None, refused("encoder, decoder")),
    ("block", "layer", 6, refused("0 to 5")),
    ("block", "layer", -1, refused("0 to")),
    ("block", "layer", 10**30, refused("0 to")),
    ("block", "layer", "first", refused("whole number")),
    ("block", "token", 99, refused("tokens 0 to")),
    ("block", "token", True, refused("whole number")),
    ("block", "neurons", 0, refused("1 to 50")),
    ("block", "neurons", 51, refused("1 to 50")),
    ("block", "stack", ["encoder"], refused("encoder, decoder")),
    ("generate", "prompt", "word " * 9_000, refused("8,192")),
    ("generate", "chat", "no", refused("true or false")),
    ("generate", "temperature", -1, refused("0 to 5")),
    ("generate", "temperature", float("nan"), refused("0 to 5")),
    ("generate", "temperature", float("inf"), refused("0 to 5")),
    ("generate", "temperature", "hot", refused("0 to 5")),
    ("generate", "temperature", None, refused("0 to 5")),
    ("generate", "top_k", -1, refused("top-k")),
    ("generate", "top_k", 1.5, refused("whole number")),
    ("generate", "top_p", 0, refused("top-p")),
    ("generate", "top_p", 1.01, refused("top-p")),
    ("generate", "repetition_penalty", 0, refused("0.5 to 3")),
    ("generate", "beams", 0, refused("beams")),
    ("generate", "beams", LIMITS.beams + 1, refused("beams")),
    ("generate", "max_new_tokens", 0, refused("1 to 1,024")),
    ("generate", "max_new_tokens", LIMITS.new_tokens + 1, refused("1 to 1,024")),
    ("generate", "max_new_tokens", "many", refused("1 to 1,024")),
    ("generate", "seed", -1, refused("seed")),
    ("generate", "seed", 2**31, refused("seed")),
    ("generate", "seed", "seven", refused("seed")),
    ("generate", "seed", True, refused("seed")),
    ("generate", "min_p", 1.01, refused("0 to 1")),
    ("generate", "min_p", "some", refused("0 to 1")),
    ("trace", "written", [49_152], refused("vocabulary")),
    ("trace", "written", [-1], refused("written token")),
    ("trace", "written", ["a"], refused("written token")),
    ("trace", "written", [1] * 5_000, refused("4,096")),
    ("trace", "written", "abc", refused("list of token ids")),
    ("trace", "alternatives", 51, refused("1 to 50")),
    ("trace", "alternatives", "many", refused("whole number")),
    ("surprisal", "prompt", "word " * 3_000, refused("2,048")),
    ("beam_search", "beams", 1, refused("2 to 8")),
    ("beam_search", "max_new_tokens", 41, refused("1 to 40")),
    *(("answer_many", "questions", value, refused("must be text")) for value in (None, 3, {"a": "b"})),
    ("answer_many", "questions", ["who?"] * 21, refused("limit is 20")),
    *(("answer_many", "questions", ["who?", value], refused("question 2")) for value in ("", "  ", None, 3)),
    ("answer", "question", "who? " * 101, refused("500")),
    ("answer", "context", "word " * 20_001, refused("100,000")),
    ("sentiment", "text", "word " * 1_001, refused("5,000")),
    ("translate", "text", "word " * 4_001, refused("20,000")),
    ("translate", "beams", 0, refused("beams")),
    ("translate", "beams", 9, refused("beams")),
    ("translate", "beams", "four", refused("beams")),
    ("translate", "beams", None, refused("beams")),
    *(("explain_sentiment", "method", value, refused("occlusion")) for value in ("lime", None, 3, ["occlusion"])),
    *(("explain_sentiment", "unit", value, refused("word, token")) for value in ("letter", None, {})),
    ("explain_sentiment", "text", "word " * 300, refused("256")),
    *(("classify_lines", "lines", value, refused("list")) for value in ("one", None, 3, {"a": "b"}, ["x"] * 10_001)),
    *(("classify_lines", "lines", ["good", value], refused("text 1")) for value in ("", "  ", None, 3)),
    ("classify_lines", "lines", ["good", SURROGATE], refused("surrogate")),
    ("explain_translation", "text", "word " * 1_001, refused("5,000")),
    ("explain_translation", "text", "cat " * 200, refused("up to 128")),
    ("explain_translation", "candidate", 1, refused("from 0 to 0")),
    ("explain_translation", "candidate", "first", refused("whole number")),
    ("explain_translation", "beams", 0, refused("beams")),
    ("explain_translation", "begin", SURROGATE, refused("surrogate")),
    ("explain_translation", "begin", 3, refused("must be text")),
    ("explain_translation", "begin", "x" * 501, refused("500")),
]
BLANK_IS_TEXT = {"tokenize"}


@pytest.fixture(scope="module", autouse=True)
def nothing_of_this_is_logged_as_a_failure(app: RunningApp) -> Iterator[None]:
    """Bad input is the reader's matter: it leaves no traceback in the host's log."""
    before = len(app.log.read_text(errors="replace"))
    yield
    written = app.log.read_text(errors="replace")[before:]
    assert "A handler failed" not in written, written[written.index("A handler failed") :][:3000]


def check_refused(outcome: Outcome, expected: Refused) -> None:
    """A sentence for the reader: at least four words, no traceback, and it says what is wrong."""
    assert outcome.status == 200, outcome.raw[:500]
    assert outcome.error, f"answered: {outcome.raw[:300]}"
    assert len(re.findall(r"\w+", outcome.error)) >= 4, outcome.error
    assert outcome.error.rstrip().endswith((".", "?", "!")), outcome.error
    assert len(outcome.error) < 1_000, outcome.error
    assert not any(leak in outcome.error for leak in LEAKS), outcome.error
    assert any(word.lower() in outcome.error.lower() for word in expected.words), outcome.error


def check_still_answers(http: httpx.Client, app: RunningApp, api: str) -> None:
    """Somebody else, on the same endpoint, a moment later."""
    assert call(http, app.url, api, **GOOD[api]).answer


@pytest.mark.parametrize("api", GOOD)
def test_good_input_is_answered(http: httpx.Client, app: RunningApp, api: str) -> None:
    check_still_answers(http, app, api)


def in_turn(inputs: Sequence[T]) -> Iterator[T]:
    """One input for each row of TEXTS, so that all of them are sent somewhere."""
    assert len(inputs) <= len(TEXTS)
    return itertools.islice(itertools.cycle(inputs), len(TEXTS))


@pytest.mark.parametrize(
    ("place", "unwritten", "blank", "no_text"),
    [*zip(TEXTS, in_turn(UNWRITTEN), in_turn(BLANK), in_turn(NO_TEXT), strict=True)],
    ids=["-".join(place) for place in TEXTS],
)
def test_wrong_text(
    http: httpx.Client, app: RunningApp, place: tuple[str, str], unwritten: tuple[Any, Refused], blank: str, no_text: Any
) -> None:
    api, parameter = place
    for text, expected in (unwritten, (no_text, refused("must be text")), (blank, refused("only spaces"))):
        outcome = call(http, app.url, api, **(GOOD[api] | {parameter: text}))
        if text == blank and api in BLANK_IS_TEXT:
            assert outcome.answer["count"] >= 1
        else:
            check_refused(outcome, expected)
    check_still_answers(http, app, api)


@pytest.mark.parametrize(("place", "row"), [*zip(TEXTS, in_turn(ODD_TEXTS), strict=True)], ids=["-".join(place) for place in TEXTS])
def test_odd_but_legal_text(http: httpx.Client, app: RunningApp, place: tuple[str, str], row: tuple[str, str]) -> None:
    (api, parameter), (_, text) = place, row
    answer = call(http, app.url, api, **(GOOD[api] | {parameter: text})).answer
    assert answer is not None
    if (api, parameter) == ("answer", "context") and answer["answer"] is not None:
        assert answer["answer"] == text[answer["start"] : answer["end"]]


@pytest.mark.parametrize(("name", "text"), ODD_TEXTS, ids=[row[0] for row in ODD_TEXTS])
def test_odd_text_comes_back_as_it_was_sent(http: httpx.Client, app: RunningApp, name: str, text: str) -> None:
    answer = call(http, app.url, "tokenize", text=text).answer
    assert all(t["text"] == text[t["start"] : t["end"]] for t in answer["tokens"] if not t["special"])


@pytest.mark.parametrize("api", dict.fromkeys(row[0] for row in WRONG_VALUES))
def test_wrong_values(http: httpx.Client, app: RunningApp, api: str) -> None:
    for _, parameter, value, expected in (row for row in WRONG_VALUES if row[0] == api):
        check_refused(call(http, app.url, api, **(GOOD[api] | {parameter: value})), expected)
    check_still_answers(http, app, api)


@pytest.mark.parametrize(("api", "value"), [*zip(GOOD, itertools.cycle(UNKNOWN), strict=False)], ids=list(GOOD))
def test_unknown_model_lists_the_known(http: httpx.Client, app: RunningApp, api: str, value: Any) -> None:
    outcome = call(http, app.url, api, **(GOOD[api] | {MODEL[api]: value}))
    check_refused(outcome, refused("choose one of"))
    assert all(card.slug in outcome.error for card in models_for(ROOM[api])), outcome.error


@pytest.mark.parametrize("api", [api for api in GOOD if any(ROOM[api] not in card.rooms for card in MODELS)])
def test_model_of_another_room_lists_the_right_ones(http: httpx.Client, app: RunningApp, api: str) -> None:
    other = next(card for card in MODELS if ROOM[api] not in card.rooms)
    outcome = call(http, app.url, api, **(GOOD[api] | {MODEL[api]: other.slug}))
    check_refused(outcome, refused("choose one of"))
    assert models_for(ROOM[api])[0].slug in outcome.error


@pytest.mark.parametrize("api", GOOD)
def test_hub_model_without_a_hub(http: httpx.Client, app: RunningApp, api: str) -> None:
    """The hub takes the call and never answers: the panel says so in time, and another panel answers meanwhile."""
    model = next(card for card in models_for(ROOM[api]) if not card.embedded)
    begun = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(call, http, app.url, api, **(GOOD[api] | {MODEL[api]: model.slug}))
        other = "sentiment" if api != "sentiment" else "translate"
        assert call(http, app.url, other, **GOOD[other]).answer
        outcome = waiting.result()
    assert time.monotonic() - begun < 6
    check_refused(outcome, refused("hub"))
    assert any(card.embedded and card.slug in outcome.error for card in MODELS), "which work offline?"


def test_a_body_that_is_no_call(http: httpx.Client, app: RunningApp) -> None:
    for body in (b"", b"[]", b"\x00\xff", b'{"text": '):
        answer = http.post(f"{app.url}/gradio_api/call/v2/tokenize", content=body, headers={"Content-Type": "application/json"})
        assert 400 <= answer.status_code < 500
        assert answer.json()["detail"]
    check_still_answers(http, app, "tokenize")


def test_leaving_in_the_middle_frees_the_place(http: httpx.Client, app: RunningApp) -> None:
    """A reader who goes away while text streams: the next one does not wait for the rest of it."""
    event = start_call(http, app.url, "generate", GOOD["generate"] | {"max_new_tokens": 1_000}).json()["event_id"]
    with http.stream("GET", f"{app.url}/gradio_api/call/generate/{event}") as answer:
        next(answer.iter_lines())
    begun = time.monotonic()
    assert call(http, app.url, "generate", **GOOD["generate"], model="smollm2-135m").answer
    assert time.monotonic() - begun < 8
