"""The fake's answers for the room of learn. Random heads, and a hosted model that says what it was asked."""

import numpy as np

from playground.tasks.attention.dot_product import frozen
from playground.tasks.learn.fresh_head import FreshHead, FreshHeadRequest
from playground.tasks.learn.hosted import Hosted, HostedRequest
from playground.tasks.learn.issues import Issue, IssueRequest
from tests.fake.words import SOURCE, Rules


def _fresh_head(request: FreshHeadRequest) -> FreshHead:
    logits = np.stack([np.random.default_rng(s).standard_normal((len(request.texts), 2), np.float32) for s in request.seeds])
    return FreshHead(request.model, SOURCE, request.texts, request.seeds, frozen(logits))


RULES: Rules = {
    FreshHeadRequest: _fresh_head,
    IssueRequest: lambda r: Issue(r.kind, r.model, SOURCE, "IndexError", "index out of range", "other words", "6 tokens read"),
    HostedRequest: lambda r: Hosted("fake-hosted", f"Far away: {r.prompt}", 3, 0.3, 0.1, True, "stop"),
}
