"""The question-answering trainer's rows: what is trained on, what one epoch reads, and what is only measured. Pure text."""

import random
from collections.abc import Sequence
from pathlib import Path

from playground.training.corpus import read_rows
from playground.training.questions import Row, among_others, hard_negatives, split_by_paragraph

HELD_OUT = 600
MEASURED_ARTICLES = ("Harvard_University", "1973_oil_crisis")  # of SQuAD 2.0: only measured
CHOOSING_ARTICLES = ("Packet_switching",)  # the threshold and the temperature are chosen on it
EVERY = 25  # one row in so many of the templates and near misses is held out
#        rows an epoch: (first half of the epochs, second half)
MIX = {"squad": (200, 150), "squad_negatives": (50, 0), "qamr": (300, 0), "near_short": (700, 400), "near_long": (150, 50),
       "templates": (2500, 1500), "more": (150, 0), "squad2": (0, 2000)}  # fmt: skip


def _apart(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """(trained on, held out)."""
    return [r for i, r in enumerate(rows) if i % EVERY], list(rows[::EVERY])


class Rows:
    """`parts`: by name, what is trained on. `held_out` (SQuAD, answerable), `near`, `templates`, `choosing`, `measured`: what is not.

    SQuAD 2.0's rows are read in the second half of the run only, so that the weights at half-way have not seen their articles.
    """

    def __init__(self, data: Path) -> None:
        squad, self.held_out = split_by_paragraph(read_rows(data, "qa_train_squad"), HELD_OUT)
        negatives = hard_negatives(squad)
        kept_apart = {row["context"] for row in self.held_out} | {row["question"] for row in self.held_out}
        near = [r for r in read_rows(data, "qa_train_near_miss") if not {r["context"], r["question"]} & kept_apart]
        near, self.near = _apart(near)
        templates, self.templates = _apart(read_rows(data, "qa_train_templates"))
        second = read_rows(data, "qa_train_squad2_dev_part")
        self.choosing = [row for row in second if row["article"] in CHOOSING_ARTICLES]
        self.measured = [row for row in second if row["article"] in MEASURED_ARTICLES]
        apart = (*CHOOSING_ARTICLES, *MEASURED_ARTICLES)
        self.parts: dict[str, list[Row]] = {
            "squad": squad, "squad_negatives": [row for kind in sorted(negatives) for row in negatives[kind]],
            "qamr": read_rows(data, "qa_train_qamr"), "near_short": [r for r in near if len(r["context"]) < 400],
            "near_long": [r for r in near if len(r["context"]) >= 400], "templates": templates,
            "more": read_rows(data, "qa_train_more"), "squad2": [row for row in second if row["article"] not in apart],
        }  # fmt: skip
        self.sentences = sorted({row["context"] for row in self.parts["qamr"]})

    def epoch(self, epoch: int, epochs: int) -> list[Row]:
        """A draw of every part; single sentences stand among others (QAMR three times in five, frames one in four)."""
        rng = random.Random(epoch)
        out = []
        for name, rows in self.parts.items():
            wanted = MIX[name][2 * epoch >= epochs]
            for row in rng.sample(rows, min(wanted, len(rows))):
                around = {"qamr": (0, 0, 1, 2, 4), "templates": (0, 0, 0, 1)}.get(name, (0,))
                others = rng.sample(self.sentences, rng.choice(around))
                out.append(among_others(row, [one for one in others if one != row["context"]], rng) if others else row)
        return out

    def held_out_sets(self, most: int = 200) -> dict[str, list[Row]]:
        """What the threshold and the temperature are chosen on: by name, at most `most` rows that no training saw."""
        negatives = hard_negatives(self.held_out)
        mixed = [row for pair in zip(*negatives.values(), strict=False) for row in pair]
        sets = {"squad": self.held_out, "squad_negatives": mixed, "squad2": self.choosing, "near": self.near, "templates": self.templates}
        return {name: random.Random(0).sample(rows, min(most, len(rows))) for name, rows in sets.items()}
