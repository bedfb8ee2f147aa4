"""Generation: prompt to token ids, the sampling loop or beam search, cumulative answers while it goes on."""

import time
from dataclasses import dataclass, field

import torch
from transformers import LogitsProcessorList

from playground.engine.decoding import end_tokens, sampling_pipeline, search, write
from playground.engine.models import Loaded
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.generation import Generation, GenerationRequest

REPORT_SECONDS = 0.05


def generate(loaded: Loaded, requests: list[GenerationRequest], watch: Watch) -> list[Generation]:
    """One answer a request, in order; partial answers are reported on the way, at most twenty a second."""
    return [_generate(loaded, request, watch) for request in requests]


def prompt_ids(loaded: Loaded, request: GenerationRequest) -> list[int]:
    """The prompt as the model reads it. Raises BadInput with the numbers where it leaves no room in the window."""
    rendered = loaded.codec.chat(request.prompt) if request.chat else None
    ids = loaded.codec.ids(request.prompt) if rendered is None else loaded.codec.ids(rendered, special=False)
    if not ids:
        raise BadInput("The prompt holds nothing this model's tokenizer can read. Use letters, digits or punctuation.")
    if len(ids) >= loaded.window:
        raise BadInput(
            f"The prompt is {len(ids):,} tokens long; {loaded.card.name}'s context window is {loaded.window:,} tokens, prompt and "
            f"answer together. Shorten it by at least {len(ids) - loaded.window + 1:,} tokens."
        )
    return ids


@dataclass
class _Run:
    loaded: Loaded
    request: GenerationRequest
    prompt: list[int]
    began: float = field(default_factory=time.monotonic)
    first: float = 0.0
    new: list[int] = field(default_factory=list)

    @property
    def allowed(self) -> int:
        return min(self.request.max_new_tokens, self.loaded.window - len(self.prompt))

    def answer(self, finished: bool, stopped: str = "") -> Generation:
        text = self.loaded.codec.decode(self.new)
        return Generation(
            self.loaded.card.slug, self.loaded.source, text if finished else text.rstrip("\ufffd"), len(self.prompt), len(self.new),
            self.allowed, self.loaded.window, self.request.seed or 0, time.monotonic() - self.began, self.first, finished, stopped,
        )  # fmt: skip


def _generate(loaded: Loaded, request: GenerationRequest, watch: Watch) -> Generation:
    run = _Run(loaded, request, prompt_ids(loaded, request))
    return _by_beams(run) if request.beams > 1 else _by_steps(run, watch)


def _by_steps(run: _Run, watch: Watch) -> Generation:
    request, ends, told = run.request, end_tokens(run.loaded.model), 0.0
    pipeline = sampling_pipeline(request.temperature, request.top_k, request.top_p, request.repetition_penalty)
    greedy = request.temperature == 0
    for token in write(run.loaded.model, run.prompt, run.allowed, ends, pipeline, greedy, request.seed or 0, watch):
        run.new.append(token)
        now = time.monotonic()
        run.first = run.first or now - run.began
        if now - told >= REPORT_SECONDS:
            watch.report(run.answer(finished=False))
            told = now
    return run.answer(True, "end" if run.new and run.new[-1] in ends else "length")


def _by_beams(run: _Run) -> Generation:
    request, model = run.request, run.loaded.model
    ids = torch.tensor([run.prompt], device=run.loaded.device)
    processors = LogitsProcessorList(sampling_pipeline(0.0, 0, 1.0, request.repetition_penalty))
    inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    found = search(model, inputs, request.beams, run.allowed, logits_processor=processors)
    run.new = found[0][0]
    run.first = time.monotonic() - run.began
    return run.answer(True, "end" if run.new and run.new[-1] in end_tokens(model) else "length")
