"""What every service does with a request before anything else: check it against the stated limits and the catalog."""

from typing import Any

from playground.catalog import ModelCard, find_model
from playground.errors import BadInput
from playground.tasks.learn.hosted import HostedRequest
from playground.tasks.request import Batch, Request
from playground.tasks.status import StatusRequest


def check_request(request: Request[Any]) -> None:
    """All that can be checked without a model: stated limits and the model's name. Raises BadInput or UnknownModel."""
    if isinstance(request, Batch):
        for one in request.requests:
            check_request(one)
        _check_alike(request)
        return
    request.check()
    if not isinstance(request, StatusRequest | HostedRequest):
        card_of(request)


def card_of(request: Request[Any]) -> ModelCard:
    """The model that serves `request`. Raises UnknownModel listing those that can."""
    request = getattr(request, "of", request)  # what is told of a run is served by the run's model
    name = getattr(request, "tokenizer" if request.tokenizer_only else "model", None)
    return find_model(name, request.room)


def _check_alike(batch: Batch[Any]) -> None:
    alone = (Batch, StatusRequest, HostedRequest)
    if len({type(one) for one in batch.requests}) > 1 or any(isinstance(one, alone) for one in batch.requests):
        raise BadInput("A batch holds requests of one kind. Send a batch for each kind.")
    if len(models := {card_of(one).slug for one in batch.requests}) > 1:
        raise BadInput(f"A batch is for one model, not {len(models)} ({', '.join(sorted(models))}). Send a batch for each.")
