"""What the page and a program are told of a trace, a prompt and a search; and what is believed of what the page sends back."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from playground.errors import BadInput
from playground.tasks.generation.beams import BeamTreeRequest
from playground.tasks.generation.generation import Generation, GenerationRequest
from playground.tasks.generation.prompt import PromptReadingRequest
from playground.tasks.generation.tracing import perplexity_of
from playground.tasks.request import Progress
from playground.tasks.vocabulary import Words
from playground.views.generation.nexttoken import step_value
from playground.views.generation.prompt import read_prompt, reading_sentence, reading_view
from playground.views.generation.strategies import beam_search, tree_view, way_of, way_of_tree, ways_sentence
from playground.views.generation.trace import TraceMessages, pack_words, read_writing, traced_text
from tests.fake.service import FakeService
from tests.wire import Arrays, read_all

ASKED = GenerationRequest("a b c", "smollm2-135m", max_new_tokens=3, seed=7, alternatives=50)

NAMES = ("ids", "ranks", "logits", "normalisers", "after", "uniforms", "others", "other_logits", "other_after")


def made(asked: GenerationRequest = ASKED) -> Generation:
    return FakeService().run(asked)


def sent(*items: Progress | Generation, asked: GenerationRequest = ASKED) -> list[tuple[Any, Arrays]]:
    told = TraceMessages(asked)
    return read_all(b"".join(one for item in items for one in told(item)))


def begun(count: int) -> Generation:
    """The same text when only `count` of its tokens were written."""
    trace = made().trace
    assert trace is not None
    seen = trace.words.ids.index(int(trace.others[count - 1].max())) + 1
    words = Words(trace.words.ids[:seen], trace.words.labels[:seen], trace.words.special[:seen])
    cut = {name: getattr(trace, name)[:count] for name in NAMES}
    return replace(made(), finished=False, stopped="", text="so far", trace=replace(trace, words=words, **cut))


def test_each_message_holds_what_is_new_and_all_of_it_comes() -> None:
    """Joined, they are the arrays of the trace itself, and every word comes once."""
    trace = made().trace
    assert trace is not None
    first, waiting, second, last = sent(begun(1), Progress("waiting", "Waiting", place=2), begun(2), made())
    assert waiting == ({"note": {"text": "Waiting · 2 ahead of you…", "done": 0, "total": 0, "tone": "busy"}}, {})
    for name in NAMES:
        joined = np.concatenate([arrays[name] for _, arrays in (first, second, last)])
        np.testing.assert_array_equal(joined, getattr(trace, name))
    assert "".join(about["words"] for about, _ in (first, second, last)) == pack_words(trace.words)
    assert [about["finished"] for about, _ in (first, second, last)] == [False, False, True]
    assert first[0]["text"] == "so far" and last[0]["text"] == made().text
    assert dict(last[0]["figures"]["figures"])["seed"] == "7" and last[0]["figures"]["repeat"] == {"generation-seed": "7"}
    assert "asked" not in second[0] and first[0]["asked"]["seed"] == 7


def test_fewer_alternatives_are_fewer_columns() -> None:
    few = GenerationRequest("a", "smollm2-135m", seed=1, alternatives=2)
    ((_, arrays),) = sent(made(few), asked=few)
    assert arrays["others"].shape == (len(arrays["ids"]), 2) == arrays["other_after"].shape


def test_words_are_one_line_each_whatever_they_hold() -> None:
    words = Words((1, 2, 3, 4), ("\n", "\ta\u202e", "<b>${1}</b>", "⟨F0 9F⟩"), (False, True, False, False))
    assert pack_words(words) == "1\t0\t⏎\n2\t1\t⇥a⟨U+202E⟩\n3\t0\t<b>${1}</b>\n4\t0\t⟨F0 9F⟩\n"


def test_what_the_page_sends_back_is_the_request() -> None:
    ((about, _),) = sent(made())
    assert read_writing(about["asked"]) == ASKED
    assert read_writing({**about["asked"], "written": [4, 5]}).written == (4, 5)
    typed = {**about["asked"], "seed": " 12 ", "alternatives": 3}
    assert read_writing(typed) == replace(ASKED, seed=12)
    assert isinstance(read_writing({**about["asked"], "seed": ""}).seed, int), "drawn"
    with pytest.raises(BadInput, match="seed must be a whole number"):
        read_writing({**about["asked"], "seed": "twelve"})
    assert step_value(ASKED, 7, 1)["asked"]["written"] == [] and step_value(ASKED, "x", 1)["drawn"] is None


NAMED = {"prompt": "a", "model": "b"}


@pytest.mark.parametrize("found", [{}, {"prompt": "a"}, NAMED | {"evil": 1}, NAMED | {"written": 3}])
def test_anything_else_is_refused(found: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match=r"\.$"):
        read_writing(found)


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
    assert list(tree_view(tree)["nodes"][2]) == [1, -1, "␣word2", -1.5, -1.5, 3, "pruned"]
    assert "4 candidates" in ways_sentence(ways, tree) and "pruned 2" in ways_sentence(ways, tree)
    assert [answer["score"] for answer in beam_search(tree)["answers"]] == [-0.5, -1.0]
