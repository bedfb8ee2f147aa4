"""A request -> the shortest program that does the same with plain transformers, with the reader's own words in it.

Joins what the rooms list in `<room>/programs.py`. Words are quoted with `repr`, so no text can leave its string. Knows no panel.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from playground.catalog import ROOMS
from playground.errors import BadInput
from playground.tasks.request import Batch, Request
from playground.views.places import Programs, Ran

PROGRAMS: Programs = {}
for _programs in (f"playground.views.{room}.programs" for room in ROOMS):
    if find_spec(_programs):  # not every room writes programs
        PROGRAMS |= import_module(_programs).PROGRAMS


def program(request: Request[Any], source: str = "", hub: bool = False, precision: str = "") -> str:
    """A whole Python program for `request`. `precision` is what the status says the page writes in, "" where that is not known.

    Raises BadInput for a kind that has none, UnknownModel for a model that is not there.
    """
    first = request.requests[0] if isinstance(request, Batch) and request.requests else request
    writer = PROGRAMS.get(type(first))
    if writer is None:
        raise BadInput("There is no program for this.")
    return writer(request, Ran(source, hub, precision))
