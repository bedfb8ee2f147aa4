"""What the page and a program are told of a trace, a prompt and a search; and what is believed of what the page sends back."""

import base64

import numpy as np
import pytest

from playground.errors import BadInput
from playground.tasks.generation.beams import BeamTreeRequest
from playground.tasks.generation.generation import Generation, GenerationRequest
from playground.tasks.generation.prompt import PromptReadingRequest
from playground.tasks.generation.tracing import Words, perplexity_of
from playground.tasks.wire import read
from playground.views.generation.nexttoken import step_value
from playground.views.generation.prompt import read_prompt, reading_sentence, reading_view
from playground.views.generation.strategies import beam_search, tree_view, way_of, way_of_tree, ways_sentence
from playground.views.generation.trace import RECORD, pack_words, trace_view, traced_text
from tests.fake.service import FakeService

ASKED = GenerationRequest("a b c", "smollm2-135m", max_new_tokens=3, seed=7, alternatives=50)


def made(asked: GenerationRequest = ASKED) -> Generation:
    return FakeService().run(asked)


def test_records_hold_every_number_and_a_longer_trace_begins_alike() -> None:
    trace = made().trace
    assert trace is not None
    whole = trace_view(made(), ASKED, "r")
    table = np.frombuffer(base64.b64decode(whole["packed"]), "<f4").reshape(-1, RECORD)
    ids = table.view("<i4")
    assert ids[:, 0].tolist() == trace.ids.tolist() and ids[:, 1].tolist() == trace.ranks.tolist()
    np.testing.assert_array_equal(table[:, 2:6].T, [trace.logits, trace.normalisers, trace.after, trace.uniforms.astype(np.float32)])
    np.testing.assert_array_equal(ids[:, 6::3], trace.others)
    np.testing.assert_array_equal(table[:, 7::3], trace.other_logits)
    np.testing.assert_array_equal(table[:, 8::3], trace.other_after)
    assert 4 * RECORD % 3 == 0 and len(base64.b64encode(bytes(4 * RECORD))) == 16 * RECORD // 3
    assert trace_view(made(), ASKED, "r")["asked"]["written"] == []


def test_fewer_alternatives_are_marked() -> None:
    few = GenerationRequest("a", "smollm2-135m", seed=1, alternatives=2)
    table = np.frombuffer(base64.b64decode(trace_view(made(few), few, "r")["packed"]), "<i4").reshape(-1, RECORD)
    assert (table[:, 6::3][:, 2:] == -1).all() and (table[:, 6::3][:, :2] >= 0).all()


def test_words_are_one_line_each_whatever_they_hold() -> None:
    words = Words((1, 2, 3, 4), ("\n", "\ta\u202e", "<b>${1}</b>", "⟨F0 9F⟩"), (False, True, False, False))
    assert pack_words(words) == "1\t0\t⏎\n2\t1\t⇥a⟨U+202E⟩\n3\t0\t<b>${1}</b>\n4\t0\t⟨F0 9F⟩\n"


def test_what_the_page_sends_back_is_the_request() -> None:
    view = trace_view(made(), ASKED, "r")
    assert read(GenerationRequest, view["asked"]) == ASKED
    assert read(GenerationRequest, {**view["asked"], "written": [4, 5]}).written == (4, 5)
    assert step_value(ASKED, 7, 1)["asked"]["written"] == [] and step_value(ASKED, "x", 1)["drawn"] is None


NAMED = {"prompt": "a", "model": "b"}


@pytest.mark.parametrize("found", [None, [], {}, {"prompt": "a"}, NAMED | {"evil": 1}, NAMED | {"written": 3}])
def test_anything_else_is_refused(found: object) -> None:
    with pytest.raises(BadInput, match=r"\.$"):
        read(GenerationRequest, found)


def test_a_program_is_told_plain_numbers() -> None:
    told = traced_text(made())
    assert told["log_probability"] == pytest.approx(3 * np.log(0.5)) and told["perplexity"] == pytest.approx(2)
    first = told["tokens"][0]
    assert (first["text"], first["probability"], first["rank"], len(first["alternatives"])) == (" word0", pytest.approx(0.5), 1, 50)


def test_perplexity_of_nothing_is_no_number() -> None:
    assert np.isnan(perplexity_of(np.array([], np.float32)))


def test_a_prompt_with_its_surprisal() -> None:
    reading = FakeService().run(PromptReadingRequest(GenerationRequest("one two\u202e three", "smollm2-135m")))
    view = reading_view(reading)
    assert view["bits"] == [None, 1.0, 1.0] and view["p"][1:] == pytest.approx([0.5, 0.5]) and view["labels"][1] == "two⟨U+202E⟩"
    assert dict(view["figures"])["perplexity"].startswith("2 over") and "1.0 bits" in reading_sentence(reading)
    told = read_prompt(reading)
    assert told["perplexity"] == pytest.approx(2) and told["tokens"][0]["bits"] is None


def test_a_prompt_of_one_token_says_so() -> None:
    reading = FakeService().run(PromptReadingRequest(GenerationRequest("one", "smollm2-135m", chat=False)))
    assert "no surprisal" in reading_sentence(reading) and read_prompt(reading)["perplexity"] is None
    assert dict(reading_view(reading)["figures"])["perplexity"].startswith("–")


def test_ways_and_tree() -> None:
    tree = FakeService().run(BeamTreeRequest(GenerationRequest("a", "smollm2-135m", beams=2, max_new_tokens=4)))
    ways = [way_of(name, "", made()) for name in ("greedy", "sampling")]
    best = way_of_tree(tree)
    assert (best["total"], best["text"], best["perplexity"], best["tokens"][0]["text"]) == ("−0.500", "word0", "1.65", "␣word0")
    assert ways[0]["total"] == "−2.079" and ways[0]["perplexity"] == "2"
    assert tree_view(tree)["nodes"][2] == [1, -1, "␣word2", -1.5, -1.5, 3, "pruned"]
    assert "4 candidates" in ways_sentence(ways, tree) and "pruned 2" in ways_sentence(ways, tree)
    assert [answer["score"] for answer in beam_search(tree)["answers"]] == [-0.5, -1.0]
