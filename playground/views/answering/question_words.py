"""The words of a question with what hiding each does, for `web/answering/question_words.js`, and in a sentence."""

from typing import TypedDict

from playground.tasks.answering.question_words import QuestionWords
from playground.views.text import in_quotes, number, signed, visible


class QuestionWord(TypedDict):
    """`signed`: what the word adds, as a share of the largest, −1 to 1; `instead`: the best answer without it, `flips` if another."""

    text: str
    adds: str
    signed: float
    without: str
    instead: str
    flips: bool


class QuestionWordsView(TypedDict):
    words: list[QuestionWord]
    span: str
    best: str
    margin: str
    window: int
    sentence: str


def question_words_view(made: QuestionWords) -> QuestionWordsView:
    """`signed`: what the word adds, as a share of the largest; above 0 it supports the span."""
    adds = [made.margin - float(without) for without in made.without]
    most = max((abs(one) for one in adds), default=0.0) or 1.0
    return {
        "words": [
            {"text": visible(made.question[start:end]), "adds": signed(add), "signed": add / most, "without": number(float(without)),
             "instead": _answer(instead), "flips": instead != made.best}
            for start, end, add, without, instead in zip(made.starts, made.ends, adds, made.without, made.instead, strict=True)
        ],
        "span": _words(made.span),
        "best": _answer(made.best),
        "margin": number(made.margin),
        "window": made.window + 1,
        "sentence": question_words_sentence(made),
    }  # fmt: skip


def question_words_sentence(made: QuestionWords) -> str:
    if not made.starts:
        return "The question has no word to hide."
    adds = [made.margin - float(without) for without in made.without]
    top = max(range(len(adds)), key=lambda i: adds[i])
    flips = sum(instead != made.best for instead in made.instead)
    word = in_quotes(visible(made.question[made.starts[top] : made.ends[top]]))
    words = f"{word} matters most: hidden, the span loses {adds[top]:.2f} logits."
    if round(adds[top], 2) <= 0:
        words = "No single word supports the span: whichever is hidden, it loses nothing against “no answer”."
    changed = f"{flips} hidden words change" if flips > 1 else f"{'one' if flips else 'no'} hidden word changes"
    # A marked span need not be the best one, and then says nothing about what a hidden word changes.
    what = "the answer" if made.best == made.span else f"what is best with the whole question, {in_quotes(_answer(made.best))}"
    return f"{words} Of {len(adds)} words and marks, {changed} {what}."


def _answer(text: str) -> str:
    return _words(text) if text else "no answer"


def _words(text: str) -> str:
    return " ".join(map(visible, text.split(" ")))
