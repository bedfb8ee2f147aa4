"""Question-answering rows: splitting by paragraph, hard negatives, joined sentences, and the SQuAD scores. Pure text."""

import collections
import itertools
import math
import random
import re
import string
from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]

_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”')\]]*\s+(?=[\"“'(\[]?[A-Z0-9])")
_WORD = re.compile(r"\w{3,}")


def split_by_paragraph(rows: Sequence[Row], held_out: int, seed: int = 0, block: int = 10) -> tuple[list[Row], list[Row]]:
    """(kept, held out): about `held_out` rows whose paragraphs, whole blocks of neighbours, are in no kept row."""
    contexts = list(dict.fromkeys(row["context"] for row in rows))
    blocks = [contexts[i : i + block] for i in range(0, len(contexts), block)]
    random.Random(seed).shuffle(blocks)
    sizes = collections.Counter(row["context"] for row in rows)
    out: set[str] = set()
    while blocks and sum(sizes[c] for c in out) < held_out:
        out.update(blocks.pop())
    return [r for r in rows if r["context"] not in out], [r for r in rows if r["context"] in out]


def sentences(text: str) -> list[tuple[int, int]]:
    """The spans of `text`'s sentences, by a rule good enough to remove one."""
    cuts = [0, *(m.end() for m in _SENTENCE_END.finditer(text)), len(text)]
    return [(a, b) for a, b in itertools.pairwise(cuts) if b > a]


def holds_answer(context: str, row: Row) -> bool:
    """Whether any answer of `row` occurs in `context`, case and punctuation apart."""
    plain = f" {normalised(context)} "
    return any(f" {normalised(a['text'])} " in plain for a in row["answers"])


def without_answer(row: Row) -> Row | None:
    """`row` with its answers' sentences removed and no answer left; None where nothing, or an answer, would remain."""
    spans = [(a["start"], a["start"] + len(a["text"])) for a in row["answers"]]
    kept = [(a, b) for a, b in sentences(row["context"]) if not any(s < b and e > a for s, e in spans)]
    context = "".join(row["context"][a:b] for a, b in kept).strip()
    return negative(row, context) if context and not holds_answer(context, row) else None


def negative(row: Row, context: str) -> Row:
    return {"context": context, "question": row["question"], "answers": []}


class Paragraphs:
    """Paragraphs by the rarer words they hold, to find the one that looks most like it should hold an answer."""

    def __init__(self, contexts: Sequence[str]) -> None:
        self.contexts = list(dict.fromkeys(contexts))
        self.place = {context: i for i, context in enumerate(self.contexts)}
        self.where: dict[str, list[int]] = collections.defaultdict(list)
        for i, context in enumerate(self.contexts):
            for word in set(_WORD.findall(context.lower())):
                self.where[word].append(i)

    def lookalike(self, row: Row, near: int | None = None, among: int = 20) -> Row | None:
        """`row`'s question on the paragraph that shares most of its rarer words and holds no answer; None where there is none.

        `near`: only paragraphs that many places before or after its own (of one article, where the file is in that order).
        """
        own, scores = self.place[row["context"]], collections.Counter[int]()
        for word in sorted(set(_WORD.findall(row["question"].lower()))):
            found = self.where.get(word, ())
            if 0 < len(found) <= max(5, len(self.contexts) // 10):
                scores.update(dict.fromkeys(found, math.log(len(self.contexts) / len(found)) + 0.1))
        close = range(max(0, own - near), min(len(self.contexts), own + near + 1)) if near is not None else ()
        ranked = sorted(close, key=lambda i: -scores[i]) if close else [i for i, _ in scores.most_common(among)]
        fit = (self.contexts[i] for i in ranked if i != own and not holds_answer(self.contexts[i], row))
        best = next(fit, None)
        return None if best is None else negative(row, best)


def hard_negatives(rows: Sequence[Row], near: int | None = None) -> dict[str, list[Row]]:
    """For each row, where it can be: `sentence_removed` (the answer's sentence gone) and `other_paragraph` (see Paragraphs)."""
    paragraphs = Paragraphs([row["context"] for row in rows])
    made = {"sentence_removed": [without_answer(row) for row in rows], "other_paragraph": [paragraphs.lookalike(row, near) for row in rows]}
    return {kind: [row for row in found if row is not None] for kind, found in made.items()}


def random_negatives(rows: Sequence[Row], rng: random.Random) -> list[Row]:
    """Each question on a paragraph drawn from all, where that holds no answer."""
    contexts = sorted({row["context"] for row in rows})
    made = [(row, rng.choice(contexts)) for row in rows]
    return [negative(row, context) for row, context in made if context != row["context"] and not holds_answer(context, row)]


def among_others(row: Row, others: Sequence[str], rng: random.Random) -> Row:
    """`row` with its one-sentence context set at a random place among `others`; its first answer moves with it."""
    before = rng.randint(0, len(others))
    lead = " ".join(others[:before]) + (" " if before else "")
    context = " ".join([*others[:before], row["context"], *others[before:]])
    return {"context": context, "question": row["question"],
            "answers": [{"text": a["text"], "start": a["start"] + len(lead)} for a in row["answers"]]}  # fmt: skip


def normalised(text: str) -> str:
    """SQuAD's: lower case, no punctuation, no articles, single spaces."""
    text = "".join(ch for ch in text.lower() if ch not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


def f1(made: str | None, answers: Sequence[str]) -> float:
    """SQuAD's F1 of `made` against the best of `answers`; None against no answers is 1."""
    if made is None or not answers:
        return float(made is None and not answers)
    return max(_f1(normalised(made).split(), normalised(answer).split()) for answer in answers)


def _f1(made: list[str], answer: list[str]) -> float:
    same = sum((collections.Counter(made) & collections.Counter(answer)).values())
    return 2 * same / (len(made) + len(answer)) if same else float(made == answer)


def exact(made: str | None, answers: Sequence[str]) -> float:
    """SQuAD's exact match of `made` with any of `answers`; None against no answers is 1."""
    if made is None or not answers:
        return float(made is None and not answers)
    return float(any(normalised(made) == normalised(answer) for answer in answers))
