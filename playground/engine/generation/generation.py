"""Generation: prompt to token ids, the sampling loop or beam search, cumulative answers while it goes on."""

import time
from dataclasses import dataclass, field

import torch
from transformers import LogitsProcessorList

from playground.engine.decoding import PREFILL, end_tokens, sampling_pipeline, search, write
from playground.engine.models import Loaded
from playground.engine.token_text import Pieces
from playground.engine.tracing import Tracer, forced_logits
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.generation.generation import Generation, GenerationRequest
from playground.tasks.generation.limits import LIMITS
from playground.tasks.generation.sampling import Knobs
from playground.tasks.request import Progress

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


def known_ids(loaded: Loaded, request: GenerationRequest) -> tuple[list[int], list[int]]:
    """(prompt, written). Raises BadInput where a written id is none of the model's, or the window is full."""
    prompt, written = prompt_ids(loaded, request), list(request.written)
    size = loaded.model.config.vocab_size
    if written and max(written) >= size:
        raise BadInput(f"Token id {max(written):,} is not in the vocabulary of {loaded.card.name}, which has ids 0 to {size - 1:,}.")
    if len(prompt) + len(written) >= loaded.window:
        raise BadInput(
            f"Prompt and text are {len(prompt) + len(written):,} tokens long, all that {loaded.card.name}'s context window of "
            f"{loaded.window:,} tokens holds. Go on from an earlier token, or begin anew."
        )
    return prompt, written


def check_search(known: int, allowed: int, beams: int) -> None:
    """Raises BadInput where a search would keep keys and values of too many tokens: each beam has its own, of all it has read."""
    if beams * (known + allowed) > LIMITS.searched_tokens:
        raise BadInput(
            f"{beams} beams of {known:,} tokens to read and {allowed:,} to write are {beams * (known + allowed):,} tokens; the limit of "
            f"a search is {LIMITS.searched_tokens:,}. Take fewer beams, a shorter prompt or fewer new tokens."
        )


def pipeline_of(knobs: Knobs) -> LogitsProcessorList:
    return sampling_pipeline(knobs.temperature, knobs.top_k, knobs.top_p, knobs.repetition_penalty, knobs.min_p)


@dataclass
class _Run:
    loaded: Loaded
    request: GenerationRequest
    prompt: list[int]
    written: list[int]
    began: float = field(default_factory=time.monotonic)
    first: float = 0.0
    searched: float = 0.0
    new: list[int] = field(default_factory=list)
    tracer: Tracer | None = None

    def __post_init__(self) -> None:
        self.pieces = Pieces(self.loaded.codec, self.loaded.card.scheme)
        if self.request.alternatives:
            self.tracer = Tracer(self.pieces, self.allowed, min(self.request.alternatives, self.loaded.model.config.vocab_size))

    @property
    def known(self) -> list[int]:
        return self.prompt + self.written

    @property
    def allowed(self) -> int:
        return min(self.request.max_new_tokens, self.loaded.window - len(self.known))

    def answer(self, finished: bool, stopped: str = "") -> Generation:
        text, held = self.pieces.whole(self.written + self.new)
        return Generation(
            self.loaded.card.slug, self.loaded.source, text, len(self.prompt), len(self.new), self.allowed, self.loaded.window,
            self.request.seed or 0, self.searched or time.monotonic() - self.began, self.first, finished, stopped,
            self.tracer.trace(whole=finished) if self.tracer else None, self.loaded.precision, len(self.written), held, self.request.draws,
        )  # fmt: skip


def _generate(loaded: Loaded, request: GenerationRequest, watch: Watch) -> Generation:
    run = _Run(loaded, request, *known_ids(loaded, request))
    if run.written and run.written[-1] in end_tokens(loaded.model):
        return run.answer(True, "end")
    return _by_beams(run, watch) if request.beams > 1 else _by_steps(run, watch)


def _by_steps(run: _Run, watch: Watch) -> Generation:
    request, ends, told = run.request, end_tokens(run.loaded.model), 0.0
    see = run.tracer.see if run.tracer else None
    steps = write(run.loaded.writer, run.known, run.allowed, ends, pipeline_of(request.knobs), request.temperature == 0,
                  request.seed or 0, watch, len(run.written), see)  # fmt: skip
    for token in steps:
        run.new.append(token)
        now = time.monotonic()
        run.first = run.first or now - run.began
        if now - told >= REPORT_SECONDS:
            watch.report(run.answer(finished=False))
            told = now
    return run.answer(True, "end" if run.new and run.new[-1] in ends else "length")


def _by_beams(run: _Run, watch: Watch) -> Generation:
    request, model, start = run.request, run.loaded.writer, len(run.known)
    check_search(start, run.allowed, request.beams)
    ids = torch.tensor([run.known], device=run.loaded.device)
    processors = LogitsProcessorList(sampling_pipeline(0.0, 0, 1.0, request.repetition_penalty))

    def step(seen: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """Changes nothing: tells how far it is, and hears a Stop."""
        watch.check()
        written = seen.shape[1] - start
        watch.report(
            Progress("searching", f"Searching with {request.beams} beams: {written} of at most {run.allowed} tokens", written, run.allowed)
        )
        return scores

    inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    told = LogitsProcessorList([*processors, step])  # any callable of ids and scores will do
    found = search(model, inputs, request.beams, run.allowed, logits_processor=told, prefill_chunk_size=PREFILL)
    run.new = found[0][0]
    run.searched = time.monotonic() - run.began
    if run.tracer:
        _see_again(run, run.tracer, processors, watch)
    return run.answer(True, "end" if run.new and run.new[-1] in end_tokens(model) else "length")


def _see_again(run: _Run, tracer: Tracer, processors: LogitsProcessorList, watch: Watch) -> None:
    """The found text read once more in one go: a search has no single way that could be watched. As in the search, the penalty acts on
    log-probabilities; what it leaves is made a sum of 1 again."""
    ids, first = run.known + run.new[:-1], len(run.known) - 1
    for place, rows in forced_logits(run.loaded.writer, ids, first, watch):
        for i, logits in enumerate(rows, place):
            known = torch.tensor([ids[: i + 1]], device=logits.device)
            scores = processors(known, torch.log_softmax(logits[None], -1))  # type: ignore[arg-type]
            tracer.see(logits, torch.softmax(scores[0], -1), run.new[i - first], float("nan"))
