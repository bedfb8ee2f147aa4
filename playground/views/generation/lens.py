"""A logit lens -> the table that `web/lens.js` draws, and a sentence. Knows no model."""

from typing import Any

from playground.catalog import find_model
from playground.tasks.generation.lens import Lens
from playground.views.text import percent, visible


def lens_view(made: Lens) -> dict[str, Any]:
    """The text's tokens, and one row for the embedding and each layer: its best next tokens with their probability."""
    last = len(made.texts) - 1
    return {
        "tokens": [{"text": visible(t), "special": s, "newline": "\n" in t} for t, s in zip(made.tokens, made.special, strict=True)],
        "position": made.position,
        "rows": [
            {
                "name": "embedding" if row == 0 else f"layer {row - 1}" + (" (what it says)" if row == last else ""),
                "guesses": [
                    {"text": visible(text), "p": float(p), "percent": percent(float(p))}
                    for text, p in zip(made.texts[row], made.probabilities[row], strict=True)
                ],
                "rank": f"{int(made.ranks[row]):,}",
                "first": int(made.ranks[row]) == 1,
            }
            for row in range(last + 1)
        ],
        "final": visible(made.texts[last][0]),
        "model": f"{find_model(made.model).name}, from {made.source}; computes in {made.precision}, as it writes",
    }


def lens_sentence(made: Lens) -> str:
    """From which layer the model is of the mind it ends with."""
    final, last = visible(made.texts[-1][0]), len(made.texts) - 1
    if made.settled == last:
        where = "only in the last layer does it come first"
    elif made.settled == 0:
        where = "it comes first from the embedding on: the model merely repeats what the token suggests"
    else:
        where = f"it comes first from layer {made.settled - 1} on"
    return (
        f"After “{visible(made.tokens[made.position])}” the model says “{final}” ({percent(float(made.probabilities[-1, 0]))}); {where}. "
        f"Before the layers it stands in place {int(made.ranks[0]):,}. Look how early layers guess at what stands everywhere "
        "(punctuation, “a”, “the”), and only late ones at words that fit."
    )
