"""The head that is shown is the one with the highest score, and the sentence tells whether that is enough."""

import numpy as np
import pytest

from playground.service.fake import FakeService
from playground.tasks.attention import AttentionRequest
from playground.tasks.heads import PATTERNS
from playground.tasks.packing import AttentionPack, AttentionPackRequest
from playground.views.patterns import best_head, pattern_choices, pattern_sentence

RUN = AttentionRequest("the cat sat on the mat", "en-fr")


def _pack(name: str, score: float) -> AttentionPack:
    """Two layers of three heads, all at 0.1 but layer 1, head 2 in pattern `name`."""
    scores = np.full((2, 3, len(PATTERNS)), 0.1, np.float32)
    scores[1, 2, [p.name for p in PATTERNS].index(name)] = score
    run = FakeService().run(RUN)
    return AttentionPack(run, "self", (), scores, ())


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: p.name)
def test_the_best_head_is_found_and_said(pattern: object) -> None:
    name = pattern.name  # type: ignore[attr-defined]
    pack = _pack(name, 0.97)
    assert best_head(pack, name) == (1, 2, pytest.approx(0.97))
    sentence = pattern_sentence(pack, name)
    assert sentence.startswith("Layer 1, head 2") and "no other head does" in sentence and "0.97" in sentence


def test_a_low_score_is_not_called_a_pattern() -> None:
    sentence = pattern_sentence(_pack("previous", 0.2), "previous")
    assert sentence.startswith("On this text no head looks at the token before") and "layer 1, head 2" in sentence and "0.20" in sentence


def test_cross_attention_has_no_patterns() -> None:
    pack = FakeService().run(AttentionPackRequest(RUN, "cross", patterns=True))
    assert best_head(pack, "previous") is None
    assert "another kind" in pattern_sentence(pack, "previous")


def test_every_pattern_can_be_chosen() -> None:
    assert [name for _, name in pattern_choices()] == [p.name for p in PATTERNS]
