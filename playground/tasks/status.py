"""Status: what the service is doing with each model. A request like any other, answered at once and never cached."""

from dataclasses import dataclass
from typing import ClassVar

from playground.tasks.request import Request

FOUR_BIT = "four-bit weights, bfloat16"
STATES = ("waiting", "downloading", "converting", "loading", "ready", "failed")


@dataclass(frozen=True)
class ModelStatus:
    """One model the service has touched: `done` of `total` bytes while downloading, `why` if it failed, `bytes` it holds if ready.

    `precision` is what it writes in, FOUR_BIT where it came in four bits and is faster with them; "" before it is loaded.
    """

    model: str
    state: str
    done: int = 0
    total: int = 0
    why: str = ""
    source: str = ""
    bytes: int = 0
    precision: str = ""


@dataclass(frozen=True)
class Status:
    """Models in catalog order, the device they run on (`cpu`, `cuda`, `mps`, "" before torch is up), requests waiting."""

    models: tuple[ModelStatus, ...]
    device: str
    waiting: int


@dataclass(frozen=True)
class StatusRequest(Request[Status]):
    room: ClassVar[str] = "status"
    cacheable: ClassVar[bool] = False
