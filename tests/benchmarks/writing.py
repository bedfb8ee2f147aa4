"""How fast the page's own writing is beside a bare `model.generate` in float32: the same prompt, the same number of tokens, greedily.

Counted in seconds a token after the first, so the ratio is the bare model's tokens a second over ours: 0.83 is 1.2 times as fast.
"""

import tomllib
from dataclasses import replace

import torch

from playground.catalog import DEFAULTS, find_model
from playground.engine.models import Loaded, load_model
from playground.service.start import open_service
from playground.tasks.generation.generation import GenerationRequest
from tests.benchmarks import bare
from tests.benchmarks.harness import ROOT, Measured, paired
from tests.benchmarks.overhead import SETTINGS, smollm
from tests.benchmarks.texts import PROMPT

NEW_TOKENS, PAIRS, AGREED, TOKENS, PIECE = 64, 5, 0.98, 2048, 256
REQUEST = GenerationRequest(
    PROMPT, DEFAULTS["generation"], chat=False, temperature=0.0, repetition_penalty=1.0, max_new_tokens=NEW_TOKENS, seed=0
)


def seconds_a_token(fast: bool) -> Measured:
    """`fast`: as the page writes, which must choose as float32 does; else in float32, which must write the very same text."""
    service, write = open_service(replace(SETTINGS, fast=fast)), bare.Generation(smollm())
    if fast:
        share = agreement()
        print(f"  the same first choice as float32 on {100 * share:.2f} % of {TOKENS} teacher-forced tokens", flush=True)
        assert share >= AGREED
    else:
        assert service.run(REQUEST).text == write(PROMPT, NEW_TOKENS)["text"]

    def ours() -> float:
        made = service.run(REQUEST)
        return (made.seconds - made.first_token_seconds) / (made.new_tokens - 1)

    def reference() -> float:
        made = write(PROMPT, NEW_TOKENS)
        return float(made["seconds"] - made["first_token_seconds"]) / (int(made["new_tokens"]) - 1)

    return paired(ours, reference, PAIRS, "s a token")


def agreement() -> float:
    """The share of TOKENS tokens of this project's lessons after which the writer and the float32 model have the same first choice."""
    loaded = load_model(find_model(DEFAULTS["generation"]), SETTINGS, lambda *_: None)
    same = sum(int((_choices(loaded, loaded.writer, ids) == _choices(loaded, loaded.model, ids)).sum()) for ids in _pieces(loaded))
    return same / TOKENS


def _pieces(loaded: Loaded) -> list[list[int]]:
    written = tomllib.loads((ROOT / "playground" / "lessons" / "chapters.toml").read_text("utf-8"))
    texts = [step["text"] for chapter in written["chapter"] for step in chapter["step"]]
    ids = [i for text in texts for i in loaded.codec.ids(text, special=False)]
    return [ids[first : first + PIECE] for first in range(0, TOKENS, PIECE)]


def _choices(loaded: Loaded, model: torch.nn.Module, ids: list[int]) -> torch.Tensor:
    with torch.inference_mode():
        return torch.as_tensor(model(torch.tensor([ids], device=loaded.device), use_cache=False).logits[0].argmax(-1))
