"""Sentence vectors by mean pooling over an encoder's last layer, as the model card of all-MiniLM-L6-v2 says."""

import numpy as np

from playground.engine.embeddings.embeddings import frozen
from playground.engine.models import Loaded
from playground.engine.stack import put_through, read_passage, stack_of
from playground.engine.watch import Watch
from playground.tasks.embeddings.embeddings import cosine_matrix
from playground.tasks.embeddings.similarity import Similarity, SimilarityRequest
from playground.tasks.request import Progress

MOST_TOKENS = 256  # all-MiniLM-L6-v2 was trained to read 256 word pieces (its model card)


def compare(loaded: Loaded, requests: list[SimilarityRequest], watch: Watch) -> list[Similarity]:
    """One answer a request, in order."""
    return [_compare(loaded, request, watch) for request in requests]


def _compare(loaded: Loaded, request: SimilarityRequest, watch: Watch) -> Similarity:
    stack, vectors, sizes, cut = stack_of(loaded, ""), [], [], 0
    for i, text in enumerate(request.texts):
        watch.report(Progress("running", "Reading the sentences", i, len(request.texts)))
        passage = read_passage(loaded, stack, text, MOST_TOKENS)
        tape = put_through(loaded, stack, passage, {})
        last = tape.outputs["final" if stack.final is not None else f"block {len(stack.blocks) - 1}"]
        vectors.append(last.mean(axis=0))
        sizes.append(len(passage.labels))
        cut += passage.cut
    made = frozen(cosine_matrix(np.stack(vectors)))
    return Similarity(loaded.card.slug, loaded.source, request.texts, tuple(sizes), made, cut)
