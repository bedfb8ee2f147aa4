"""Writing on equals transformers' own `generate`, seeds repeat, prompts are refused with the numbers, and Unicode is never torn."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import torch
from transformers import LogitsProcessorList

from playground.engine import decoding
from playground.engine.decoding import PREFILL, end_tokens, sampling_pipeline, write
from playground.engine.generation.beams import grow_beams
from playground.engine.generation.generation import generate, prompt_ids
from playground.engine.models import Loaded
from playground.engine.token_text import Pieces
from playground.engine.watch import Watch, watching
from playground.errors import BadInput, Cancelled
from playground.service.local import LocalService
from playground.tasks.generation.beams import BeamTreeRequest
from playground.tasks.generation.generation import Generation, GenerationRequest
from playground.tasks.request import Progress
from playground.views.generation.trace import traced_text
from tests.conftest import Models

SLUG = "smollm2-135m"
GREEDY = GenerationRequest("The capital of France is", SLUG, chat=False, temperature=0.0, repetition_penalty=1.0, max_new_tokens=32, seed=0)
SAMPLED = GenerationRequest("Once upon a time", SLUG, chat=False, max_new_tokens=12, seed=11)


@pytest.fixture
def smol(models: Models) -> Loaded:
    return models[SLUG]


def theirs(loaded: Loaded, prompt: list[int], **options: Any) -> list[int]:
    ids = torch.tensor([prompt])
    with torch.inference_mode():
        made = loaded.model.generate(
            ids, attention_mask=torch.ones_like(ids), **{"do_sample": False, "temperature": None, "top_p": None, "top_k": None, **options}
        )
    return list(made[0, len(prompt) :].tolist())


def ours(loaded: Loaded, prompt: list[int], most: int, **pipeline: float) -> list[int]:
    steps = sampling_pipeline(**{"temperature": 0.0, "top_k": 0, "top_p": 1.0, "repetition_penalty": 1.0} | pipeline)  # type: ignore[arg-type]
    return list(write(loaded.model, prompt, most, end_tokens(loaded.model), steps, True, 0, Watch()))


def one(loaded: Loaded, request: GenerationRequest) -> Generation:
    return generate(loaded, [request], Watch())[0]


@pytest.mark.parametrize("penalty", [1.0, 1.3])
def test_greedy_equals_transformers(smol: Loaded, penalty: float) -> None:
    prompt = smol.codec.ids(GREEDY.prompt)
    expected = theirs(smol, prompt, max_new_tokens=32, num_beams=1, repetition_penalty=penalty)
    assert ours(smol, prompt, 32, repetition_penalty=penalty) == expected
    answer = one(smol, replace(GREEDY, repetition_penalty=penalty))
    assert answer.text == smol.codec.decode(expected)
    assert (answer.prompt_tokens, answer.new_tokens) == (len(prompt), len(expected))


def test_the_chat_answers_and_ends_by_itself(smol: Loaded) -> None:
    answer = one(smol, replace(GREEDY, prompt="What is the capital of France?", chat=True))
    assert "Paris" in answer.text
    assert "<|" not in answer.text
    assert answer.stopped == "end"
    assert answer.tokens_per_second > 0


@pytest.mark.parametrize(
    ("temperature", "top_k", "top_p", "penalty"),
    [(0.7, 5, 1.0, 1.0), (1.5, 0, 0.8, 1.0), (0.7, 50, 0.9, 1.2), (1.0, 0, 1.0, 1.5), (1.0, 0, 1.0, 1.0)],
)
def test_sampling_keeps_what_generate_would(smol: Loaded, temperature: float, top_k: int, top_p: float, penalty: float) -> None:
    """The distribution the next token is drawn from, as transformers' own processors make it inside `generate`."""
    prompt = torch.tensor([smol.codec.ids("Once upon a time upon a")])
    with torch.inference_mode():
        made = smol.model.generate(
            prompt, attention_mask=torch.ones_like(prompt), do_sample=True, temperature=temperature, top_k=top_k, top_p=top_p,
            repetition_penalty=penalty, max_new_tokens=1, output_scores=True, return_dict_in_generate=True,
        )  # fmt: skip
        logits = smol.model(prompt).logits[:, -1].float()
    mine = sampling_pipeline(temperature, top_k, top_p, penalty)(prompt, logits)  # type: ignore[arg-type]
    torch.testing.assert_close(torch.softmax(mine, -1), torch.softmax(made.scores[0], -1), atol=1e-5, rtol=1e-4)
    assert (torch.isinf(mine) == torch.isinf(made.scores[0])).all()


