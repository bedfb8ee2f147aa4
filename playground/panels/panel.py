"""What a panel is: one tab of the page. Knows no room; `panels/__init__.py` lists the panels, `ui.py` walks the list."""

from collections.abc import Callable
from dataclasses import dataclass

from playground.service.port import Service


@dataclass(frozen=True)
class Panel:
    """`id` names the tab, `lead` is one sentence on what to look for, `build` adds components and events inside the open tab."""

    id: str
    title: str
    lead: str
    build: Callable[[Service], None]
