"""The tokens lab over the API: steps and comparisons of real tokenizers, and what a wrong list of them is answered."""

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.api.calls import call
from tests.api.running_app import RunningApp

if TYPE_CHECKING:
    from gradio_client import Client

pytestmark = pytest.mark.models
TEXT = "Unbelievably naïve 🤗!"


@pytest.mark.parametrize("tokenizer", ["smollm2-135m", "minilm-l6", "en-fr"])
def test_token_steps(client: "Client", tokenizer: str) -> None:
    found = client.predict(TEXT, tokenizer, api_name="/token_steps")
    whole = client.predict(TEXT, tokenizer, api_name="/tokenize")
    assert found["agrees"] and found["ids"] == [token["id"] for token in whole["tokens"]]
    assert found["pieces"] == [token["piece"] for token in whole["tokens"]]
    assert sum(len(word["pieces"]) for word in found["words"]) == sum(not token["special"] for token in whole["tokens"])
    assert max(len(word["steps"]) for word in found["words"]) > 2


def test_compare_tokenizers(client: "Client") -> None:
    rows = client.predict(TEXT, ["smollm2-135m", "minilm-l6"], api_name="/compare_tokenizers")
    for row in rows:
        whole = client.predict(TEXT, row["tokenizer"], False, api_name="/tokenize")
        assert row["count"] == whole["count"]
        spans = [[token["start"], token["end"]] for token in whole["tokens"]]
        assert row["differs"] and all(span in spans for span in row["differs"])
    assert [row["unknown"] for row in rows] == [0, 1]
    assert len(client.predict(TEXT, api_name="/compare_tokenizers")) == 3


@pytest.mark.parametrize(
    ("text", "names", "told"),
    [
        (TEXT, ["minilm-l6"], "2 to 4"), (TEXT, ["minilm-l6"] * 3, "2 to 4"), (TEXT, ["minilm-l6", "nosuch"], "nosuch"),
        (TEXT, ["minilm-l6", 3], "list of names"), (TEXT, "minilm-l6", "list of names"), (TEXT, None, "list of names"),
        ("", ["minilm-l6", "en-fr"], "empty"), ("word " * 4_001, ["minilm-l6", "en-fr"], "20,000"),
        (None, ["minilm-l6", "en-fr"], "must be text"),
        ("half \ud83e", ["minilm-l6", "en-fr"], "surrogate"), (TEXT, ["minilm-l6", "minilm-sentiment"], "cannot be used"),
    ],
)  # fmt: skip
def test_a_wrong_comparison_gets_a_sentence(app: RunningApp, text: Any, names: Any, told: str) -> None:
    with httpx.Client(timeout=60) as http:
        outcome = call(http, app.url, "compare_tokenizers", text=text, tokenizers=names)
    assert outcome.status == 200 and told in (outcome.error or ""), outcome.raw[:300]
