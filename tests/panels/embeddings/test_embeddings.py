"""The embeddings and block tabs on the fake service: what each button asks, and that errors are sentences."""

from typing import Any

import pytest

from playground.errors import BadInput
from playground.panels.embeddings import block, embeddings
from playground.panels.embeddings.anatomy import side_by_side, take_apart
from playground.panels.embeddings.multihead import run_beside
from playground.panels.embeddings.paths import follow
from playground.panels.embeddings.positions import positions, reversed_words, shuffled_words
from playground.panels.embeddings.similarity import compare
from playground.panels.embeddings.stacks import read_request
from playground.tasks.embeddings.anatomy import AnatomyRequest
from playground.tasks.embeddings.block import BlockRequest
from playground.tasks.embeddings.embeddings import EmbeddingsRequest, NeighboursRequest
from playground.tasks.embeddings.multihead import MultiHeadRequest
from playground.tasks.embeddings.positions import PositionsRequest, ShuffleRequest
from playground.tasks.embeddings.similarity import SimilarityRequest
from tests.panels.panel import WritingService, built, elem_ids

OF = EmbeddingsRequest("a b c d", "minilm-l6")


class Picked:
    def __init__(self, data: Any) -> None:
        self._data = data


def ask(handler: Any, *values: Any) -> tuple[Any, list[Any]]:
    """The last of what it shows, and what the service was asked."""
    service = WritingService()
    return list(handler(service, *values))[-1], service.asked


def test_the_button_shows_both_texts() -> None:
    (said, shown, asked), requests = ask(embeddings.show, "a bank", "the bank", "minilm-l6", "decoder")
    assert requests[-1] == asked == EmbeddingsRequest("a bank", "minilm-l6", "the bank"), "an encoder has no other half"
    assert "4 tokens" in said["text"] and len(shown["tokens"]) == 4


def test_the_half_is_told_of_a_model_that_has_two() -> None:
    assert ask(embeddings.show, "a", "", "en-fr", "decoder")[1][-1] == EmbeddingsRequest("a", "en-fr", "", "decoder")


def test_path_and_neighbours_follow_the_token_in_view() -> None:
    (said, figure, nearest), requests = ask(follow, OF, {"token": 2, "stage": 1}, False, "together")
    assert NeighboursRequest(OF, 2, 1) in requests
    assert figure.data[0].type == "scatter3d" and "“c”" in nearest["title"] and "“c”" in said["text"]


@pytest.mark.parametrize("view", [{"token": "2"}, {"token": None}, {"token": True}, {"stage": 1.5}])
def test_a_view_that_is_none_is_told(view: Any) -> None:
    with pytest.raises(BadInput, match="Choose one above"):
        ask(follow, OF, view, True, "together")


def test_before_a_run_and_out_of_range_are_sentences() -> None:
    with pytest.raises(BadInput, match="Read a text first"):
        ask(follow, None, {}, True, "together")
    with pytest.raises(BadInput, match="out of range"):
        ask(follow, OF, {"token": 40}, True, "together")
    with pytest.raises(BadInput, match="empty"):
        ask(embeddings.show, "", "", "minilm-l6", "encoder")


def test_positions_words_and_sentences() -> None:
    (_, shown), requests = ask(positions, read_request, 2, 1, 0, 0, "a b c", "minilm-l6", "encoder")
    assert requests[-1] == PositionsRequest(EmbeddingsRequest("a b c", "minilm-l6"), 2, 1) and shown["title"]
    (_, mixed), requests = ask(shuffled_words, read_request, 4, "a b c", "minilm-l6", "encoder")
    assert requests[-1] == ShuffleRequest(EmbeddingsRequest("a b c", "minilm-l6"), "shuffled", 4) and len(mixed["tokens"]) == 3
    assert ask(reversed_words, read_request, "a b c", "minilm-l6", "encoder")[0][1]["order"] == "c b a"
    (_, table), requests = ask(compare, " one \n\n two\n", "minilm-l6")
    assert requests[-1] == SimilarityRequest(("one", "two"), "minilm-l6") and len(table["texts"]) == 2
    with pytest.raises(BadInput, match="2 to 12"):
        ask(compare, "one", "minilm-l6")
    with pytest.raises(BadInput, match="whole number"):
        ask(positions, read_request, None, 1, 0, 0, "a b c", "minilm-l6", "encoder")


def test_a_block_opens_at_a_word_and_follows_what_is_chosen() -> None:
    (_, shown, asked), requests = ask(block.open_block, "a b house d", "minilm-l6", "encoder")
    assert requests[-1] == BlockRequest(asked, 0, 2) and shown["token"] == 2
    (_, shown, _), requests = ask(block.picked, OF, Picked({"layer": 1, "token": 3}))
    assert requests[-1] == BlockRequest(OF, 1, 3) and "Block 1" in shown["title"]


@pytest.mark.parametrize(("asked", "pick"), [(None, {}), (OF, {"layer": "1"}), (OF, {"token": 99}), (OF, {"layer": 99})])
def test_a_pick_that_is_none_is_told(asked: Any, pick: Any) -> None:
    with pytest.raises(BadInput, match=r"Open a block first|whole number|out of range"):
        ask(block.picked, asked, Picked(pick))


def test_three_models_side_by_side_and_one_alone() -> None:
    (_, shown), requests = ask(side_by_side, "a b")
    assert [request.model for request in requests if isinstance(request, AnatomyRequest)] == ["minilm-l6", "smollm2-135m", "en-fr"]
    assert [column["family"] for column in shown["columns"]] == ["encoder", "decoder", "encoder-decoder"]
    assert len(ask(take_apart, "a b", "en-fr")[0][1]["columns"]) == 1


def test_the_lessons_class_is_run() -> None:
    (_, code, shown), requests = ask(run_beside, read_request, 1, "a b", "minilm-l6", "encoder")
    assert requests[-1] == MultiHeadRequest(EmbeddingsRequest("a b", "minilm-l6"), 1)
    assert code.value == "import torch" and shown["rows"]


def test_endpoints_take_a_stage_from_the_end() -> None:
    service = WritingService()
    assert embeddings.embeddings(service, "a b c", "minilm-l6", -1)["stage"] == 2
    with pytest.raises(BadInput, match="0 to 2"):
        embeddings.embeddings(service, "a b c", "minilm-l6", 3)
    assert block.block(service, "a b c", "minilm-l6", 1, 2)["token"] == 2


def test_controls_have_names() -> None:
    assert {"embeddings-text", "embeddings-second", "embeddings-model", "embeddings-run", "embeddings-stop"} <= elem_ids(
        built(embeddings.PANEL, WritingService())
    )
    assert {"block-text", "block-model", "block-run", "anatomy-trio", "multihead-run"} <= elem_ids(built(block.PANEL, WritingService()))
