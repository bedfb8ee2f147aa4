"""The named endpoints as a program meets them: what was once promised stays, and what their docstrings say of limits is so.

`endpoints.json` is what commit e2a041f documented and what it answered on the fake service. What comes to it is recorded by
`python -m tests.panels.test_published`; what is in it may not go.
"""

import inspect
import json
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from playground.folders import WEIGHTS
from playground.tasks.generation.tracing import ALTERNATIVES
from playground.tasks.sentiment.attribution import AttributionRequest
from playground.tasks.translation.forced_decoding import ALTERNATIVES as OTHERS
from playground.ui import build_app
from tests.api.test_bad_input import GOOD
from tests.fake.service import FakeService

RECORDED = Path(__file__).with_name("endpoints.json")
ASKED = {**GOOD, "compare_tokenizers": {"text": "Hello there"}}
# Numbers that docstrings tell and that no request is held to, each from where it is decided.
STATED = {
    ("answer", "30"): json.loads((WEIGHTS / "answering" / "playground.json").read_text("utf-8"))["max_answer_tokens"],
    ("attention", "0.001"): 1e-3,  # README's row on attention says so too; tests/views/attention holds 1e-4
    ("explain_sentiment", "32"): inspect.signature(AttributionRequest).parameters["steps"].default,
    ("explain_translation", "50"): OTHERS,
    ("trace", "50"): ALTERNATIVES,
}
Endpoint = Callable[..., Any]


def public(service: FakeService) -> tuple[dict[str, Any], dict[str, Endpoint]]:
    """What Gradio documents of each endpoint, and the function behind it."""
    page = build_app(service)
    functions = {str(one.api_name): one.fn for one in page.fns.values() if one.api_visibility == "public" and one.fn}
    documented = page.get_api_info()["named_endpoints"]
    return {name.removeprefix("/"): one for name, one in documented.items()}, functions


INFO, FUNCTIONS = public(FakeService())


def form(schema: dict[str, Any]) -> Any:
    """A JSON schema as what it says of a value: {key: …}, [item], "integer", "number | null"."""
    if "anyOf" in schema:
        return " | ".join(sorted(str(form(one)) for one in schema["anyOf"]))
    if "properties" in schema:
        return {key: form(one) for key, one in schema["properties"].items()}
    if schema.get("type") == "array":
        return [form(schema.get("items", {}))]
    return schema.get("type", "any")


