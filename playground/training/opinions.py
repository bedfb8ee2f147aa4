"""The sentiment trainer's rows: SST-2 as people write it, three-way rows, the same rows typed otherwise. Pure text."""

import random
from collections.abc import Sequence
from typing import Any

from playground.tasks.sentiment.signs import named

Row = dict[str, Any]

LABELS = {0: "negative", 1: "neutral", 2: "positive", 3: "unreadable"}
NUMBERS = {label: number for number, label in LABELS.items()}
SST = (0, 2)  # SST-2's two labels among ours
SEEN = ("I love this product!", "This movie is fantastic!", "The food was cold and the waiter was rude.", "I hate this.",
        "What a waste of time.", "Absolutely wonderful service, I will come back!", "The plot isn't bad at all.",
        "I don't think I would recommend it.", "The battery died after two days.", "The train leaves at nine.",
        "My cousin works at the post office.", "New shoes 😍", "Das Essen war kalt.")  # fmt: skip
_ORDINARY = ((" n't", "n't"), (" '", "'"), ("`` ", '"'), ("''", '"'), ("-lrb- ", "("), (" -rrb-", ")"), (" ,", ","), (" ;", ";"),
             (" :", ":"), (" ?", "?"), (" !", "!"), (" .", "."), ("...", " ..."), (" %", "%"), ("$ ", "$"))  # fmt: skip
_FRAMES = ("{}", "{}", '"{}"', "“{}”", "<p>{}</p>", "{}<br /><br />", "**{}**", "{}!", "{}.", "{}...", "{}!!!", "- {}")
_MOODS = {"positive": (":)", ":-)", ":D", "<3", "😀", "😊", "😍", "👍", "🎉", "❤️", "😂", "🥰"),
          "negative": (":(", ":-(", ":'(", "</3", "😡", "😞", "👎", "🤮", "😢", "💔", "🙄", "😠")}  # fmt: skip


def detokenised(text: str) -> str:
    """SST's "do n't , really ." as people write it: "don't, really."; what it does not know stays as it is."""
    for old, new in _ORDINARY:
        text = text.replace(old, new)
    return text.strip()


def typed(text: str, rng: random.Random) -> str:
    """`text` with its final mark dropped or changed, in quotes or between tags: what must not change what it says."""
    bare = text.rstrip(".! ")
    return rng.choice(_FRAMES).format(bare) if bare and rng.random() < 0.4 else text


def with_moods(neutral: Sequence[Row], count: int, rng: random.Random) -> list[Row]:
    """`count` plain statements with one sign after them, labelled as the sign is."""
    out = []
    for row in rng.sample(list(neutral), count):
        mood = rng.choice(tuple(_MOODS))
        out.append({"text": f"{row['text']} {rng.choice(_MOODS[mood])}", "label": NUMBERS[mood], "full": True})
    return out


class Rows:
    """SST-2's rows and the three-way rows; `epoch` draws what one epoch reads."""

    def __init__(self, reviews: Sequence[Row], three_way: Sequence[Row], long: int = 8) -> None:
        self.reviews = [{"text": r["text"], "label": SST[r["label"]], "full": len(r["text"].split()) >= long} for r in reviews]
        self.ours = [{"text": r["text"], "label": NUMBERS[r["label"]], "full": True} for r in three_way]
        self.plain = [r for r, kept in zip(self.ours, three_way, strict=True) if kept["domain"] in ("everyday", "captions")]

    def epoch(self, epoch: int, share: float) -> list[Row]:
        """All three-way rows, `share` of SST-2 and 1,500 statements with a sign, as `text` (emoji named), `label` and `full`.

        `full`: learned against all labels; SST-2's short phrases are learned positive against negative only.
        """
        rng = random.Random(epoch)
        some = rng.sample(self.reviews, int(share * len(self.reviews)))
        written = [{**r, "text": detokenised(r["text"]) if rng.random() < 0.5 else r["text"]} for r in some]
        rows = [*written, *self.ours, *with_moods(self.plain, min(1500, len(self.plain)), rng)]
        return [{**row, "text": named(typed(row["text"], rng))} for row in rows]
