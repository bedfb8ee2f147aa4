"""The classes that are open now: what an instructor shows, and who follows. In memory and bounded; knows no HTTP and no panel.

One event loop calls everything here, so nothing needs a lock. A slow follower gets the newest state, never a backlog.
"""

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from playground.errors import BadInput, Busy, NotAllowed

SILENCE_SECONDS = 3600.0
MOST_CLASSES = 100
MOST_FOLLOWERS = 300
MOST_STATE_BYTES = 65_536
GONE = "This class is over, or its link was cut short. Ask the instructor for a new link."


@dataclass(eq=False)
class Follower:
    """One open page. `news` is set when there is something it has not seen; `counted` is False for the instructor's own page."""

    classroom: "Classroom"
    counted: bool = True
    news: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(eq=False)
class Classroom:
    """`id` is in the link; `key` only its opener has. `state` is JSON as it was told, `version` counts the tellings."""

    id: str
    key: str
    told_at: float
    state: bytes = b""
    version: int = 0
    over: bool = False
    followers: set[Follower] = field(default_factory=set)

    @property
    def people(self) -> int:
        return sum(one.counted for one in self.followers)

    def wake(self) -> None:
        for one in self.followers:
            one.news.set()


class Register:
    """At most `most` classes of at most MOST_FOLLOWERS people and MOST_STATE_BYTES each; each ends SILENCE_SECONDS after its last word."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = MOST_CLASSES) -> None:
        self._clock, self._most = clock, most
        self._classes: dict[str, Classroom] = {}

    def open(self) -> Classroom:
        """Where there are too many, the one that nobody follows and that is silent longest ends. Raises Busy if all are followed."""
        self.sweep()
        if len(self._classes) >= self._most and (alone := [one for one in self._classes.values() if not one.people]):
            self._close(min(alone, key=lambda one: one.told_at))
        if len(self._classes) >= self._most:
            raise Busy(f"There are {self._most} classes open on this server, which is the most. Try again when one has ended.")
        made = Classroom(secrets.token_urlsafe(9), secrets.token_urlsafe(24), self._clock())
        self._classes[made.id] = made
        return made

    def find(self, id: str) -> Classroom:
        """Raises BadInput where there is none of that name."""
        self.sweep()
        if id not in self._classes:
            raise BadInput(GONE)
        return self._classes[id]

    def tell(self, id: str, key: str, state: bytes) -> Classroom:
        """Every follower sees `state`. Raises BadInput, or NotAllowed for anyone but the opener."""
        found = self._driven(id, key)
        if len(state) > MOST_STATE_BYTES:
            raise BadInput(
                f"What is on the page takes {len(state):,} bytes and a class can follow {MOST_STATE_BYTES:,}. Shorten the text; the "
                "class still sees what was there before."
            )
        found.state, found.version, found.told_at = state, found.version + 1, self._clock()
        found.wake()
        return found

    def end(self, id: str, key: str) -> None:
        self._close(self._driven(id, key))

    def join(self, id: str, counted: bool = True) -> Follower:
        """Raises BadInput where there is no such class, Busy where it is full."""
        found = self.find(id)
        if len(found.followers) >= MOST_FOLLOWERS:
            raise Busy(f"{MOST_FOLLOWERS} people follow this class already, which is the most.")
        made = Follower(found, counted)
        found.followers.add(made)
        found.wake()
        return made

    def leave(self, follower: Follower) -> None:
        follower.classroom.followers.discard(follower)
        follower.classroom.wake()

    def sweep(self) -> None:
        """Ends what has been silent for too long."""
        now = self._clock()
        for one in [one for one in self._classes.values() if now - one.told_at > SILENCE_SECONDS]:
            self._close(one)

    def _driven(self, id: str, key: str) -> Classroom:
        found = self.find(id)
        if not secrets.compare_digest(found.key.encode(), key.encode("utf-8", "replace")):
            raise NotAllowed("Only the page that opened this class can lead it.")
        return found

    def _close(self, classroom: Classroom) -> None:
        classroom.over = True
        self._classes.pop(classroom.id, None)
        classroom.wake()
