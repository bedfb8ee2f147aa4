"""The program behind the sentiment tab: each label's share for a text or for many. Knows no panel."""

import json
from collections.abc import Sequence
from typing import Any

from playground.catalog import find_model
from playground.tasks.request import Batch
from playground.tasks.sentiment.sentiment import UNREADABLE, SentimentRequest
from playground.tasks.sentiment.signs import named
from playground.views.places import Programs, Ran, assembled, beside, labelled, loading, place_of


def sentiment_program(request: SentimentRequest | Batch[Any], ran: Ran) -> str:
    some: Sequence[SentimentRequest] = request.requests if isinstance(request, Batch) else (request,)  # type: ignore[assignment]
    card = find_model(some[0].model, "sentiment")
    place = place_of(card, ran.source, ran.hub)
    own = beside(card).get("labels", [])
    read = [named(one.text) if UNREADABLE in own else one.text for one in some]
    changed = "# Emoji stand here by their names, as this model reads them.\n" if read != [one.text for one in some] else ""
    texts = "".join(f"    {text!r},\n" for text in read)
    labels = json.dumps(own) if place.adapter else "[model.config.id2label[i].lower() for i in range(model.config.num_labels)]"
    body = f"""
{loading(place, "AutoModelForSequenceClassification", labelled(card))}
labels = {labels}
inputs = tokenizer(TEXTS, padding=True, return_tensors="pt")
with torch.inference_mode():
    shares = model(**inputs).logits.softmax(-1)
for row in shares.tolist():
    print(" ".join(f"{{label}} {{share:.4f}}" for label, share in zip(labels, row)))
"""
    imports = ["import torch", "from transformers import AutoModelForSequenceClassification, AutoTokenizer"]
    return assembled("How probable each label of a text is.", imports, place, [f"{changed}TEXTS = [\n{texts}]"], body)


PROGRAMS: Programs = {SentimentRequest: sentiment_program}