def keys(value: Any) -> Any:
    """The keys of an answer, wherever it has any; a list has those of its items."""
    if isinstance(value, dict):
        return {key: keys(one) for key, one in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [{key: one for item in value for key, one in keys(item).items()}]
    return ""


def answered(name: str, **changed: Any) -> Any:
    """The last that the endpoint gives on the fake service."""
    found = FUNCTIONS[name](**ASKED[name] | changed)
    return list(found)[-1] if isinstance(found, Iterator) else found


def now(name: str) -> dict[str, Any]:
    told = [
        {"name": one["parameter_name"], "type": form(one["type"])}
        | ({"default": one["parameter_default"]} if one["parameter_has_default"] else {})
        for one in INFO[name]["parameters"]
    ]
    return {"arguments": told, "result": form(INFO[name]["returns"][0]["type"]), "keys": keys(answered(name))}


def lacking(old: Any, new: Any, place: str = "") -> list[str]:
    """Where `new` does not have what `old` had; what it has besides is no matter."""
    if isinstance(old, dict) and isinstance(new, dict):
        return [*chain.from_iterable(lacking(one, new.get(key), f"{place}.{key}") for key, one in old.items())]
    if isinstance(old, list) and isinstance(new, list) and len(new) >= len(old):
        return [*chain.from_iterable(lacking(one, new[i], f"{place}[{i}]") for i, one in enumerate(old))]
    return [] if old == new else [f"{place}: {old!r} became {new!r}"]


@pytest.mark.parametrize("name", json.loads(RECORDED.read_text("utf-8")))
def test_what_an_endpoint_had_it_has(name: str) -> None:
    old, new = json.loads(RECORDED.read_text("utf-8"))[name], json.loads(json.dumps(now(name)))
    assert lacking(old, new) == []
    added = new["arguments"][len(old["arguments"]) :]
    assert all("default" in one for one in added), "an argument that comes to it may be left out"


def test_every_endpoint_is_recorded() -> None:
    assert set(json.loads(RECORDED.read_text("utf-8"))) == set(INFO)


def test_what_goes_or_changes_is_told() -> None:
    old = {"arguments": [{"name": "text", "default": 1}], "keys": [{"a": "", "b": ""}]}
    assert lacking(old, {"arguments": [{"name": "text", "default": 2}, {}], "keys": [{"a": "", "c": ""}]}) == [
        ".arguments[0].default: 1 became 2",
        ".keys[0].b: '' became None",
    ]


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_an_answer_has_no_key_that_is_not_documented(name: str) -> None:
    assert untold(keys(answered(name)), form(INFO[name]["returns"][0]["type"])) == []


def untold(given: Any, told: Any, place: str = "") -> list[str]:
    """The keys given that are not told; an "object" may have any, such as a model's labels."""
    if isinstance(given, list):
        return untold(given[0], told[0], place)
    if not isinstance(given, dict) or told == "object":
        return []
    here = [f"{place}.{key}" for key in given if key not in told]
    return [*here, *chain.from_iterable(untold(one, told[key], f"{place}.{key}") for key, one in given.items() if key in told)]


def limits(name: str) -> dict[str, float]:
    """The stated bounds of the room whose panel has this endpoint."""
    room = FUNCTIONS[name].__module__.split(".")[2]
    found: dict[str, float] = vars(import_module(f"playground.tasks.{room}.limits").LIMITS) if room != "attention" else {}
    return found or vars(import_module("playground.tasks.limits").LIMITS)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_number_in_a_docstring_is_a_limit(name: str) -> None:
    """Of its own sort: characters are counted against characters, tokens against tokens."""
    doc = re.sub(RANGE, "", FUNCTIONS[name].__doc__ or "")
    for number, sort in re.findall(r"(?<![\w.,-])(\d[\d,]*(?:\.\d+)?)(?: (characters|tokens))?", doc.replace(", ", " , ")):
        value = float(number.replace(",", ""))
        if value > 1 or not value.is_integer():
            known = [float(limit) for field, limit in limits(name).items() if not sort or field.endswith(sort)]
            assert value in [*known, STATED.get((name, number))], f"{number} {sort} is no limit of /{name}: {doc}"


RANGE = r"(\w+): (?:how many to list, )?(\d[\d.]*) (?:\(\w+\) )?to (\d[\d,.]*\d|\d)"


@pytest.mark.parametrize(
    ("name", "argument", "least", "most"),
    [(name, *found) for name, one in sorted(FUNCTIONS.items()) for found in re.findall(RANGE, one.__doc__ or "")],
)
def test_a_range_in_a_docstring_is_what_is_taken(name: str, argument: str, least: str, most: str) -> None:
    whole = "integer" in str(next(one["type"] for one in INFO[name]["parameters"] if one["parameter_name"] == argument))
    read = int if whole else float
    low, high = read(least), read(most.replace(",", ""))
    step = 1 if whole else 0.01
    for value in (low, high):
        assert "together" in said(name, **{argument: value}) or said(name, **{argument: value}) == "", "with others it may be too much"
    for value in (low - step, high + step):
        assert " to " in said(name, **{argument: value})


def said(name: str, **changed: Any) -> str:
    """The sentence of the refusal, or nothing."""
    try:
        answered(name, **changed)
    except gr.Error as error:
        return str(error)
    return ""


if __name__ == "__main__":
    RECORDED.write_text(json.dumps({name: now(name) for name in sorted(INFO)}, indent=1, ensure_ascii=False) + "\n", "utf-8")
