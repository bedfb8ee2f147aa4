"""The fake's answers for the room of generation. A text of the word “word”, its trace, prompt, beams, cache and lens."""

import numpy as np

from playground.tasks.generation.beams import ROOT, BeamTree, BeamTreeRequest, Finished
from playground.tasks.generation.beams import Candidate as Beamed
from playground.tasks.generation.generation import Generation, GenerationRequest
from playground.tasks.generation.kv_cache import Pace, PaceRequest
from playground.tasks.generation.lens import Lens, LensRequest
from playground.tasks.generation.nexttoken import NextLogits, NextLogitsRequest
from playground.tasks.generation.prompt import PromptReading, PromptReadingRequest
from playground.tasks.generation.tracing import Trace
from playground.tasks.vocabulary import Words
from tests.fake.words import SOURCE, Rules


def _written(request: GenerationRequest, words: int = 3) -> Generation:
    text, done = " ".join(["word"] * (len(request.written) + words)), words == 3
    return Generation(request.model, SOURCE, text, len(request.prompt.split()), words, request.max_new_tokens, 8192, request.seed or 0,
                      0.1 * words, 0.1, done, "end" if done else "", _trace(request, words))  # fmt: skip


def _trace(request: GenerationRequest, count: int) -> Trace | None:
    """Token i has id i and probability 1/2; as many alternatives as asked for, with ever lower logits."""
    if not request.alternatives:
        return None
    ids, many = np.arange(count, dtype=np.int32), request.alternatives
    beside = np.tile(-np.arange(many, dtype=np.float32), (count, 1))
    after = np.full(count, 0.5, np.float32)
    words = Words(tuple(range(count + many)), tuple(f" word{i}" for i in range(count + many)), (False,) * (count + many))
    others = np.arange(many, dtype=np.int32) + ids[:, None]
    return Trace(ids, np.zeros(count, np.float32), np.full(count, np.log(2), np.float32), after, np.full(count, 0.25), ids + 1, others,
                 beside, (np.exp(beside) / 2).astype(np.float32), words)  # fmt: skip


def _next_logits(request: NextLogitsRequest) -> NextLogits:
    logits = -np.arange(100, dtype=np.float32)
    words = Words(tuple(range(100)), tuple(f" word{i}" for i in range(100)), (False,) * 100)
    return NextLogits(request.of.model, SOURCE, logits, np.arange(3, dtype=np.int32), words, 0.25, 3, len(request.of.written))


def _reading(request: PromptReadingRequest) -> PromptReading:
    labels = tuple(request.of.prompt.split()[:64])
    count = len(labels)
    chances = np.array([np.nan, *[-np.log(2)] * (count - 1)], np.float32)
    return PromptReading(request.of.model, SOURCE, request.of.chat, request.of.prompt, np.arange(count, dtype=np.int32), labels,
                         (False,) * count, (True,) * count, chances, labels, np.exp(chances))  # fmt: skip


def _beams(request: BeamTreeRequest) -> BeamTree:
    """Two candidates a beam in one step: the first half ends, the rest is pruned."""
    beams = request.of.beams
    nodes = tuple(
        Beamed(1, ROOT, i, f" word{i}", -0.5 * (i + 1), -0.5 * (i + 1), i + 1, "ended" if i < beams else "pruned") for i in range(2 * beams)
    )
    done = tuple(Finished((i,), f"word{i}", nodes[i].total, nodes[i].total) for i in range(beams))
    return BeamTree(request.of.model, SOURCE, beams, len(request.of.prompt.split()), 1, nodes, done)


def _pace(request: PaceRequest) -> Pace:
    fast, slow = (0.1,) + (0.01,) * (request.tokens - 1), tuple(0.1 + 0.01 * i for i in range(request.tokens))
    return Pace(request.model, SOURCE, "word", len(request.prompt.split()), fast, slow, 100, "float32", True, True)


def _lens(request: LensRequest) -> Lens:
    words = tuple(request.prompt.split())
    shares = np.tile(np.linspace(0.5, 0.1, request.most, dtype=np.float32), (3, 1))
    texts = tuple(tuple(f"{row}{i}" for i in range(request.most)) for row in "abb")
    position = request.position % len(words)
    return Lens(request.model, SOURCE, words, (False,) * len(words), position, texts, shares, np.array([9, 1, 1], np.int32))


RULES: Rules = {
    GenerationRequest: _written,
    NextLogitsRequest: _next_logits,
    PromptReadingRequest: _reading,
    BeamTreeRequest: _beams,
    PaceRequest: _pace,
    LensRequest: _lens,
}
# What is said of a text before it is whole.
BEGUN: Rules = {GenerationRequest: lambda request: _written(request, 1)}
