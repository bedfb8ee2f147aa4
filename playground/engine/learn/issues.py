"""Provokes well-known failures with a real model, catches what the library says, and runs the fix beside it."""

from collections.abc import Callable

import torch

from playground.engine.device import choose_device
from playground.engine.forward import body_of
from playground.engine.models import Loaded
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.learn.issues import Issue, IssueRequest

LONG = 90


def provoke(loaded: Loaded, requests: list[IssueRequest], watch: Watch) -> list[Issue]:
    """One answer a request, in order. Raises BadInput for a model that is no encoder."""
    if loaded.face.stacks != ("encoder",):
        raise BadInput(f"{loaded.card.name} is no encoder. Choose minilm-l6.")
    return [_provoke(loaded, request, watch) for request in requests]


def _provoke(loaded: Loaded, request: IssueRequest, watch: Watch) -> Issue:
    watch.check()
    found = {"tokens": _tokens, "window": _window, "cuda": _cuda}[request.kind](loaded, request)
    return Issue(request.kind, loaded.card.slug, loaded.source, *found)


def caught(act: Callable[[], object]) -> tuple[str, str]:
    """(type, first line) of what `act` raises, ("", "") if it raises nothing."""
    try:
        act()
    except Exception as error:  # whatever the library raises is the answer
        lines = str(error).strip().splitlines()
        return type(error).__name__, lines[0][:300] if lines else ""
    return "", ""


def _tokens(loaded: Loaded, request: IssueRequest) -> tuple[str, str, str, str]:
    """The look-up in the embedding table, on the CPU: on a GPU an index out of range would end the whole process's CUDA."""
    table = body_of(loaded).get_input_embeddings().weight.cpu()  # type: ignore[operator]
    error, message = caught(lambda: torch.nn.functional.embedding(torch.tensor([request.ids]), table))
    inside = [one for one in request.ids if one < len(table)]
    own = loaded.codec.ids(request.text)
    return error, message, loaded.codec.decode(inside), _read(loaded, own)


def _window(loaded: Loaded, request: IssueRequest) -> tuple[str, str, str, str]:
    """Size checks raise before any kernel runs, so this is safe on a GPU as well."""
    part = loaded.codec.ids(request.text, special=False) or [0]
    ids = (part * ((loaded.window + LONG) // len(part) + 1))[: loaded.window + LONG]
    error, message = caught(lambda: _forward(loaded, ids))
    return error, message, f"{len(ids)} tokens", f"cut to {loaded.window}: {_read(loaded, ids[: loaded.window])}; {LONG} were left out"


def _cuda(loaded: Loaded, request: IssueRequest) -> tuple[str, str, str, str]:
    error, message = caught(lambda: torch.zeros(1).to("cuda"))
    chosen = choose_device("auto").type
    said = _read(loaded, loaded.codec.ids(request.text))
    return error, message, f"torch {torch.__version__}", f"chosen by asking first: {chosen}; on {loaded.device.type}, {said}"


def _forward(loaded: Loaded, ids: list[int]) -> torch.Tensor:
    given = torch.tensor([ids], device=loaded.device)
    with torch.inference_mode():
        return torch.as_tensor(body_of(loaded)(input_ids=given, attention_mask=torch.ones_like(given)).last_hidden_state)


def _read(loaded: Loaded, ids: list[int]) -> str:
    made = _forward(loaded, ids)
    return f"{made.shape[1]} tokens read, one vector of {made.shape[2]} numbers for each"
