"""A request -> the shortest program that does the same with plain transformers, with the reader's own words in it.

Joins what the rooms list in `<room>/programs.py`. Words are quoted with `repr`, so no text can leave its string. Knows no panel.
"""

from typing import Any

from playground.errors import BadInput
from playground.tasks.request import Batch, Request
from playground.views.answering import programs as answering
from playground.views.attention import programs as attention
from playground.views.embeddings import programs as embeddings
from playground.views.generation import programs as generation
from playground.views.places import Programs, Ran
from playground.views.sentiment import programs as sentiment
from playground.views.tokens import programs as tokens
from playground.views.translation import programs as translation

PROGRAMS: Programs = {
    kind: program
    for room in (tokens, attention, embeddings, generation, sentiment, answering, translation)
    for kind, program in room.PROGRAMS.items()
}


def program(request: Request[Any], source: str = "", hub: bool = False, precision: str = "") -> str:
    """A whole Python program for `request`. `precision` is what the status says the page writes in, "" where that is not known.

    Raises BadInput for a kind that has none, UnknownModel for a model that is not there.
    """
    first = request.requests[0] if isinstance(request, Batch) and request.requests else request
    writer = PROGRAMS.get(type(first))
    if writer is None:
        raise BadInput("There is no program for this.")
    return writer(request, Ran(source, hub, precision))
