"""Our pipeline on numpy keeps and weighs exactly what transformers' own processors keep and weigh, in the library's order."""

import itertools

import numpy as np
import pytest
import torch
from transformers import GenerationConfig, LogitsProcessorList

from playground.engine.decoding import draw, sampling_pipeline, uniforms
from playground.tasks.generation.sampling import Knobs, place_drawn, rank_order
from tests.oracles import run_pipeline, softmax

SEEN = np.array([0, 3, 17, 40, 499], np.int32)


def logits_of(seed: int, size: int = 500) -> np.ndarray:
    random = np.random.default_rng(seed)
    return (random.standard_normal(size) * random.uniform(0.5, 6)).astype(np.float32)


def theirs(logits: np.ndarray, knobs: Knobs) -> np.ndarray:
    steps = sampling_pipeline(knobs.temperature, knobs.top_k, knobs.top_p, knobs.repetition_penalty, knobs.min_p)
    return steps(torch.tensor(SEEN[None].astype(np.int64)), torch.tensor(logits[None])).numpy()[0]  # type: ignore[arg-type]


SETTINGS = [
    Knobs(p, t, k, top, least)
    for p, t, k, top, least in itertools.product((1.0, 1.3, 0.8), (0.3, 1.0, 1.7), (0, 1, 50), (1.0, 0.9, 0.3), (0.0, 0.05, 0.5))
]


@pytest.mark.parametrize("seed", range(4))
def test_every_setting_equals_the_library(seed: int) -> None:
    logits = logits_of(seed)
    for knobs in SETTINGS:
        expected = theirs(logits, knobs)
        made = run_pipeline(logits, SEEN, knobs)
        np.testing.assert_array_equal(np.isinf(made.in_min_p), np.isinf(expected), err_msg=str(knobs))
        np.testing.assert_array_equal(made.in_min_p, expected, err_msg=str(knobs))
        np.testing.assert_allclose(made.probabilities, torch.softmax(torch.tensor(expected), -1).numpy(), atol=1e-6)


def test_the_order_is_that_of_generate() -> None:
    """`generate` builds the same processors in the same order from a configuration with all of them on."""
    from transformers import LlamaConfig, LlamaForCausalLM

    model = LlamaForCausalLM(LlamaConfig(vocab_size=8, hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1))
    wanted = GenerationConfig(do_sample=True, temperature=0.7, top_k=5, top_p=0.9, min_p=0.1, repetition_penalty=1.2, bos_token_id=1)
    model._prepare_special_tokens(wanted, device="cpu")
    built = model._get_logits_processor(wanted, input_ids_seq_length=3, logits_processor=LogitsProcessorList())
    ours = sampling_pipeline(0.7, 5, 0.9, 1.2, 0.1)
    assert [type(step) for step in ours] == [type(step) for step in built if type(step) in {type(one) for one in ours}]
    assert len(ours) == 5


def test_stages_only_ever_cut_more() -> None:
    made = run_pipeline(logits_of(1), SEEN, Knobs(1.2, 0.8, 50, 0.9, 0.02))
    stays = [np.isfinite(stage).sum() for stage in (made.divided, made.in_top_k, made.in_top_p, made.in_min_p)]
    assert stays == sorted(stays, reverse=True) and stays[0] == 500 and stays[1] == 50 and stays[-1] >= 1
    assert made.probabilities.sum() == pytest.approx(1)


def test_temperature_zero_takes_the_likeliest_after_the_penalty() -> None:
    logits = np.array([5.0, 4.9, 1.0, -2.0], np.float32)
    made = run_pipeline(logits, np.array([0], np.int32), Knobs(repetition_penalty=2.0, temperature=0))
    assert made.probabilities.tolist() == [0, 1, 0, 0]


def test_the_penalty_pushes_down_on_both_sides_of_zero() -> None:
    made = run_pipeline(np.array([2.0, -2.0, 1.0], np.float32), np.array([0, 1], np.int32), Knobs(repetition_penalty=2.0))
    assert made.penalised.tolist() == [1.0, -4.0, 1.0]


def test_a_draw_equals_laying_all_end_to_end() -> None:
    """The quick way over the few likeliest, against the whole ranking, with ties, tiny and impossible tokens."""
    random = np.random.default_rng(0)
    for size in (3, 300, 5000):
        chances = softmax(random.standard_normal(size).astype(np.float32).round(1))
        chances[random.integers(0, size, size // 3)] = 0
        ranking = rank_order(chances)
        for uniform in (0.0, *random.random(40), 0.999999999):
            expected = int(ranking[place_drawn(chances[ranking], uniform)])
            assert draw(torch.tensor(chances), uniform) == expected
            assert chances[expected] > 0


def test_draws_follow_the_probabilities() -> None:
    chances = torch.tensor([0.1, 0.6, 0.3, 0.0])
    numbers = uniforms(5)
    found = np.bincount([draw(chances, next(numbers)) for _ in range(4000)], minlength=4) / 4000
    np.testing.assert_allclose(found, chances.numpy(), atol=0.03)


def test_a_seeds_numbers_can_be_passed_over() -> None:
    whole = uniforms(9)
    first = [next(whole) for _ in range(8)]
    later = uniforms(9, skip=5)
    assert [next(later) for _ in range(3)] == first[5:]
    assert all(0 <= number < 1 for number in first)
