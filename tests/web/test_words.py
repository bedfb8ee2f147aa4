"""What the lab says of a picture, on pictures made by hand where the plain sentence would be false."""

from typing import Any

import pytest

from tests.web.node import run

PICTURE = """const item = (name, i) => {
  const raw = name.replace("*", "");
  return { raw, label: raw, special: raw !== name, first: i, last: i };
};
const made = (rows, names, more) => {
  const items = names.map(item);
  return { kind: "self", layer: 0, head: 1, queries: items, keys: items, rows: names.length, columns: names.length,
    weights: Float32Array.from(rows.flat()), hidden: false, left: null, summed: true, signed: false,
    coding: { steps: 65535, power: 4 }, ...more };
};"""


def said(rows: list[list[float]], names: list[str], more: dict[str, Any] | None = None, view: str = "matrix") -> str:
    code = PICTURE + "return saying(made(given.rows, given.names, given.more), given.view);"
    return str(run({"attention/lab/words.js": "saying"}, code, {"rows": rows, "names": names, "more": more or {}, "view": view}))


def test_the_strongest_look_is_said_plainly_where_it_is_the_rows_largest() -> None:
    text = said([[1, 0, 0, 0], [0, 0.5, 0.25, 0.25], [0.1, 0.68, 0.2, 0.02], [0.4, 0.2, 0.2, 0.2]], ["[CLS]*", "animal", "it", "."])
    assert text.startswith("Layer 0, head 1: “it” looks most at “animal” (0.68). Each row sums to 1.")


@pytest.mark.parametrize(
    ("row", "more"),
    [([0.28, 0.10, 0.08, 0.54], "“!” (0.54)"), ([0.57, 0.15, 0.08, 0.2], "“[CLS]” (0.57)"), ([0.1, 0.7, 0.08, 0.12], "itself (0.70)")],
)
def test_a_word_that_looks_more_at_a_sign_or_itself_is_not_said_to_look_most_at_a_word(row: list[float], more: str) -> None:
    """Fault 19: “Go” looks most at “Stop” (0.08), beside [CLS] 0.28 and “!” 0.2."""
    rows = [[1.0, 0, 0, 0], row, [0.9, 0.01, 0.05, 0.04], [0.25, 0.25, 0.25, 0.25]]
    text = said(rows, ["[CLS]*", "Go", "Stop", "!"])
    assert f"the strongest look between two words is “Go” → “Stop” (0.08), though “Go” looks more at {more}." in text
    assert "looks most" not in text


def test_weights_that_two_digits_do_not_tell_apart_get_four() -> None:
    text = said([[1.0, 0, 0], [0.4042, 0.1917, 0.4041], [1.0, 0, 0]], ["[CLS]*", "a", "b"])
    assert "(0.4041), though “a” looks more at “[CLS]” (0.4042)" in text


def test_a_decoders_first_token_is_a_sink_and_an_encoders_first_word_is_none() -> None:
    rows = [[1.0, 0, 0], [0.9, 0.1, 0], [0.8, 0.15, 0.05]]
    text = said(rows, ["The", "cat", "sat"], {"kind": "masked", "opened": [1, 2, 3]})
    assert "90 % of the weight rests on the first token" in text and "Grey cells are the future" in text
    assert "Grey" not in said(rows, ["The", "cat", "sat"], {"kind": "masked", "opened": [1, 2, 3]}, "sentence")
    assert "rests" not in said(rows, ["The", "cat", "sat"], {"kind": "cross"})
    assert "90 % of the weight rests on special tokens:" in said(rows, ["[CLS]*", "cat", "sat"])


def test_hiding_a_sink_says_how_little_was_left() -> None:
    """What is left is drawn as large as any other row."""
    rows = [[0.5, 0.5], [0.8, 0.2], [0.7, 0.3]]
    some = said(rows, ["a", "b", "c"], {"hidden": True, "left": [0.4, 0.000021, 0.0071]})
    assert "sums to 1 again, though 2 of 3 rows had less than 1 % of their weight left: “b” had 0.0021 %." in some


def test_the_largest_change_is_the_largest() -> None:
    """Special tokens included: what changed most is not looked for among words alone."""
    rows = [[-0.6, 0.1, 0.0], [0.2, 0.05, 0.0], [0.0, 0.0, 0.0]]
    text = said(rows, ["[CLS]*", "a", "b"], {"signed": True, "errors": [0] * 9})
    assert "the largest change is “[CLS]” → “[CLS]”: −0.6000." in text


def test_hidden_weights_have_the_digits_that_the_packing_left() -> None:
    """0.8 and 0.2 of what was left of a row: with a millionth left, the fourth digit is not known."""
    code = (
        PICTURE
        + """return [0.5, 1e-6, 1e-12].map((left) =>
      weightText(made([[0.8, 0.2], [0.8, 0.2]], ["a", "b"], { hidden: true, left: [left, left] }), 0, 0));"""
    )
    assert run({"attention/lab/picture.js": "weightText"}, code) == ["0.800", "0.80", "1"]


def test_a_head_that_has_no_pattern_says_what_it_does_most_between_two_words() -> None:
    """Fault 7: “Layer 3, head 1: no simple pattern” stood under the head that takes “it” for “animal”."""
    code = """
      const side = { labels: ["[CLS]", "animal", "it"], special: [true, false, false], words: [0, 1, 2] };
      const map = () => Float32Array.of(1, 0, 0, 0.7, 0.2, 0.1, 0.12, 0.68, 0.2);
      const coding = { steps: 65535, power: 4 }, shape = () => ({ queries: side, keys: side, second: 0 });
      const run = { map, coding, lacking: () => given, shape };
      return pairOf(run, "self", { layer: 3, head: 1 });"""
    assert run({"attention/lab/overview.js": "pairOf"}, code) == "; its strongest look between two words is “it” → “animal” (0.68)"
    assert run({"attention/lab/overview.js": "pairOf"}, code, {"kind": "self"}) == "", "its weights are not here yet"


def test_what_a_sink_leaves_over_is_not_made_as_bright_as_the_sink() -> None:
    """200 tokens, one weight of 1 and 199 of 1e-7 in each row: 1e-7 is the 99th percentile of all, and was the brightest colour."""
    code = """const rows = Array.from({ length: 200 }, () => [1, ...Array(199).fill(1e-7)]);
      const spread = Array.from({ length: 200 }, () => [0.5, ...Array(199).fill(0.5 / 199)]);
      return [rows, spread].map((some) => brightest(Float32Array.from(some.flat()), 200, 200));"""
    sink, spread = run({"attention/lab/picture.js": "brightest"}, code)
    assert sink == 1 and spread == pytest.approx(0.5 / 199)


def test_a_pinned_token_is_read_without_a_pointer() -> None:
    """Fault 13: a shared link with a pinned token said “Point at a token”. Worked out by hand: the row of “it”."""
    code = PICTURE + "return [[1], []].map((pins) => reading(made(given.rows, given.names, {}), null, pins));"
    given = {"rows": [[0.5, 0.5, 0], [0.1, 0.2, 0.7], [0, 0, 1]], "names": ["an", "it", "animal"]}
    pinned, none = run({"attention/lab/words.js": "reading"}, code, given)
    assert pinned == "“it” (1) looks at: “animal” 0.700, “it” 0.200, “an” 0.100"
    assert none == ""
