"""Every public endpoint through gradio_client: names, defaults, result fields, and that real models stand behind them."""

import json
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import numpy as np
import pytest

from tests.api.running_app import RunningApp

pytestmark = pytest.mark.models

if TYPE_CHECKING:
    from gradio_client import Client

RECORDED = json.loads((Path(__file__).parents[1] / "panels" / "endpoints.json").read_text("utf-8"))
ARGUMENTS = {f"/{name}": {one["name"]: "default" in one for one in told["arguments"]} for name, told in RECORDED.items()}
GREEDY = {"temperature": 0.0, "chat": False, "max_new_tokens": 8, "seed": 0}
CAT = "The cat sleeps because the cat is tired."


@pytest.fixture(scope="module")
def described(app: RunningApp) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{app.url}/gradio_api/info", timeout=30).json()
    return found


def test_info_lists_exactly_these(described: dict[str, Any]) -> None:
    assert set(described["named_endpoints"]) == set(ARGUMENTS)
    assert described["unnamed_endpoints"] == {}


@pytest.mark.parametrize("api", ARGUMENTS)
def test_info_documents_names_types_and_defaults(described: dict[str, Any], api: str) -> None:
    endpoint = described["named_endpoints"][api]
    assert {p["parameter_name"]: p["parameter_has_default"] for p in endpoint["parameters"]} == ARGUMENTS[api]
    for parameter in endpoint["parameters"]:
        assert parameter["type"], parameter
        assert parameter["python_type"]["type"] != "Any", parameter
    assert len(endpoint["returns"]) == 1
    assert endpoint["returns"][0]["type"], "an untyped result"
    assert len(endpoint["description"].split()) >= 4


def test_tokenize(client: "Client") -> None:
    text = "Tokens: naïve 🤗!"
    found = client.predict(text, api_name="/tokenize")
    assert found["count"] == len(found["tokens"]) > 4
    assert {"id", "text", "start", "end", "special"} <= set(found["tokens"][0])
    assert all(t["text"] == text[t["start"] : t["end"]] for t in found["tokens"] if not t["special"])
    named = client.predict(text=text, tokenizer="smollm2-135m", special=True, api_name="/tokenize")
    assert named == found, "the default tokenizer, by name"


def test_tokenize_special_tokens(client: "Client") -> None:
    with_, without = (client.predict("Hello world", "minilm-l6", flag, api_name="/tokenize") for flag in (True, False))
    assert [t["text"] for t in with_["tokens"]] == ["[CLS]", "Hello", "world", "[SEP]"]
    assert [t["special"] for t in with_["tokens"]] == [True, False, False, True]
    assert [t["text"] for t in without["tokens"]] == ["Hello", "world"]


def test_tokenize_sentencepiece(client: "Client") -> None:
    found = client.predict("Good morning", "en-fr", api_name="/tokenize")
    assert "".join(t["text"] for t in found["tokens"] if not t["special"]).replace(" ", "") == "Goodmorning"


@pytest.mark.parametrize(
    ("model", "kind", "square"),
    [("minilm-l6", "self", True), ("smollm2-135m", "masked", True), ("en-fr", "cross", False), ("en-fr", "self", True)],
)
def test_attention(client: "Client", model: str, kind: str, square: bool) -> None:
    found = client.predict(CAT, model, 1, 0, kind, "", api_name="/attention")
    weights = np.array(found["weights"])
    assert weights.shape == (len(found["query_tokens"]), len(found["key_tokens"]))
    assert np.allclose(weights.sum(axis=1), 1, atol=1e-3)
    assert (found["layer"], found["head"], found["kind"]) == (1, 0, kind)
    assert not square or found["query_tokens"] == found["key_tokens"]
    if kind == "masked":
        assert np.all(np.triu(weights, 1) == 0)
    assert sum("cat" in token for token in found["key_tokens"]) >= (2 if model != "en-fr" else 0)


