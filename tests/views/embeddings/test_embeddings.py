"""What the pages of embeddings and the block are given: numbers that survive the trip, safe labels, true sentences."""

import json
from dataclasses import replace

import numpy as np
import pytest

from playground.tasks.embeddings.anatomy import AnatomyRequest
from playground.tasks.embeddings.block import BlockRequest
from playground.tasks.embeddings.embeddings import EmbeddingsRequest, NeighboursRequest, place_of
from playground.tasks.embeddings.multihead import MultiHeadRequest
from playground.tasks.embeddings.positions import PositionsRequest, ShuffleRequest
from playground.tasks.embeddings.similarity import SimilarityRequest
from playground.views.embeddings.anatomy import anatomy_view, wiring
from playground.views.embeddings.block import block_table, block_view
from playground.views.embeddings.embeddings import (
    embeddings_table,
    embeddings_view,
    first_pair,
    neighbours_view,
    paths_figure,
    paths_sentence,
)
from playground.views.embeddings.multihead import multihead_view
from playground.views.embeddings.positions import positions_sentence, positions_view, shuffle_view
from playground.views.embeddings.similarity import similarity_sentence, similarity_view
from playground.views.text import number
from tests.fake.service import FakeService
from tests.wire import unpack

OF = EmbeddingsRequest("She sat on the bank", "minilm-l6", "He robbed the bank")
FAKE = FakeService()
HOSTILE = "<b>x</b> <a href=y>z</a> ${7*7} and \u202emore"


def test_the_page_gets_every_part_and_the_pair_both_texts_have() -> None:
    made = FAKE.run(OF)
    view = embeddings_view(made)
    assert [made.labels[i] for i in view["first"]] == ["bank", "bank"] and view["first"][0] < view["second"] <= view["first"][1]
    sent = unpack(view["arrays"])
    for i, part in enumerate(made.parts):
        np.testing.assert_array_equal(sent[f"part{i}"], part.numbers.astype(np.float16))
    n = len(made.labels)
    cosines = sent["cosines"].ravel()
    assert cosines.size == len(made.stages) * n * (n + 1) // 2 and cosines[place_of(n, 2, 2)] == pytest.approx(1, abs=2e-5)
    assert abs(cosines - made.cosines.ravel()).max() < 2e-5, "four decimals"
    assert "56" not in view["parts_sentence"] and "added" in view["parts_sentence"]
    json.dumps(view)


def test_without_a_second_text_the_first_two_words_are_the_pair() -> None:
    assert first_pair(FAKE.run(EmbeddingsRequest("One two three", "minilm-l6"))) == (0, 1)
    assert first_pair(FAKE.run(EmbeddingsRequest("One", "minilm-l6"))) == (0, 0)


def test_the_figure_is_flat_or_has_depth_and_its_labels_are_no_markup() -> None:
    made = FAKE.run(EmbeddingsRequest(HOSTILE, "minilm-l6"))
    for flat in (True, False):
        figure = paths_figure(made, 0, 1, "together", flat)
        assert [trace.type for trace in figure.data] == (["scatter"] * 2 if flat else ["scatter3d"] * 2)
        shown = json.dumps(figure.to_plotly_json(), default=str)
        assert "<b>" not in shown and "<a" not in shown and "\u202e" not in shown
        assert len(figure.data[1].x) == len(made.stages)
        np.testing.assert_allclose(figure.data[0].x, made.together[1][:, 0])
    assert len(paths_figure(made, 0, 1, "apart", True).data) == 1
    assert "this stage alone" in paths_sentence(made, 0, 1, "apart", True)


def test_the_longest_step_is_named() -> None:
    made = FAKE.run(OF)
    steps = np.linalg.norm(np.diff(made.together[:, 2], axis=0), axis=1)
    assert made.stages[int(steps.argmax()) + 1] in paths_sentence(made, 2, 0, "together", False)


def test_the_axes_that_are_drawn_are_the_ones_told_of() -> None:
    """Two axes of three hold less: by hand 50 + 20 %, and 50 + 20 + 10 %; a step along the third is none in the plane."""
    made = replace(
        FAKE.run(OF), stages=("embedding", "after block 0", "after block 1"), together_shares=np.array([0.5, 0.2, 0.1], np.float32),
        together=np.array([[[0, 0, 0]] * 9, [[1, 0, 0]] * 9, [[1, 0, 5]] * 9], np.float32),
        apart_shares=np.array([[0.3, 0.25, 0.2]] * 3, np.float32),
    )  # fmt: skip
    flat, deep = (paths_sentence(made, 2, 0, "together", one) for one in (True, False))
    assert "longest step here is to “after block 0”" in flat and "the two axes hold 70 % of their variance" in flat
    assert "longest step here is to “after block 1”" in deep and "the three axes hold 80 % of their variance" in deep
    assert "the two axes hold 55 %" in paths_sentence(made, 2, 1, "apart", True)


def test_the_table_of_the_api() -> None:
    made = FAKE.run(OF)
    table = embeddings_table(made, 2)
    assert np.array(table["cosines"]).shape == (9, 9) and table["stage"] == 2
    np.testing.assert_allclose(table["lengths"], made.norms[2], atol=1e-3)
    json.dumps(table)


def test_neighbours_say_where_the_own_entry_is() -> None:
    view = neighbours_view(FAKE.run(NeighboursRequest(OF, 2, 1)))
    assert len(view["rows"]) == 10 and "number 1 of 1,000" in view["sentence"] and "points at its own word" in view["sentence"]
    far = neighbours_view(replace(FAKE.run(NeighboursRequest(OF, 2, 1)), rank=7))
    assert "Nearest is “entry␣0”." in far["sentence"] and "own word." not in far["sentence"] and "decoder" not in far["sentence"]


