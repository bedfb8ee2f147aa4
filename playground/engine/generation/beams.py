"""Beam search step by step, keeping what it looked at. It searches as transformers' `generate` does (`_beam_search`, with length
penalty 1 and no early stopping), which tests/engine/test_beams.py holds; `generate` itself does not tell what it pruned.
"""

from dataclasses import dataclass, field
from typing import Any

import torch
from transformers import LogitsProcessorList

from playground.engine.decoding import PREFILL, end_tokens, sampling_pipeline
from playground.engine.generation.generation import check_search, known_ids
from playground.engine.models import Loaded
from playground.engine.token_text import Pieces
from playground.engine.watch import Watch
from playground.tasks.generation.beams import ROOT, BeamTree, BeamTreeRequest, Candidate, Fate, Finished


def grow_beams(loaded: Loaded, requests: list[BeamTreeRequest], watch: Watch) -> list[BeamTree]:
    """One answer a request, in order; a partial answer after each step."""
    return [_Search(loaded, request, watch).run() for request in requests]


@dataclass
class _Search:
    loaded: Loaded
    request: BeamTreeRequest
    watch: Watch
    nodes: list[Candidate] = field(default_factory=list)
    live: list[int] = field(default_factory=lambda: [ROOT])
    totals: list[float] = field(default_factory=lambda: [0.0])
    finished: list[tuple[float, int]] = field(default_factory=list)
    steps: int = 0

    def __post_init__(self) -> None:
        self.prompt, self.written = known_ids(self.loaded, self.request.of)
        self.known = self.prompt + self.written
        self.ends = end_tokens(self.loaded.model)
        self.beams = self.request.of.beams
        self.most = min(self.request.of.max_new_tokens, self.loaded.window - len(self.known))
        check_search(len(self.known), self.most, self.beams)
        self.pieces = Pieces(self.loaded.codec, self.loaded.card.scheme)
        self.pipeline: LogitsProcessorList = sampling_pipeline(0.0, 0, 1.0, self.request.of.repetition_penalty)

    def run(self) -> BeamTree:
        past, logits = self._prefill()
        while True:
            self.watch.check()
            froms = self._step(logits)
            if not self._may_improve():
                return self._answer(whole=True)
            self.watch.report(self._answer(whole=False))
            with torch.inference_mode():
                past.reorder_cache(torch.tensor(froms, device=self.loaded.device))
                new = torch.tensor([[self.nodes[node].id] for node in self.live], device=self.loaded.device)
                out = self.loaded.writer(new, past_key_values=past, use_cache=True, logits_to_keep=1)
            past, logits = out.past_key_values, out.logits[:, -1]

    def _prefill(self) -> tuple[Any, torch.Tensor]:
        ids, past, out = torch.tensor([self.known], device=self.loaded.device), None, None
        for begin in range(0, len(self.known), PREFILL):
            self.watch.check()
            with torch.inference_mode():
                out = self.loaded.writer(ids[:, begin : begin + PREFILL], past_key_values=past, use_cache=True, logits_to_keep=1)
            past = out.past_key_values
        assert out is not None, "known_ids gives at least one"
        return past, out.logits[:, -1]

    def _step(self, logits: torch.Tensor) -> list[int]:
        """Candidates of one step into the tree; the rows of the beams that live on."""
        with torch.inference_mode():
            rows = torch.tensor([self.known + self.ids_to(node) for node in self.live], device=logits.device)
            own = self.pipeline(rows, torch.log_softmax(logits.float(), -1))  # type: ignore[arg-type]
            sums = own + torch.tensor(self.totals, dtype=torch.float32, device=logits.device)[:, None]
            best = torch.topk(sums.reshape(-1), max(2, 1 + len(self.ends)) * self.beams)
        self.steps += 1
        last, live, totals, froms = self.steps == self.most, list[int](), list[float](), list[int]()
        for rank, (total, flat) in enumerate(zip(best.values.tolist(), best.indices.tolist(), strict=True), 1):
            row, token = divmod(flat, sums.shape[1])
            ends = token in self.ends or last
            fate: Fate = "ended" if ends and rank <= self.beams else "kept" if not ends and len(live) < self.beams else "pruned"
            node = Candidate(self.steps, self.live[row], token, self.pieces.label(token), float(own[row, token]), total, rank, fate)
            self.nodes.append(node)
            if fate == "ended":
                self.finished.append((total / self.steps, len(self.nodes) - 1))
            if fate == "kept":
                live.append(len(self.nodes) - 1)
                totals.append(total)
                froms.append(row)
        self.finished = sorted(self.finished, key=lambda pair: -pair[0])[: self.beams]
        self.live, self.totals = live, totals
        return froms

    def _may_improve(self) -> bool:
        """Whether the best live beam, were it to end now, could still beat the worst finished one (early_stopping=False)."""
        if not self.live:
            return False
        return len(self.finished) < self.beams or self.totals[0] / self.steps > self.finished[-1][0]

    def path_to(self, node: int) -> list[int]:
        path: list[int] = []
        while node != ROOT:
            path.append(node)
            node = self.nodes[node].parent
        return path[::-1]

    def ids_to(self, node: int) -> list[int]:
        return [self.nodes[place].id for place in self.path_to(node)]

    def _finished(self, score: float, node: int) -> Finished:
        text, held = self.pieces.whole(self.written + self.ids_to(node))
        return Finished(tuple(self.path_to(node)), text, self.nodes[node].total, score, held)

    def _answer(self, whole: bool) -> BeamTree:
        done = tuple(self._finished(score, node) for score, node in self.finished) if whole else ()
        return BeamTree(self.loaded.card.slug, self.loaded.source, self.beams, len(self.prompt), self.steps, tuple(self.nodes), done)