def test_attention_defaults_are_the_first_layer_and_the_mean_of_its_heads(client: "Client") -> None:
    found = client.predict(CAT, api_name="/attention")
    assert (found["layer"], found["head"], found["kind"]) == (0, "mean", "self")
    heads = [client.predict(CAT, "minilm-l6", 0, head, api_name="/attention")["weights"] for head in range(12)]
    assert np.allclose(np.mean(heads, axis=0), found["weights"], atol=1e-4), "four decimals"


def test_attention_takes_a_head_as_text(client: "Client") -> None:
    assert (
        client.predict(CAT, "minilm-l6", 2, "3", api_name="/attention")["weights"]
        == client.predict(CAT, "minilm-l6", 2, 3, api_name="/attention")["weights"]
    )


def test_attention_reads_a_given_target(client: "Client") -> None:
    own = client.predict("The cat sleeps.", "en-fr", kind="cross", api_name="/attention")
    given = client.predict("The cat sleeps.", "en-fr", kind="cross", target="Un chien mange.", api_name="/attention")
    assert own["key_tokens"] == given["key_tokens"]
    assert "chien" in "".join(given["query_tokens"])
    assert "chat" in "".join(own["query_tokens"])


def test_generate_streams_cumulative_text(client: "Client") -> None:
    job = client.submit("The capital of France is", **(GREEDY | {"max_new_tokens": 24}), api_name="/generate")
    final = job.result(timeout=120)
    items = job.outputs()
    assert len(items) >= 3, "a stream, not one answer"
    assert all(later.startswith(earlier) for earlier, later in pairwise(items))
    assert final == items[-1]
    assert "Paris" in final


def test_generate_repeats_a_seed(client: "Client") -> None:
    asked = {"chat": False, "temperature": 1.0, "max_new_tokens": 12, "api_name": "/generate"}
    one, same, other = (client.predict("Once upon a time", seed=seed, **asked) for seed in (7, 7, 8))
    assert one == same
    assert one != other


def test_generate_draws_a_seed_where_none_is_given(client: "Client") -> None:
    asked = {"chat": False, "temperature": 1.5, "max_new_tokens": 12, "api_name": "/generate"}
    assert len({client.predict("Once upon a time", **asked) for _ in range(3)}) > 1


def test_generate_chat_answers(client: "Client") -> None:
    said = client.predict("What is the capital of France?", temperature=0.0, max_new_tokens=16, api_name="/generate")
    assert "Paris" in said


def test_trace_tells_of_every_token_and_goes_on_from_any(client: "Client") -> None:
    asked = {"chat": False, "temperature": 1.0, "max_new_tokens": 6, "seed": 3, "api_name": "/trace"}
    made = client.predict("The capital of France is", **asked)
    assert len(made["tokens"]) == 6 and made["seed"] == 3
    assert "".join(token["text"] for token in made["tokens"]) == made["text"]
    assert np.isclose(sum(np.log(token["probability"]) for token in made["tokens"]), made["log_probability"], atol=1e-4)
    assert all(len(token["alternatives"]) == 10 for token in made["tokens"])
    written = [token["id"] for token in made["tokens"][:2]] + [made["tokens"][2]["alternatives"][5]["id"]]
    branch = client.predict("The capital of France is", written=written, **asked)
    assert branch["text"].startswith("".join(t["text"] for t in made["tokens"][:2]) + made["tokens"][2]["alternatives"][5]["text"])


def test_surprisal_and_beam_search(client: "Client") -> None:
    read = client.predict("The capital of France is Paris.", chat=False, api_name="/surprisal")
    bits = [token["bits"] for token in read["tokens"]]
    assert bits[0] is None and np.isclose(2 ** np.mean(bits[1:]), read["perplexity"], rtol=1e-4)
    found = client.predict("The capital of France is", chat=False, beams=2, max_new_tokens=4, api_name="/beam_search")
    assert len(found["answers"]) == 2 and found["answers"][0]["score"] >= found["answers"][1]["score"]
    assert len(found["nodes"]) == 16 and {node["fate"] for node in found["nodes"]} <= {"kept", "ended", "pruned"}


