"""A journey as JSON, against the numbers it is made from."""

import json
from dataclasses import replace

from playground.tasks.journey.journey import JourneyRequest
from playground.views.journey.journey import journey_told, left_out_sentence
from tests.fake.service import FakeService


def test_what_programs_are_told() -> None:
    made = FakeService().run(JourneyRequest("one two three", "smollm2-135m"))
    told = json.loads(json.dumps(journey_told(made)))
    assert [one["text"] for one in told["tokens"]] == ["one", "two", "three"]
    assert len(told["blocks"]) == 2 and len(told["blocks"][0]["stream"]) == 3
    assert told["blocks"][1]["feed_forward_adds"][2] == float(f"{made.added[1, 1, 2]:.5g}")
    assert [one["rank"] for one in told["lens"]] == [3, 2, 1] and [one["block"] for one in told["lens"]] == [-1, 0, 1]
    assert len(told["next_tokens"]) == 10 and told["next_tokens"][0]["text"] == "a"
    assert told["labels"] == {} and told["note"] == "" and told["left_out"] == 0


def test_the_note_says_which_tokens_are_read() -> None:
    decoder = replace(FakeService().run(JourneyRequest("one two three", "smollm2-135m")), cut=5)
    assert left_out_sentence(decoder) == "The text has 8 tokens; the last 3 are read and shown, without the other 5."
    encoder = replace(FakeService().run(JourneyRequest("one two three", "minilm-sentiment")), cut=5)
    assert "the first 3" in left_out_sentence(encoder) and journey_told(encoder)["labels"] == {"negative": 0.25, "positive": 0.75}
