"""Writing tokens one after another: the sampling loop of decoders, and beam search. What two rooms need, so no room itself.

Sampling draws from a generator of its own (transformers draws from the global one, which two people would share).
"""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from transformers import (
    LogitsProcessorList,
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from playground.engine.watch import Watch
from playground.tasks.generation.sampling import place_drawn, rank_order

PREFILL = 256
FEW = 256
See = Callable[[torch.Tensor, torch.Tensor, int, float], None]


def sampling_pipeline(temperature: float, top_k: int, top_p: float, repetition_penalty: float, min_p: float = 0.0) -> LogitsProcessorList:
    """transformers' own processors in the order `generate` applies them; those that would change nothing are left out.

    They refuse a whole number where they want a share, and a page sends 2 for 2.0.
    """
    steps = LogitsProcessorList()
    if repetition_penalty != 1.0:
        steps.append(RepetitionPenaltyLogitsProcessor(float(repetition_penalty)))
    if temperature not in (0.0, 1.0):
        steps.append(TemperatureLogitsWarper(float(temperature)))
    if temperature > 0 and top_k > 0:
        steps.append(TopKLogitsWarper(top_k))
    if temperature > 0 and top_p < 1.0:
        steps.append(TopPLogitsWarper(float(top_p)))
    if temperature > 0 and min_p > 0:
        steps.append(MinPLogitsWarper(float(min_p)))
    return steps


def write(
    model: Any, prompt: list[int], most: int, ends: set[int], pipeline: LogitsProcessorList, greedy: bool, seed: int, watch: Watch,
    skip: int = 0, see: See | None = None,
) -> Iterator[int]:  # fmt: skip
    """New token ids one by one, until one of `ends` (given too) or `most`. The prompt is read in chunks so Stop works in it.

    The last `skip` tokens of `prompt` were drawn before: their random numbers are passed over. `see` is told of each step: the raw
    logits (vocabulary,), the probabilities it is drawn from, the token, and the number from 0 to 1 that drew it (nan if greedy).
    """
    device, draws = model.device, uniforms(seed, skip)
    known = torch.tensor([prompt], device=device)
    past: Any = None
    logits = known
    with torch.inference_mode():
        for begin in range(0, len(prompt), PREFILL):
            watch.check()
            out = model(known[:, begin : begin + PREFILL], past_key_values=past, use_cache=True, logits_to_keep=1)
            past, logits = out.past_key_values, out.logits[:, -1]
    for _ in range(most):
        watch.check()
        with torch.inference_mode():
            scores = pipeline(known, logits.float())  # type: ignore[arg-type]
            if greedy:
                token, uniform = int(scores.argmax()), float("nan")
                chances = torch.zeros_like(scores[0]).index_fill_(0, scores.argmax(-1), 1.0) if see else scores[0]
            else:
                chances, uniform = torch.softmax(scores[0], -1), next(draws)
                token = draw(chances, uniform)
            if see:
                see(logits[0].float(), chances, token, uniform)
        yield token
        if token in ends:
            return
        with torch.inference_mode():
            new = torch.tensor([[token]], device=device)
            known = torch.cat([known, new], 1)
            out = model(new, past_key_values=past, use_cache=True, logits_to_keep=1)
            past, logits = out.past_key_values, out.logits[:, -1]


def uniforms(seed: int, skip: int = 0) -> Iterator[float]:
    """The numbers from 0 to 1 that a seed draws with, one a token, after the first `skip`; the same on every device."""
    generator = torch.Generator().manual_seed(seed)
    for _ in range(skip):
        torch.rand((), dtype=torch.float64, generator=generator)
    while True:
        yield float(torch.rand((), dtype=torch.float64, generator=generator))


def draw(chances: torch.Tensor, uniform: float) -> int:
    """The token `uniform` falls on when `chances` (vocabulary,) are laid end to end from the likeliest down, of equals the lower id
    first. The few likeliest are tried alone, since sorting the whole vocabulary takes longer than all the rest of a draw."""
    few = torch.topk(chances, min(FEW, len(chances)))
    values, ids = few.values.double().cpu().numpy(), few.indices.cpu().numpy()
    total = float(chances.sum(dtype=torch.float64))
    inside = values > values[-1] if len(values) < len(chances) else values > 0  # equals at the edge may be cut in any order
    if uniform * total < values[inside].sum():
        order = ids.argsort()
        order = order[rank_order(values[order])]
        ends = values[order].cumsum()
        return int(ids[order][min(int(ends.searchsorted(uniform * total, side="right")), int(inside.sum()) - 1)])
    every = chances.double().cpu().numpy()
    ranked = rank_order(every)
    return int(ranked[place_drawn(every[ranked], uniform)])


def end_tokens(model: Any) -> set[int]:
    """The ids after which the model has said all it wants to."""
    found = model.generation_config.eos_token_id if model.generation_config.eos_token_id is not None else model.config.eos_token_id
    return set(found) if isinstance(found, list) else set() if found is None else {found}


def search(model: Any, inputs: dict[str, torch.Tensor], beams: int, most: int, **more: Any) -> list[tuple[list[int], float]]:
    """`generate` with `beams` beams, no sampling: (new ids, mean log-probability), best first, one for each beam.

    Cancelling works between layers: the attention function checks the watch of this thread.
    """
    with torch.inference_mode():
        made = model.generate(
            **inputs, num_beams=beams, num_return_sequences=beams, do_sample=False, max_new_tokens=most, max_length=None,
            length_penalty=1.0, early_stopping=False, output_scores=True, return_dict_in_generate=True, **_neutral(model), **more,
        )  # fmt: skip
        steps = model.compute_transition_scores(
            made.sequences, made.scores, getattr(made, "beam_indices", None), normalize_logits=beams == 1
        )
    start = 1 if model.config.is_encoder_decoder else inputs["input_ids"].shape[1]
    pad, found = model.generation_config.pad_token_id, []
    for row, scores in zip(made.sequences.tolist(), steps, strict=True):
        new = row[start:]
        length = next((i + 1 for i, token in enumerate(new) if token in end_tokens(model)), len(new))
        length = length if pad is None else min(length, _unpadded(new, pad, end_tokens(model)))
        own = scores[:length]
        found.append((new[:length], float(own[torch.isfinite(own)].sum()) / max(1, length)))
    return sorted(found, key=lambda pair: -pair[1])


def _unpadded(new: list[int], pad: int, ends: set[int]) -> int:
    while len(new) > 1 and new[-1] == pad and pad not in ends:
        new = new[:-1]
    return len(new)


def _neutral(model: Any) -> dict[str, Any]:
    """Settings a checkpoint may carry that only warn or interfere when nothing is sampled."""
    return {"temperature": None, "top_p": None, "top_k": None} if model.generation_config.do_sample is not None else {}