def test_generate_with_beams(client: "Client") -> None:
    assert client.predict("The capital of France is", beams=2, **GREEDY, api_name="/generate").strip()


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("I love this product!", "positive"),
        ("This movie is fantastic!", "positive"),
        ("The food was cold and the waiter was rude.", "negative"),
    ],
)
def test_sentiment(client: "Client", text: str, label: str) -> None:
    found = client.predict(text, api_name="/sentiment")
    assert set(found) >= {"label", "scores"}
    assert found["label"] == label == max(found["scores"], key=found["scores"].get)
    assert sum(found["scores"].values()) == pytest.approx(1, abs=1e-5)
    assert client.predict(text=text, model="minilm-sentiment", api_name="/sentiment") == found


@pytest.mark.parametrize("method", ["occlusion", "integrated gradients"])
@pytest.mark.parametrize("unit", ["word", "token"])
def test_explain_sentiment(client: "Client", method: str, unit: str) -> None:
    text = "The storytelling bored me, but what acting! 🙂"
    found = client.predict(text, method=method, unit=unit, api_name="/explain_sentiment")
    assert all(text[one["start"] : one["end"]] == one["text"] for one in found["units"])
    total = found["baseline"] + sum(one["score"] for one in found["units"]) + found["gap"]
    assert total == pytest.approx(found["log_odds"], abs=1e-6)
    assert 1 / (1 + np.exp(-found["log_odds"])) == pytest.approx(found["probability"], abs=1e-6)
    assert found["label"] == client.predict(text, api_name="/sentiment")["label"]
    assert abs(found["gap"]) < 0.3 or method == "occlusion"


def test_classify_lines(client: "Client") -> None:
    lines = ["I love this product!", "The food was cold and the waiter was rude.", "good " * 600]
    found = client.predict(lines, api_name="/classify_lines")
    assert [one["label"] for one in found] == ["positive", "negative", "positive"]
    assert [one["cut"] for one in found] == [False, False, True]
    for line, one in zip(lines[:2], found, strict=False):
        assert one["scores"] == pytest.approx(client.predict(line, api_name="/sentiment")["scores"], abs=1e-4)


def test_answer(client: "Client") -> None:
    context = "Python is a high-level programming language."
    found = client.predict("What is Python?", context, api_name="/answer")
    assert set(found) >= {"answer", "start", "end", "score", "candidates"}
    assert "programming language" in found["answer"]
    assert context[found["start"] : found["end"]] == found["answer"]
    assert 0 < found["score"] <= 1
    for candidate in found["candidates"]:
        assert set(candidate) >= {"answer", "start", "end", "score"}
        assert context[candidate["start"] : candidate["end"]] == candidate["answer"]


def test_answer_offsets_are_code_points(client: "Client") -> None:
    context = "🤗🤗 Zoë was born in Kraków in 1911."
    found = client.predict(question="Where was Zoë born?", context=context, api_name="/answer")
    assert context[found["start"] : found["end"]] == found["answer"]
    assert "Kraków" in found["answer"]


def test_answer_can_say_there_is_none(client: "Client") -> None:
    context = "The house has a red door and four small windows. It stands on a hill above the village."
    found = client.predict("Who wrote the opera Carmen?", context, api_name="/answer")
    assert (found["answer"], found["start"], found["end"]) == (None, None, None)
    assert 0 <= found["score"] <= 1


def test_translate(client: "Client") -> None:
    found = client.predict("Hello, how are you?", api_name="/translate")
    assert set(found) >= {"translation", "candidates"}
    assert found["translation"].startswith(("Bonjour", "Salut"))
    assert found["candidates"][0]["text"] == found["translation"]
    scores = [candidate["score"] for candidate in found["candidates"]]
    assert scores == sorted(scores, reverse=True)
    assert len(client.predict("How are you?", beams=2, api_name="/translate")["candidates"]) == 2


