"""The tokens lab: a megabyte through our service against the bare library, and the steps of a text against its plain encoding."""

import tokenizers

from playground.catalog import DEFAULTS, find_model
from playground.engine.codec import open_codec
from playground.service.local import LocalService
from playground.tasks.tokens.budget import BudgetRequest
from playground.tasks.tokens.limits import LIMITS
from playground.tasks.tokens.segmentation import CuttingRequest
from tests.benchmarks.harness import Measured, paired, seconds
from tests.benchmarks.overhead import SETTINGS, smollm
from tests.benchmarks.texts import long_text

MEGABYTE, RUNS = 1_000_000, 11


def throughput_vs_bare() -> Measured:
    """Seconds to count a megabyte of prose: BudgetRequest through the service, against one `encode` of the tokenizers library."""
    text, service = long_text(MEGABYTE), LocalService(SETTINGS)
    bare = tokenizers.Tokenizer.from_file(str(smollm() / "tokenizer.json"))
    request = BudgetRequest(text, DEFAULTS["tokens"])
    assert service.run(request).tokens == len(bare.encode(text).ids)
    return paired(lambda: seconds(lambda: service.run(request)), lambda: seconds(lambda: len(bare.encode(text).ids)), RUNS, "s")


def steps_vs_encode() -> Measured:
    """Seconds for the longest text with steps, all of them worked out in Python, against the library's plain `encode` of it."""
    text, service = long_text(LIMITS.cutting_characters), LocalService(SETTINGS)
    codec = open_codec(smollm())
    request = CuttingRequest(text, find_model(DEFAULTS["tokens"]).slug)
    assert service.run(request).agrees

    def encode() -> None:
        for _ in range(20):
            codec.encode(text)

    return paired(lambda: seconds(lambda: service.run(request)), lambda: seconds(encode) / 20, 31, "s")