def test_nearness_is_claimed_only_where_near_places_are_more_alike() -> None:
    table = FAKE.run(PositionsRequest(OF))
    falling, flat = np.linspace(1, 0, 16, dtype=np.float32), np.full(16, 0.5, np.float32)
    assert "places 15 apart 0.00: nearness can be read off" in positions_sentence(replace(table, by_distance=falling))
    assert "places 15 apart 0.50: these two numbers alone do not tell near from far" in positions_sentence(replace(table, by_distance=flat))


def test_one_length_is_one_number_and_what_is_said_of_lengths_is_worked_out() -> None:
    """11.0247 was 11.02 in the sentence and 11.03 on the strip: rounded to three digits for the page, then to two."""
    one = FAKE.run(BlockRequest(OF, 1, 2))
    vector = np.zeros_like(one.stages[0].vector)
    vector[0] = 11.0247
    first, last = replace(one.stages[0], vector=vector), one.stages[-1]
    norms = np.array([2.0, 2.0, 8.0, 2.0, 2.0], np.float32)
    made = replace(
        one, stages=(first, *one.stages[1:-1], replace(last, norms=norms)), norm_first=False, stream=np.array([3, 9, 4], np.float32)
    )
    view = block_view(made)
    assert "a stream of length 11.02 comes in" in view["stages_sentence"] and number(view["stages"][0]["length"]) == "11.02"
    assert view["stages"][0]["length"] == pytest.approx(11.0247, abs=1e-6), "not rounded before the page rounds it"
    assert "8.00 goes out" in view["stages_sentence"] and "alike" not in view["stages_sentence"]
    assert "the longest is “on” (2): 8.00, 4.0 times the median" in view["lengths_sentence"]
    assert "between 3.00 and 9.00" in view["flow_sentence"] and "keeps" not in view["flow_sentence"]
    shrinking = block_view(replace(one, norm_first=True, stream=np.array([9, 4, 3], np.float32)))
    assert "longer stream" not in shrinking["flow_sentence"]
    assert "longer stream" in block_view(replace(one, norm_first=True, stream=np.array([3, 4, 9], np.float32)))["flow_sentence"]


def test_an_unused_entry_is_explained_where_there_is_one() -> None:
    one = FAKE.run(BlockRequest(OF, 1, 2))
    assert "kept free" not in block_view(one)["neurons_sentence"]
    free = replace(one, neurons=(replace(one.neurons[0], promotes=("bank", "[unused125]")),))
    assert "kept free in BERT’s vocabulary" in block_view(free)["neurons_sentence"]


def test_positions_and_the_other_order() -> None:
    view = positions_view(FAKE.run(PositionsRequest(OF)))
    assert view["table"]["rows"] == 16 and "learned" in view["title"] and len(view["by_distance"]) == 16
    mixed = shuffle_view(FAKE.run(ShuffleRequest(OF)))
    assert mixed["order"] == "bank the on sat She" and "bag of words" in mixed["sentence"]
    assert [token["to"] for token in mixed["tokens"]] == [4, 3, 2, 1, 0]


def test_similar_sentences_are_named() -> None:
    made = FAKE.run(SimilarityRequest(("one", "two", HOSTILE), "minilm-l6"))
    off = made.cosines + np.where(np.eye(3, dtype=bool), np.nan, 0)
    best = np.unravel_index(int(np.nanargmax(off)), off.shape)
    assert f"{min(best) + 1} and {max(best) + 1} are most alike" in similarity_sentence(made)
    assert similarity_view(made)["cosines"][0][0] == pytest.approx(1)
    # 0.4849 was 0.485 for the page and 0.49 in its cell, 0.48 in the sentence
    cosines = np.array([[1, 0.4849, 0.1], [0.4849, 1, 0.2], [0.1, 0.2, 1]], np.float64)
    close = replace(made, cosines=cosines)
    assert "most alike (0.48); least alike are 1 and 3 (0.10)" in similarity_sentence(close)
    assert number(similarity_view(close)["cosines"][0][1]) == "0.48"


def test_the_block_shows_what_it_was_given() -> None:
    made = FAKE.run(BlockRequest(OF, 1, 2))
    view, table = block_view(made), block_table(made)
    assert view["title"] == "Block 1 of the encoder (0 to 1), token “on” (2)"
    sent = unpack(view["arrays"])
    np.testing.assert_array_equal(sent["stages"], np.stack([one.vector for one in made.stages]).astype(np.float16))
    np.testing.assert_array_equal(sent["along"], np.stack([one.along for one in made.neurons]).astype(np.float16))
    assert [s["kind"] for s in view["stages"]] == [s["kind"] for s in table["stages"]]
    assert "25 % of the 32 neurons" in view["neurons_sentence"]
    assert number(float(made.flow[:, 0].max())) in view["flow_sentence"]
    json.dumps([view, table])


def test_parameters_are_shares_of_the_total() -> None:
    made = FAKE.run(AnatomyRequest("minilm-l6"))
    (column,) = anatomy_view([made], HOSTILE)["columns"]
    assert sum(part["share"] for part in column["components"]) == pytest.approx(1)
    assert column["components"][1]["times"] == "2 × 256 parameters"
    assert column["masks"][0]["kind"] == "full"
    assert wiring(made) == {"encoder": ["x ← norm(x + self-attention(x))", "x ← norm(x + feed-forward(x))"]}


def test_the_three_attentions_are_compared() -> None:
    view = multihead_view(FAKE.run(MultiHeadRequest(OF)))
    assert view["rows"][0]["ours"] == view["rows"][0]["torch"] and "All three give the same" in view["sentence"]
    assert unpack(view["arrays"])["weights"].sum() == pytest.approx(2 * 5, rel=1e-2)
