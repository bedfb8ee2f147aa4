"""Failures that everybody meets, provoked on purpose: what the library really says on this machine. Requests and answers."""

from dataclasses import dataclass
from typing import ClassVar

from playground.tasks.limits import LIMITS
from playground.tasks.request import Request
from playground.tasks.text import check_choice, check_list, check_text, check_whole

ISSUES = ("tokens", "window", "cuda")
MOST_IDS = 512


@dataclass(frozen=True)
class Issue:
    """`error` is the exception's type and `message` its text, both "" where nothing went wrong (CUDA on a machine that has it).

    `read` is what the model would have read of another tokenizer's numbers; `fixed` what came of doing it right, run as well.
    """

    kind: str
    model: str
    source: str
    error: str
    message: str
    read: str
    fixed: str


@dataclass(frozen=True)
class IssueRequest(Request[Issue]):
    """Provoke `kind` with `model`. "tokens": `ids` are another tokenizer's numbers for `text`; "window": `text` is repeated
    until it is over the window; "cuda": a tensor is moved to a CUDA device, there or not."""

    kind: str
    model: str
    text: str = "The cat sat on the mat."
    ids: tuple[int, ...] = ()
    room: ClassVar[str] = "attention"
    cacheable: ClassVar[bool] = False

    def check(self) -> None:
        check_choice(self.kind, "Issue", ISSUES)
        check_text(self.text, "The text", LIMITS.attention_characters)
        check_list(self.ids, "The token numbers of another tokenizer", int(self.kind == "tokens"), MOST_IDS)
        for one in self.ids:
            check_whole(one, "A token number", 0, 2**31 - 1)
