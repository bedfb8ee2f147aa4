"""The heatmap and the sentences about it: every label is data, repeated words keep their own rows, the future is not a zero."""

import json

import numpy as np
import plotly.graph_objects as go
import pytest

from playground.tasks.attention.attention import (
    Attention,
    AttentionMap,
    AttentionMapRequest,
    AttentionRequest,
    AttentionShape,
)
from playground.tasks.side import Side
from playground.views.attention.attention import TICKS, attention_figure, attention_weights, run_sentence
from tests.fake.service import FakeService


def side(*labels: str, special: tuple[int, ...] = ()) -> Side:
    return Side(labels, labels, tuple(i in special for i in range(len(labels))))


def made(weights: list[list[float]], queries: Side, keys: Side, kind: str = "self", head: int | str = "mean") -> AttentionMap:
    return AttentionMap(kind, 2, head, queries, keys, np.array(weights, np.float32))  # type: ignore[arg-type]


REPEATED = side("a", "cat", "a", "<b>")
EVEN = [[0.25] * 4] * 4


def heatmap(figure: go.Figure) -> go.Heatmap:
    return figure.data[0]


def test_repeated_words_keep_rows_and_columns_of_their_own() -> None:
    figure = attention_figure(made(EVEN, REPEATED, REPEATED))
    assert figure.layout.xaxis.tickvals == figure.layout.yaxis.tickvals == (0, 1, 2, 3)
    assert heatmap(figure).z.shape == (4, 4)
    assert figure.layout.yaxis.autorange == "reversed"


def test_labels_and_hovers_hold_no_markup() -> None:
    hostile = side("<img src=x onerror=1>", '<a href="javascript:1">x</a>', "%{y}", "\u202e&")
    figure = attention_figure(made(EVEN, hostile, hostile))
    found = [*figure.layout.xaxis.ticktext, *figure.layout.yaxis.ticktext, *heatmap(figure).text.ravel()]
    assert not [label for label in found if "<" in label or ">" in label or "\u202e" in label]
    assert figure.layout.xaxis.ticktext[3] == "⟨U+202E⟩&amp;"
    template = heatmap(figure).hovertemplate
    assert not [word for word in ("img", "javascript", "&amp;") if word in template]


def test_hover_names_both_tokens_and_the_exact_weight() -> None:
    figure = attention_figure(made([[0.125, 0.875]], side("il"), side("the", "cat")))
    assert heatmap(figure).text.tolist() == [["il looks at the", "il looks at cat"]]
    assert heatmap(figure).z.tolist() == [[0.125, 0.875]]
    assert "%{z:.4f}" in heatmap(figure).hovertemplate


def test_the_future_is_empty_and_a_zero_is_not() -> None:
    words = side("a", "b", "c")
    figure = attention_figure(made([[1, 0, 0], [1, 0, 0], [0.5, 0, 0.5]], words, words, "masked"))
    assert np.isnan(heatmap(figure).z).tolist() == [[False, True, True], [False, False, True], [False, False, False]]
    assert heatmap(figure).z[1, 1] == 0
    assert heatmap(figure).hoverongaps is False
    assert figure.layout.plot_bgcolor != attention_figure(made(EVEN, REPEATED, REPEATED)).layout.plot_bgcolor


def test_drawing_leaves_the_answer_as_it_was() -> None:
    words = side("a", "b")
    answer = made([[1, 0], [0.5, 0.5]], words, words, "masked")
    answer.weights.setflags(write=False)
    attention_figure(answer)
    assert answer.weights.tolist() == [[1, 0], [0.5, 0.5]]


@pytest.mark.parametrize("many", [TICKS, TICKS + 1, 512])
def test_many_tokens_thin_the_labels_not_the_cells(many: int) -> None:
    words = side(*(f"w{i}" for i in range(many)))
    figure = attention_figure(made(np.full((many, many), 1 / many).tolist(), words, words))
    assert len(figure.layout.xaxis.ticktext) <= TICKS
    assert figure.layout.xaxis.ticktext[-1] == f"w{figure.layout.xaxis.tickvals[-1]}"
    assert heatmap(figure).z.shape == (many, many)


