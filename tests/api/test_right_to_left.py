"""What programs get of Hebrew and Arabic is the text: no sign that the page puts around it for its sentences."""

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from gradio_client import Client

pytestmark = pytest.mark.models
HEBREW, ARABIC = "שלום 5 עולם", "مرحبا 7"
CALLS: list[tuple[str, dict[str, Any]]] = [
    ("/tokenize", {"text": HEBREW, "tokenizer": "minilm-l6"}), ("/token_steps", {"text": ARABIC, "tokenizer": "smollm2-135m"}),
    ("/compare_tokenizers", {"text": HEBREW, "tokenizers": ["smollm2-135m", "minilm-l6"]}), ("/attention", {"text": HEBREW}),
    ("/embeddings", {"text": HEBREW}), ("/block", {"text": ARABIC}), ("/sentiment", {"text": HEBREW}),
    ("/explain_sentiment", {"text": HEBREW}), ("/answer", {"question": HEBREW, "context": f"{ARABIC}. {HEBREW}"}),
    ("/explain_answer", {"question": HEBREW, "context": f"{ARABIC}. {HEBREW}"}), ("/surprisal", {"prompt": HEBREW}),
    ("/translate", {"text": HEBREW}), ("/explain_translation", {"text": ARABIC}), ("/classify_lines", {"lines": [HEBREW, ARABIC]}),
]  # fmt: skip


@pytest.mark.parametrize(("api", "named"), CALLS)
def test_answers_hold_no_isolates(client: "Client", api: str, named: dict[str, Any]) -> None:
    answer = json.dumps(client.predict(**named, api_name=api), ensure_ascii=False)
    assert not re.search("[\u2066-\u2069]", answer)