def test_a_seed_repeats_and_another_differs(smol: Loaded) -> None:
    first, again, other = (one(smol, replace(SAMPLED, seed=seed)).text for seed in (11, 11, 12))
    assert first == again != other


def test_two_seeded_requests_at_once_give_what_each_gives_alone(models: Models, local: LocalService) -> None:
    """On the model at the same moment in two threads, while a third keeps disturbing torch's global generator."""
    smol, asked = models[SLUG], [replace(SAMPLED, seed=seed) for seed in (1, 2)]
    alone = [one(smol, request).text for request in asked]
    done = False

    def disturb() -> None:
        while not done:
            torch.manual_seed(0)
            torch.rand(3)

    with ThreadPoolExecutor(3) as pool:
        disturbing = pool.submit(disturb)
        together = list(pool.map(lambda request: one(smol, request).text, asked))
        done = True
        disturbing.result()
    assert together == alone


def test_sampling_leaves_the_global_generator_alone(smol: Loaded) -> None:
    before = torch.get_rng_state()
    one(smol, replace(SAMPLED, max_new_tokens=3))
    assert torch.equal(before, torch.get_rng_state())


def test_a_long_prompt_in_chunks_equals_one_piece(smol: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    prompt = smol.codec.ids("The quick brown fox jumps over the lazy dog. " * 7)
    expected = theirs(smol, prompt, max_new_tokens=6, num_beams=1)
    assert ours(smol, prompt, 6) == expected
    for size in (7, 32, len(prompt) - 1):
        monkeypatch.setattr(decoding, "PREFILL", size)
        assert ours(smol, prompt, 6) == expected


def test_a_prompt_over_the_window_is_refused_with_the_numbers(smol: Loaded) -> None:
    request = replace(GREEDY, prompt="word " * 9000)
    tokens = len(smol.codec.ids(request.prompt))
    with pytest.raises(BadInput, match=rf"{tokens:,} tokens long.*window is 8,192 tokens.*at least {tokens - 8191:,} tokens"):
        prompt_ids(smol, request)


def test_a_prompt_that_nearly_fills_the_window_leaves_what_is_left(models: Models, smol: Loaded) -> None:
    narrow = replace(smol, window=len(smol.codec.ids(GREEDY.prompt)) + 2)
    answer = one(narrow, GREEDY)
    assert (answer.new_tokens, answer.new_tokens_allowed, answer.stopped) == (2, 2, "length")
    with pytest.raises(BadInput, match="at least 1 tokens"):
        one(replace(smol, window=narrow.window - 2), GREEDY)


def test_torn_characters_are_never_shown_while_streaming(smol: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model is made to write a llama, four bytes in several tokens; partial texts hold none of it or all of it."""
    text = "a 🦙 日本"
    ids = smol.codec.ids(text, special=False)
    assert any("\ufffd" in smol.codec.decode(ids[:i]) for i in range(len(ids)))
    monkeypatch.setattr("playground.engine.generation.generation.write", lambda *told: iter(ids))
    monkeypatch.setattr("playground.engine.generation.generation.REPORT_SECONDS", 0.0)
    seen: list[Generation] = []
    (answer,) = generate(smol, [GREEDY], Watch(seen.append))
    assert len(seen) == len(ids)
    assert all("\ufffd" not in item.text and text.startswith(item.text) for item in seen)
    assert answer.text == text


@pytest.mark.parametrize("beams", [2, 4])
def test_beams_equal_transformers(smol: Loaded, beams: int) -> None:
    prompt = smol.codec.ids(GREEDY.prompt)
    expected = theirs(smol, prompt, max_new_tokens=10, num_beams=beams, length_penalty=1.0, early_stopping=False)
    answer = one(smol, replace(GREEDY, beams=beams, max_new_tokens=10))
    assert answer.text == smol.codec.decode(expected)
    assert answer.finished


def test_cancelling_stops_in_the_middle(smol: Loaded) -> None:
    for request in (GREEDY, replace(GREEDY, beams=2)):
        watch = Watch()
        watch.cancel()
        with pytest.raises(Cancelled), watching(watch):
            generate(smol, [request], watch)


def test_settings_that_change_nothing_are_left_out() -> None:
    assert sampling_pipeline(1.0, 0, 1.0, 1.0) == LogitsProcessorList()
    assert sampling_pipeline(0.0, 50, 0.9, 1.0) == LogitsProcessorList()


@pytest.mark.parametrize("knobs", [{"temperature": 2}, {"repetition_penalty": 2}, {"top_p": 1, "min_p": 1, "temperature": 3}])
def test_a_page_may_send_whole_numbers(smol: Loaded, knobs: dict[str, int]) -> None:
    """A slider at 2 sends 2, not 2.0."""
    whole = replace(GREEDY, temperature=0.7, max_new_tokens=4, seed=1)
    shares = {name: float(value) for name, value in knobs.items()}
    assert one(smol, replace(whole, **knobs)).text == one(smol, replace(whole, **shares)).text  # type: ignore[arg-type]


def test_a_search_tells_its_own_speed_and_how_far_it_is(smol: Loaded) -> None:
    watch, told = Watch(), []
    watch.report = told.append  # type: ignore[method-assign]
    answer = generate(smol, [replace(GREEDY, beams=3, max_new_tokens=6, alternatives=5)], watch)[0]
    assert answer.first_token_seconds == 0 and answer.tokens_per_second == pytest.approx(answer.new_tokens / answer.seconds)
    assert [item.done for item in told if isinstance(item, Progress)] == list(range(6))


def test_a_search_reads_a_long_prompt_in_chunks(smol: Loaded) -> None:
    prompt, seen = "The cat sat on the mat. " * 60, list[int]()
    hook = smol.writer.register_forward_pre_hook(lambda _, args, kwargs: seen.append(kwargs["input_ids"].shape[1]), with_kwargs=True)
    answer = one(smol, replace(GREEDY, prompt=prompt, beams=2, max_new_tokens=3))
    hook.remove()
    assert max(seen) <= PREFILL < answer.prompt_tokens
    ids = smol.codec.ids(prompt)
    made = theirs(smol, ids, max_new_tokens=3, num_beams=2, early_stopping=False)
    assert answer.text == smol.codec.decode(made)


def test_a_search_that_would_hold_too_much_is_refused_with_the_numbers(smol: Loaded) -> None:
    with pytest.raises(BadInput, match=r"8 beams of [\d,]+ tokens to read and 1,000 to write.*16,384"):
        one(smol, replace(GREEDY, prompt="word " * 2000, beams=8, max_new_tokens=1000))


def test_what_was_written_before_counts_in_the_window(smol: Loaded) -> None:
    answer = one(smol, replace(GREEDY, written=tuple(smol.codec.ids(" and so on")), max_new_tokens=2))
    assert answer.written_tokens == len(smol.codec.ids(" and so on"))


FACES = replace(GREEDY, prompt="Faces: 🙂😀😃😄🙂😀😃😄🙂")  # goes on with faces of four bytes in three tokens


def test_a_text_that_ends_inside_a_character_ends_before_it_and_tells_its_bytes(smol: Loaded) -> None:
    """At every length it may be stopped at; what is held back is the beginning of a character, by UTF-8's own table."""
    made = [one(smol, replace(FACES, max_new_tokens=most)) for most in range(1, 7)]
    whole = made[-1].text
    assert whole == "😄😄" and [answer.held for answer in made] == ["F0 9F", "F0 9F 98", "", "F0 9F", "F0 9F 98", ""]
    for answer in made:
        assert "\ufffd" not in answer.text and whole.startswith(answer.text)
        assert whole.encode().startswith(answer.text.encode() + bytes.fromhex(answer.held))
    (searched,) = generate(smol, [replace(FACES, beams=2, max_new_tokens=2)], Watch())
    assert "\ufffd" not in searched.text
    (tree,) = grow_beams(smol, [BeamTreeRequest(replace(FACES, beams=2, max_new_tokens=2))], Watch())
    assert all("\ufffd" not in found.text for found in tree.finished) and any(found.held.startswith("F0") for found in tree.finished)
    traced = traced_text(one(smol, replace(FACES, max_new_tokens=2, alternatives=2)))
    assert (traced["text"], traced["held_back"]) == ("", "F0 9F 98")


def test_a_replacement_character_that_was_written_is_a_character(smol: Loaded) -> None:
    pieces = Pieces(smol.codec, smol.card.scheme)
    for text in ("a\ufffd", "\ufffd\ufffd", "so it is"):
        assert pieces.whole(smol.codec.ids(text)) == (text, "")
    assert pieces.whole([]) == ("", "")
