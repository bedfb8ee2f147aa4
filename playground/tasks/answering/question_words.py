"""Which words of a question a span hangs on, by occlusion: each word hidden in turn (Zeiler & Fergus 2014). Request and answer."""

from dataclasses import dataclass
from typing import ClassVar

from playground.errors import BadInput
from playground.tasks.answering.answering import AnsweringRequest
from playground.tasks.answering.spans import Floats
from playground.tasks.request import Request
from playground.tasks.text import check_whole

MOST_TOKENS = 1_000_000


@dataclass(frozen=True)
class QuestionWords:
    """What hiding each word does. A word is `question[starts[i]:ends[i]]`; its tokens are replaced with [MASK].

    `margin`: start + end logit of the span minus those of [CLS] ("no answer"), in `window`, the one that reads the span best.
    `without` (words,): the same with word i hidden, so `margin - without` is what the word adds. `instead`: the best span then,
    "" where the model says "no answer" by its own threshold; `best`: the same of the whole question, all in this one window.
    """

    model: str
    question: str
    span: str
    window: int
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    margin: float
    without: Floats
    instead: tuple[str, ...]
    best: str


@dataclass(frozen=True)
class QuestionWordsRequest(Request[QuestionWords]):
    """For the span of context tokens `first` to `last`, both included, of the run `of`."""

    of: AnsweringRequest
    first: int
    last: int
    room: ClassVar[str] = "answering"

    def check(self) -> None:
        if not isinstance(self.of, AnsweringRequest):
            raise BadInput("Only the words of a question over a context can be weighed.")
        self.of.check()
        check_whole(self.first, "The span's first token", 0, MOST_TOKENS)
        check_whole(self.last, "The span's last token", 0, MOST_TOKENS)
        if self.last < self.first:
            raise BadInput(f"The span ends at token {self.last}, before it starts at token {self.first}. Choose a later end.")
