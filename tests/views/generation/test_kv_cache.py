"""The race's sentences: medians of one run, and where the two ways part, both texts, the token and how near it was."""

from typing import Any

import pytest
import torch

from playground.engine.generation.kv_cache import race
from playground.engine.watch import Watch
from playground.tasks.generation.kv_cache import Pace, PaceRequest, Parting, per_second
from playground.views.generation.kv_cache import pace_figures, pace_sentence
from tests.conftest import Models

EVEN = (0.5, *[0.02] * 12)


def pace(cached: tuple[float, ...], uncached: tuple[float, ...], **more: Any) -> Pace:
    return Pace("smollm2-135m", "test", "the same text", 4, cached, uncached, 100, "float32", not more.get("parting"), True,
                **{"uncached_text": "the same text"} | more)  # fmt: skip


def test_one_hiccup_moves_no_figure() -> None:
    """As reported: one token of 870 ms among twelve of 20 ms. By the mean that was 11 tokens a second; the median is 50."""
    assert per_second((0.5, *[0.02] * 6, 0.87, *[0.02] * 5)) == pytest.approx(50)
    said = pace_sentence(pace(EVEN, (0.5, 0.87, *[0.04] * 11)))
    assert "2.0 times as fast with the cache" in said and "one run of each" in said


def test_a_curve_that_does_not_climb_is_not_said_to() -> None:
    said = pace_sentence(pace(EVEN, EVEN))
    assert "saved nothing that could be measured" in said and "hardly shows in so few" in said
    climbing = pace_sentence(pace(EVEN, (0.5, *(0.02 * n for n in range(1, 13)))))
    assert "hardly shows" not in climbing and "took 5.5 times as long as the first quarter" in climbing


def test_two_texts_stand_there_whole_and_say_where_they_part_and_why() -> None:
    parting = Parting(3, " text", " word", 0.004, 0.002)
    made = pace(EVEN, EVEN, uncached_text="the same word", parting=parting)
    said, shown = pace_sentence(made), pace_figures(made)["texts"]
    assert "part at token 3: “␣text” with the cache, “␣word” without" in said and "0.004 apart in logits" in said and "float32" in said
    assert [(one["same"] + one["rest"], one["rest"]) for one in shown] == [("the same text", "text"), ("the same word", "word")]
    alike = pace(EVEN, EVEN)
    assert "part at token" not in pace_sentence(alike) and [one["rest"] for one in pace_figures(alike)["texts"]] == [""]


@pytest.mark.models
def test_where_the_two_ways_part_their_logits_were_near(models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that rounds what it reads all at once otherwise than what it reads by one: the parting is the first difference, and its
    margins are those of the model's own logits."""
    loaded = models["smollm2-135m"]
    request = PaceRequest("Once upon a time", "smollm2-135m", chat=False, tokens=6)
    (plain,) = race(loaded, [request], Watch())
    assert plain.same and plain.parting is None and plain.text == plain.uncached_text
    forward = loaded.model.forward

    def nudged(*given: Any, **more: Any) -> Any:
        out = forward(*given, **more)
        if not more.get("use_cache") and out.logits.shape[1] == 1 and given[0].shape[1] > 6:
            best = out.logits[0, -1].topk(2)
            out.logits[0, -1, best.indices[1]] = best.values[0] + 0.25
        return out

    monkeypatch.setattr(loaded.model, "forward", nudged)
    (made,) = race(loaded, [request], Watch())
    monkeypatch.undo()
    assert made.parting is not None and not made.same
    ids = loaded.codec.ids("Once upon a time")
    with torch.inference_mode():
        for _ in range(made.parting.place - 1):
            ids.append(int(loaded.model(torch.tensor([ids])).logits[0, -1].argmax()))
        best = loaded.model(torch.tensor([ids])).logits[0, -1].topk(2)
    assert made.parting.cached == loaded.codec.decode([int(best.indices[0])])
    assert made.parting.uncached == loaded.codec.decode([int(best.indices[1])])
    assert made.parting.cached_margin == pytest.approx(float(best.values[0] - best.values[1]), abs=1e-3)
    assert made.parting.uncached_margin == pytest.approx(0.25, abs=1e-3) and made.text != made.uncached_text