def test_translate_keeps_what_lies_between_sentences(client: "Client") -> None:
    text = "# The house\n\n- The cat sleeps. How are you?\n- 42\n"
    found = client.predict(text, api_name="/translate")
    assert (found["done"], found["total"], found["candidates"]) == (3, 3, [])
    assert [text[s["start"] : s["start"] + len(s["text"])] for s in found["sentences"]] == [s["text"] for s in found["sentences"]]
    first, blank, second, third, end = found["translation"].split("\n")
    assert (first[:2], blank, second[:2], third, end) == ("# ", "", "- ", "- 42", "")
    assert all(s["translation"] in found["translation"] for s in found["sentences"])


def test_explain_translation(client: "Client") -> None:
    found = client.predict("The black cat sleeps.", api_name="/explain_translation")
    assert found["candidates"][0]["text"] == found["translation"]
    weights = np.array(found["alignment"])
    assert weights.shape == (len(found["written_words"]), len(found["read_words"]))
    assert np.allclose(weights.sum(axis=1), 1, atol=1e-3)
    assert all(len(token["alternatives"]) == 50 for token in found["tokens"])
    assert sum(np.log(token["probability"]) for token in found["tokens"]) == pytest.approx(found["candidates"][0]["total"], abs=5e-3)
    assert all(token["alternatives"][token["rank"]]["id"] == token["id"] for token in found["tokens"] if token["rank"] < 50)
    forced = client.predict("The black cat sleeps.", begin="Un", api_name="/explain_translation")
    assert forced["translation"].startswith("Un")
    assert [token["forced"] for token in forced["tokens"]][:2] == [True, False]


def test_many_answers_and_an_explained_one_agree(client: "Client") -> None:
    questions, context = ["Who sleeps?", "Where does the cat sleep?"], "🤗 The cat sleeps in the garden. The dog runs."
    many = client.predict(questions, context, api_name="/answer_many")
    for question, found in zip(questions, many, strict=True):
        told = client.predict(question, context, api_name="/explain_answer")
        assert told["answer"] == found["answer"]
        span, window = told["spans"][0], told["windows"][0]
        assert context[span["start"] : span["end"]] == span["text"] == found["candidates"][0]["answer"]
        assert [span["start"], span["end"]] == [told["tokens"][span["first"]][0], told["tokens"][span["last"]][1]]
        assert len(window["start_logits"]) == len(window["end_logits"]) == window["stop"] == len(told["tokens"])
        none = told["null"] - span["start_logit"] - span["end_logit"] > told["threshold"]
        assert (found["answer"] is None) == none


def test_embeddings(client: "Client") -> None:
    found = client.predict("She sat on the bank.", "minilm-l6", 0, "He went to the bank.", api_name="/embeddings")
    n, cosines = len(found["tokens"]), np.array(found["cosines"])
    assert cosines.shape == (n, n)
    np.testing.assert_allclose(np.diag(cosines), 1, atol=1e-3)
    assert found["stages"][0] == "embedding" and len(found["lengths"]) == n == len(found["coordinates"])
    first, second = (i for i, token in enumerate(found["tokens"]) if token == "bank")
    last = client.predict("She sat on the bank.", second="He went to the bank.", api_name="/embeddings")
    assert last["stage"] == len(last["stages"]) - 1
    assert last["cosines"][first][second] < cosines[first][second]


def test_block_adds_up(client: "Client") -> None:
    found = client.predict("The cat sleeps.", "smollm2-135m", 3, 1, api_name="/block")
    vectors = {stage["name"]: np.array(stage["vector"]) for stage in found["stages"]}
    whole = vectors["the stream comes in"] + vectors["self-attention adds"] + vectors["the feed-forward adds"]
    after = [np.array(stage["vector"]) for stage in found["stages"] if stage["name"] == "the stream after it"][-1]
    np.testing.assert_allclose(whole, after, atol=1e-3)
    assert len(found["flow"]) == found["layers"] == 30 and len(found["neurons"]) == 8