def test_the_largest_map_stays_small_on_the_wire() -> None:
    words = side(*("word" for _ in range(512)))
    figure = attention_figure(made(np.full((512, 512), 1 / 512).tolist(), words, words))
    assert len(figure.to_json()) < 2_000_000


def test_backgrounds_let_both_themes_through() -> None:
    figure = attention_figure(made(EVEN, REPEATED, REPEATED))
    assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert heatmap(figure).colorbar.title.text == "attention weight"


def test_run_sentence_counts_what_there_is() -> None:
    shapes = (AttentionShape("self", 6, 4, side("a", "b"), side("a", "b")), AttentionShape("cross", 3, 8, side("x"), side("a", "b")))
    said = run_sentence(Attention("en-fr", "weights", "a b", "x\u202e y", shapes))
    assert "encoder self-attention: 6 layers × 4 heads, 2 × 2 tokens" in said
    assert "cross-attention: 3 layers × 8 heads, 1 × 2 tokens" in said
    assert "The decoder read “x⟨U+202E⟩ y”." in said
    ended = run_sentence(Attention("en-fr", "weights", "a b", "La maison est petite.", shapes, cut=1, target_cut=20))
    assert "The decoder read “La maison est petite.” The text was too long: its last 1 token was left out. The target text" in ended
    assert ended.endswith("its last 20 tokens were left out.")


def test_what_the_api_returns_is_plain_json() -> None:
    answer = FakeService().run(AttentionMapRequest(AttentionRequest("the cat saw the dog", "minilm-l6"), 1, 2))
    found = json.loads(json.dumps(attention_weights(answer)))
    assert found["query_tokens"] == found["key_tokens"] == ["the", "cat", "saw", "the", "dog"]
    assert np.allclose(np.sum(found["weights"], axis=1), 1, atol=1e-4)
    assert (found["layer"], found["head"], found["kind"]) == (1, 2, "self")


def test_the_api_says_what_was_left_out_and_sends_no_digit_too_many() -> None:
    """Half a step of the packing is 3.1e-5 at 1 (four decimals), 2.9e-5 at 0.9, 9.6e-7 at 0.01 (five), 3.0e-8 at 0.0001 (seven)."""
    one = made([[0.9123456, 0.0123456, 0.000123456, 0.0]], side("q"), side("a", "b", "c", "d"))
    found = attention_weights(one)
    assert found["weights"] == [[0.9123, 0.01235, 0.0001235, 0.0]] and (found["left_out"], found["note"]) == (0, "")
    cut = attention_weights(AttentionMap(*[getattr(one, name) for name in ("kind", "layer", "head", "queries", "keys", "weights")], 3, 2))
    assert cut["left_out"] == 5
    assert (
        cut["note"]
        == "The text was too long: its last 3 tokens were left out. The target text was too long: its last 2 tokens were left out."
    )


def test_one_sink_does_not_darken_a_long_text() -> None:
    words = side(*(f"w{i}" for i in range(200)))
    weights = np.full((200, 200), 0.5 / 199, np.float32)
    weights[:, 0] = 0.5
    figure = attention_figure(made(weights.tolist(), words, words))
    assert heatmap(figure).zmax == pytest.approx(0.5 / 199)
    assert "or more" in heatmap(figure).colorbar.title.text
    weights[:, 1:], weights[:, 0] = 1e-7, 1.0
    assert heatmap(attention_figure(made(weights.tolist(), words, words))).zmax == 1, "what a sink leaves over is not made bright"
    assert heatmap(attention_figure(made([[0.9, 0.1]], side("q"), side("a", "b")))).zmax == pytest.approx(0.9)
