"""What a panel is: one tab of the page. Knows no room; `panels/__init__.py` lists the panels, `ui.py` walks the list."""

from collections.abc import Callable
from dataclasses import dataclass

from playground.service.port import Service


@dataclass(frozen=True)
class Panel:
    """`id` names the tab, `lead` is one sentence on what to look for, `build` adds components and events inside the open tab.

    `starts` are the buttons (elem_ids) pressed for whoever comes to the tab, so that it shows its picture; `live` panels draw anew
    while one types; `needs` says in a few words what model the tab takes, where it does not take every one.
    """

    id: str
    title: str
    lead: str
    build: Callable[[Service], None]
    starts: tuple[str, ...] = ()
    live: bool = False
    needs: str = ""
