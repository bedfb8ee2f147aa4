"""The embeddings and block tabs on the fake service: what each button asks, and that errors are sentences."""

from typing import Any

import gradio as gr
import pytest

from playground.panels.embeddings.block import PANEL as BLOCK
from playground.panels.embeddings.embeddings import PANEL
from playground.tasks.embeddings.anatomy import AnatomyRequest
from playground.tasks.embeddings.block import BlockRequest
from playground.tasks.embeddings.embeddings import EmbeddingsRequest, NeighboursRequest
from playground.tasks.embeddings.multihead import MultiHeadRequest
from playground.tasks.embeddings.positions import PositionsRequest, ShuffleRequest
from playground.tasks.embeddings.similarity import SimilarityRequest
from tests.panels.panel import WritingService, built, elem_ids, handler

OF = EmbeddingsRequest("a b c d", "minilm-l6")


class Picked:
    def __init__(self, data: Any) -> None:
        self._data = data


def ask(panel: Any, name: str, *values: Any) -> tuple[list[Any], list[Any]]:
    service = WritingService()
    found = handler(built(panel, service), name)(*values)
    return (found if isinstance(found, tuple) else list(found)[-1]), service.asked


def test_the_button_shows_both_texts() -> None:
    (said, shown, asked), requests = ask(PANEL, "show", "a bank", "the bank", "minilm-l6", "decoder")
    assert requests[-1] == asked == EmbeddingsRequest("a bank", "minilm-l6", "the bank"), "an encoder has no other half"
    assert "4 tokens" in said["text"] and len(shown["tokens"]) == 4


def test_the_half_is_told_of_a_model_that_has_two() -> None:
    assert ask(PANEL, "show", "a", "", "en-fr", "decoder")[1][-1] == EmbeddingsRequest("a", "en-fr", "", "decoder")


def test_path_and_neighbours_follow_the_token_in_view() -> None:
    (said, figure, nearest), requests = ask(PANEL, "follow", OF, {"token": 2, "stage": 1}, False, "together")
    assert NeighboursRequest(OF, 2, 1) in requests
    assert figure.data[0].type == "scatter3d" and "“c”" in nearest["title"] and "“c”" in said["text"]


@pytest.mark.parametrize("view", [{"token": "2"}, {"token": None}, {"token": True}, {"stage": 1.5}])
def test_a_view_that_is_none_is_told(view: Any) -> None:
    with pytest.raises(gr.Error, match="Choose one above"):
        ask(PANEL, "follow", OF, view, True, "together")


def test_before_a_run_and_out_of_range_are_sentences() -> None:
    with pytest.raises(gr.Error, match="Read a text first"):
        ask(PANEL, "follow", None, {}, True, "together")
    with pytest.raises(gr.Error, match="out of range"):
        ask(PANEL, "follow", OF, {"token": 40}, True, "together")
    with pytest.raises(gr.Error, match="empty"):
        ask(PANEL, "show", "", "", "minilm-l6", "encoder")


def test_positions_words_and_sentences() -> None:
    (_, shown), requests = ask(PANEL, "positions", 2, 1, 0, 0, "a b c", "minilm-l6", "encoder")
    assert requests[-1] == PositionsRequest(EmbeddingsRequest("a b c", "minilm-l6"), 2, 1) and shown["title"]
    (_, mixed), requests = ask(PANEL, "shuffled_words", 4, "a b c", "minilm-l6", "encoder")
    assert requests[-1] == ShuffleRequest(EmbeddingsRequest("a b c", "minilm-l6"), "shuffled", 4) and len(mixed["tokens"]) == 3
    assert ask(PANEL, "reversed_words", "a b c", "minilm-l6", "encoder")[0][1]["order"] == "c b a"
    (_, table), requests = ask(PANEL, "compare", " one \n\n two\n", "minilm-l6")
    assert requests[-1] == SimilarityRequest(("one", "two"), "minilm-l6") and len(table["texts"]) == 2
    with pytest.raises(gr.Error, match="2 to 12"):
        ask(PANEL, "compare", "one", "minilm-l6")
    with pytest.raises(gr.Error, match="whole number"):
        ask(PANEL, "positions", None, 1, 0, 0, "a b c", "minilm-l6", "encoder")


def test_a_block_opens_at_a_word_and_follows_what_is_chosen() -> None:
    (_, shown, asked), requests = ask(BLOCK, "open_block", "a b house d", "minilm-l6", "encoder")
    assert requests[-1] == BlockRequest(asked, 0, 2) and shown["token"] == 2
    (_, shown, _), requests = ask(BLOCK, "picked", OF, Picked({"layer": 1, "token": 3}))
    assert requests[-1] == BlockRequest(OF, 1, 3) and "Block 1" in shown["title"]


@pytest.mark.parametrize(("asked", "pick"), [(None, {}), (OF, {"layer": "1"}), (OF, {"token": 99}), (OF, {"layer": 99})])
def test_a_pick_that_is_none_is_told(asked: Any, pick: Any) -> None:
    with pytest.raises(gr.Error, match=r"Open a block first|whole number|out of range"):
        ask(BLOCK, "picked", asked, Picked(pick))


def test_three_models_side_by_side_and_one_alone() -> None:
    (_, shown), requests = ask(BLOCK, "side_by_side", "a b")
    assert [request.model for request in requests if isinstance(request, AnatomyRequest)] == ["minilm-l6", "smollm2-135m", "en-fr"]
    assert [column["family"] for column in shown["columns"]] == ["encoder", "decoder", "encoder-decoder"]
    assert len(ask(BLOCK, "take_apart", "a b", "en-fr")[0][1]["columns"]) == 1


def test_the_lessons_class_is_run() -> None:
    (_, code, shown), requests = ask(BLOCK, "run_beside", 1, "a b", "minilm-l6", "encoder")
    assert requests[-1] == MultiHeadRequest(EmbeddingsRequest("a b", "minilm-l6"), 1)
    assert code.value == "import torch" and shown["rows"]


def test_endpoints_take_a_stage_from_the_end() -> None:
    assert ask_api(PANEL, "embeddings", "a b c", "minilm-l6", -1)["stage"] == 2
    with pytest.raises(gr.Error, match="0 to 2"):
        ask_api(PANEL, "embeddings", "a b c", "minilm-l6", 3)
    assert ask_api(BLOCK, "block", "a b c", "minilm-l6", 1, 2)["token"] == 2


def ask_api(panel: Any, name: str, *values: Any) -> Any:
    return handler(built(panel, WritingService()), name)(*values)


def test_controls_have_names() -> None:
    assert {"embeddings-text", "embeddings-second", "embeddings-model", "embeddings-run", "embeddings-stop"} <= elem_ids(
        built(PANEL, WritingService())
    )
    assert {"block-text", "block-model", "block-run", "anatomy-trio", "multihead-run"} <= elem_ids(built(BLOCK, WritingService()))
