"""What a model is made of: its configuration and its parameters, counted by component. Request and answer."""

from dataclasses import dataclass
from typing import ClassVar

from playground.tasks.request import Request


@dataclass(frozen=True)
class Component:
    """`each` numbers in each of `times` places, as `detail` says (shapes); tied weights are counted where they first come.

    `fixed` numbers come from a formula and are no parameters; `aside` says why a part has no share in the result, "" where it has one.
    """

    stack: str
    name: str
    times: int
    each: int
    detail: str
    fixed: bool = False
    aside: str = ""

    @property
    def parameters(self) -> int:
        return 0 if self.fixed else self.times * self.each


@dataclass(frozen=True)
class Anatomy:
    """`components` in the order data passes them; their parameters add up to `total`. `tied` says which weights serve twice.

    `facts` are (name, value) of the configuration; `norm_first` pre-norm, else post-norm; `norm` its kind; `head` says what is made of the
    last vectors.
    """

    model: str
    name: str
    family: str
    source: str
    components: tuple[Component, ...]
    total: int
    bytes: int
    tied: str
    facts: tuple[tuple[str, str], ...]
    norm_first: bool = False
    norm: str = "layer norm"
    head: str = ""


@dataclass(frozen=True)
class AnatomyRequest(Request[Anatomy]):
    model: str
    room: ClassVar[str] = "embeddings"
