"""Every request comes back from JSON as the value it was, and what is none is refused with a sentence."""

import json
from typing import Any

import pytest

from playground.errors import BadInput
from playground.tasks.attention.attention import AttentionMapRequest, AttentionRequest
from playground.tasks.changes import Changes
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.wire import read, write
from tests.service.requests import SMALL


@pytest.mark.parametrize("name", SMALL)
def test_a_request_survives_the_wire(name: str) -> None:
    request = SMALL[name]
    assert read(type(request), json.loads(json.dumps(write(request)))) == request


def test_what_stands_at_its_default_is_not_sent() -> None:
    assert write(AttentionRequest("a", "minilm-l6")) == {"text": "a", "model": "minilm-l6"}
    assert write(AttentionRequest("a", "m", changes=Changes(heads=(("self", 0, 1),)))) == {
        "text": "a", "model": "m", "changes": {"heads": [["self", 0, 1]]},
    }  # fmt: skip


ODD: list[tuple[type[Any], object, str]] = [
    (AttentionRequest, None, "must be a JSON object with some of: changes, model"),
    (AttentionRequest, [], "must be a JSON object"),
    (AttentionRequest, {"text": "a", "model": "b", "<b>": 1}, "It has “<b>”"),
    (AttentionRequest, {"text": "a"}, "lacks model"),
    (AttentionRequest, {"text": "a", "model": "b", "changes": []}, "“changes” must be a JSON object"),
    (AttentionRequest, {"text": "a", "model": "b", "changes": {"heads": [["self", 1]]}}, "must be a list of 3 values"),
    (AttentionRequest, {"text": "a", "model": "b", "changes": {"hidden": "12"}}, "must be a list, not “12”"),
    (AttentionMapRequest, {"of": "a", "layer": 0, "head": 0}, "“of” must be a JSON object"),
    (GenerationRequest, {"prompt": "a", "model": "b", "written": {"0": 1}}, "must be a list"),
]


@pytest.mark.parametrize(("kind", "value", "said"), ODD)
def test_what_is_no_request_is_refused(kind: type[Any], value: object, said: str) -> None:
    with pytest.raises(BadInput, match=said.replace("(", r"\(")) as caught:
        read(kind, value)
    assert str(caught.value).endswith(".")


def test_a_lone_surrogate_is_left_to_the_check() -> None:
    request = read(AttentionRequest, json.loads('{"text": "\\ud800", "model": "minilm-l6"}'))
    with pytest.raises(BadInput, match=r"\.$"):
        request.check()
