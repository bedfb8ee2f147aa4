"""How many tokens a long text is, without the tokens themselves. Pure; knows no tokenizer."""

from dataclasses import dataclass
from typing import ClassVar

from playground.tasks.request import Request
from playground.tasks.text import check_text
from playground.tasks.tokens.limits import LIMITS


@dataclass(frozen=True)
class Budget:
    """`tokens` of the text itself and `special` tokens around it; `bytes` are UTF-8; `seconds` in the tokenizer."""

    tokenizer: str
    tokens: int
    special: int
    characters: int
    bytes: int
    window: int
    seconds: float


@dataclass(frozen=True)
class BudgetRequest(Request[Budget]):
    """Count the tokens of `text` with the tokenizer of model `tokenizer`. Long texts are counted in parts, with Progress."""

    text: str
    tokenizer: str
    room: ClassVar[str] = "tokens"
    tokenizer_only: ClassVar[bool] = True

    def check(self) -> None:
        check_text(self.text, "The text", LIMITS.tokens_characters, blank=True)
