"""The experiment part: changes add up beside the first run, and undo takes all back."""

from typing import Any

import pytest

from playground.errors import BadInput
from playground.panels.attention.experiment import hide_tokens, skip_block, switch_off_head, undo_all
from playground.tasks.attention.attention import AttentionRequest
from playground.tasks.changes import Changes
from playground.views.attention.lab import lab_view, read_runs
from tests.panels.panel import WritingService

OF = AttentionRequest("a b c d", "smollm2-135m")


def lab(runs: Any = None, **view: Any) -> dict[str, Any]:
    shown = runs or lab_view([("first", OF)])
    return shown | {"view": {"pane": 0, "kind": "masked", "layer": 1, "head": 2, "query": None, "pins": []} | view}


def after(handler: Any, value: Any) -> Any:
    items = list(handler(WritingService(), value))
    return next(shown for _, shown in items if isinstance(shown, dict) and "runs" in shown), items[-1][0]["text"]


def test_changes_add_up_and_are_undone() -> None:
    hidden, said = after(hide_tokens, lab(pins=[2, 1]))
    assert "Next token before: “a” 50.0 %" in said
    off, _ = after(switch_off_head, lab(hidden))
    skipped, _ = after(skip_block, lab(off))
    runs = read_runs(skipped)
    assert runs[0][1] == OF
    assert runs[1][1].changes == Changes((1, 2), (("masked", 1, 2),), (("masked", 1),))
    assert runs[1][0] == "after: tokens 1, 2 hidden; layer 1 head 2 off; block 1 skipped"
    assert read_runs(undo_all(lab(skipped))[1]) == [("first", OF)]


@pytest.mark.parametrize("kind", ["masked", "cross"])
def test_rows_that_the_decoder_writes_are_not_hidden_for_others(kind: str) -> None:
    of = AttentionRequest("a b c d", "en-fr")
    shown = lab(lab_view([("first", of)]), kind=kind, pins=[1], layer=0)
    with pytest.raises(BadInput, match="encoder’s self-attention"):
        after(hide_tokens, shown)
    hidden, _ = after(hide_tokens, lab(lab_view([("first", of)]), kind="self", pins=[1], layer=0))
    assert read_runs(hidden)[1][1].changes == Changes((1,))


@pytest.mark.parametrize(
    ("handler", "view", "words"), [(hide_tokens, {}, "Pin the tokens"), (switch_off_head, {"head": "mean"}, "one head")]
)
def test_what_is_missing_is_said(handler: Any, view: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        after(handler, lab(**view))


def test_what_cannot_change_is_said() -> None:
    """The made-up service changes no map; the sentence says so of the one in view, and why a skipped block's own cannot."""
    _, said = after(skip_block, lab())
    assert said.endswith("The map in view, layer 1, is the same before and after: it is worked out before its own output is left out. "
                         "No layer’s map of this kind changed.")  # fmt: skip


def test_cross_attention_is_in_the_decoders_block() -> None:
    skipped, said = after(skip_block, lab(lab_view([("first", AttentionRequest("a b c d", "en-fr", "e f g"))]), kind="cross"))
    assert read_runs(skipped)[1][1].changes == Changes(blocks=(("masked", 1),)) and "worked out before its own output" in said
