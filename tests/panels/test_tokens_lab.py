"""The parts of the tokens tab: nothing is asked while steps are closed, long texts are cut, and errors are sentences."""

import gradio as gr
import pytest

from playground.errors import BadInput
from playground.panels.tokens.budget import weigh
from playground.panels.tokens.comparison import compare, compare_languages
from playground.panels.tokens.misreading import misread
from playground.panels.tokens.segmentation import cut
from playground.panels.tokens.tokens import LIVE, PANEL, show_typed
from playground.tasks.request import Batch
from playground.tasks.tokens.budget import BudgetRequest
from playground.tasks.tokens.misreading import MisreadingRequest
from playground.tasks.tokens.segmentation import CuttingRequest
from playground.tasks.tokens.tokens import TokensRequest
from tests.panels.panel import WritingService, built, elem_ids


def test_nothing_is_asked_while_closed_or_empty() -> None:
    service = WritingService()
    for values in ((True, "", "minilm-l6", False), (True, None, "minilm-l6", False)):
        assert list(cut(service, *values))[-1][1] is None
    assert list(cut(service, False, "text", "minilm-l6", False)) == [(gr.skip(), gr.skip())], "what is shown stays"
    assert not service.asked


def test_steps_of_a_long_text_are_those_of_its_beginning() -> None:
    service = WritingService()
    said, shown = list(cut(service, True, "abcd " * 200, "smollm2-135m", True))[-1]
    assert service.asked[-1] == CuttingRequest("abcd " * 100, "smollm2-135m", True)
    assert "first 500" in said["text"] and "no chat template" in said["text"]
    assert shown["words"][0]["merges"]


def test_comparing_asks_each_tokenizer_once() -> None:
    service = WritingService()
    said, shown = list(compare(service, "a b", ["minilm-l6", "en-fr"]))[-1]
    assert service.asked[-2:] == [TokensRequest("a b", "minilm-l6", False), TokensRequest("a b", "en-fr", False)]
    assert said["text"] == "All need 2 tokens." and len(shown["rows"]) == 2
    _, table = list(compare_languages(service, ["minilm-l6", "en-fr"]))[-1]
    assert [len(one.requests) for one in service.asked[-2:] if isinstance(one, Batch)] == [10, 10]
    assert len(table["languages"]) == 10
    with pytest.raises(BadInput, match="2 to 4"):
        list(compare(service, "a b", ["minilm-l6"]))


def test_misreading_decodes_what_was_encoded() -> None:
    service = WritingService()
    _, shown = list(misread(service, "a b", "minilm-l6", "en-fr"))[-1]
    assert service.asked[-1] == MisreadingRequest((0, 1), "en-fr")
    assert [column["meant"] for column in shown["columns"]] == ["a", "b"]
    with pytest.raises(BadInput, match="limit is 5,000"):
        list(misread(service, "x" * 5_001, "minilm-l6", "en-fr"))


def test_a_file_goes_before_the_text() -> None:
    service = WritingService()
    said, _ = list(weigh(service, "text", "minilm-l6", "Zoë".encode(), "", 500))[-1]
    assert service.asked[-1] == BudgetRequest("Zoë", "minilm-l6") and said["text"].startswith("The file")
    said, _ = list(weigh(service, "text", "minilm-l6", None, "", 0))[-1]
    assert service.asked[-1] == BudgetRequest("text", "minilm-l6") and said["text"].startswith("The text above")
    for file, written, told in ((b"\x00\x01", 0, "no plain text"), (None, None, "whole number"), (b"", 0, "empty"), (None, -1, "0 to")):
        with pytest.raises(BadInput, match=told):
            list(weigh(service, "text", "minilm-l6", file, "", written))


def test_a_long_text_is_not_cut_at_every_key() -> None:
    service = WritingService()
    [(said, _)] = list(show_typed(service, "x" * (LIVE + 1), "minilm-l6", True))
    assert "press Tokenize" in said["text"]
    assert not service.asked


def test_controls_have_names() -> None:
    assert {
        "tokens-stop", "cutting", "cutting-chat", "cutting-shown", "contrast-run", "contrast-languages", "contrast-stop", "misreading-run",
        "budget-file", "budget-run", "budget-stop", "budget-written",
    } <= elem_ids(built(PANEL, WritingService()))  # fmt: skip
