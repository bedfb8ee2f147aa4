"""Sentiment: one forward over a padded batch, probabilities from the logits."""

import numpy as np
import torch

from playground.engine.batches import pad_id, padded
from playground.engine.models import Loaded
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.sentiment import Sentiment, SentimentRequest, softmax


def classify(loaded: Loaded, requests: list[SentimentRequest], watch: Watch) -> list[Sentiment]:
    """One answer a request, in order. Raises BadInput with the numbers where a text is over the model's window."""
    rows = [loaded.codec.ids(request.text) for request in requests]
    for row in rows:
        if len(row) > loaded.window:
            raise BadInput(
                f"The text is {len(row):,} tokens long; {loaded.card.name} reads {loaded.window:,}. Shorten it or send it in parts."
            )
    ids, mask = padded(rows, pad_id(loaded.model), loaded.device)
    with torch.inference_mode():
        logits = loaded.model(input_ids=ids, attention_mask=mask).logits.double().cpu().numpy()
    names = loaded.model.config.id2label
    labels = tuple(str(names[i]).lower() for i in range(logits.shape[1]))
    return [
        Sentiment(loaded.card.slug, loaded.source, r.text, labels, tuple(row.tolist()), tuple(p.tolist()), len(ids_))
        for r, row, p, ids_ in zip(requests, logits, softmax(np.asarray(logits)), rows, strict=True)
    ]
