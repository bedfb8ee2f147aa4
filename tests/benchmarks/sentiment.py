"""A thousand lines in batches against one at a time, and what an explanation costs over the plain answer. On the CPU, cache off."""

import random

import numpy as np

from playground.catalog import DEFAULTS
from playground.tasks.request import Batch
from playground.tasks.sentiment.attribution import METHODS, AttributionRequest
from playground.tasks.sentiment.sentiment import SentimentRequest
from tests.benchmarks import bare
from tests.benchmarks.harness import Measured, paired, seconds
from tests.benchmarks.overhead import service
from tests.benchmarks.texts import SENTENCES

MODEL = DEFAULTS["sentiment"]
TOLERANCE = 1e-4


def lines(count: int) -> list[str]:
    """Different lines of one to three sentences, 21 tokens on average; SST-2's sentences have 25."""
    luck = random.Random(0)
    return [" ".join(luck.sample(SENTENCES, luck.randint(1, 3))) for _ in range(count)]


def batch_speedup(count: int) -> Measured:
    """Seconds for all lines: ours in one batch through the service, the reference by bare transformers, one line at a time."""
    texts, classify = lines(count), bare.Sentiment()
    batch = Batch(tuple(SentimentRequest(text, MODEL) for text in texts))
    together, alone = service().run(batch), [classify(text) for text in texts]
    assert max(np.abs(np.subtract(a.logits, b["logits"])).max() for a, b in zip(together, alone, strict=True)) < TOLERANCE
    return paired(lambda: seconds(lambda: service().run(batch)), lambda: seconds(lambda: [classify(text) for text in texts]), 5, "s")


def explained(text: str) -> None:
    """What the page asks for: occlusion by word and by token, integrated gradients in 32 steps."""
    of = SentimentRequest(text, MODEL)
    for method, unit in ((METHODS[0], "word"), (METHODS[0], "token"), (METHODS[1], "token")):
        service().run(AttributionRequest(of, method, unit))


def explanation_cost() -> Measured:
    """Seconds for eight sentences: ours explained, the reference only classified."""
    texts = SENTENCES[:8]

    def plain() -> None:
        for text in texts:
            service().run(SentimentRequest(text, MODEL))

    explained(texts[0])
    plain()
    return paired(lambda: seconds(lambda: [explained(text) for text in texts]), lambda: seconds(plain), 9, "s")
