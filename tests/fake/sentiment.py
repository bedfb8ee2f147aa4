"""The fake's answers for the room of sentiment. Positive where a text says good or love."""

import numpy as np

from playground.tasks.sentiment.attribution import Attribution, AttributionRequest
from playground.tasks.sentiment.sentiment import Sentiment, SentimentRequest
from playground.tasks.words import words_of
from tests.fake.words import SOURCE, Rules


def _sentiment(request: SentimentRequest) -> Sentiment:
    good = 0.9 if "good" in request.text.lower() or "love" in request.text.lower() else 0.2
    return Sentiment(request.model, SOURCE, request.text, ("negative", "positive"), (0.0, 1.0), (1 - good, good), len(request.text.split()))


def _attribution(request: AttributionRequest) -> Attribution:
    """Words are units, and every letter of one is worth 0.1, above 0 in every other word; integrated gradients leave no gap."""
    made, spans = _sentiment(request.of), np.array(words_of(request.of.text), np.int32)
    starts, ends = spans.T.copy()
    scores = 0.1 * (ends - starts).astype(np.float64) * (-1.0) ** np.arange(len(spans)) * (1 if request.method == "occlusion" else 2)
    for array in (starts, ends, scores):
        array.setflags(write=False)
    return Attribution(
        made.model, SOURCE, made.text, request.method, request.unit, "[MASK]", request.label or made.verdict, made.labels, made.logits,
        made.probabilities, starts, ends, scores, 1.0, 1.0 - float(scores.sum()), 0,
    )  # fmt: skip


RULES: Rules = {
    SentimentRequest: _sentiment,
    AttributionRequest: _attribution,
}
