"""Whether attention and gradient × input agree is worked out, over the tokens that may be seen, special ones and the token itself too."""

import numpy as np
import pytest

from playground.tasks.attention.influence import Influence
from playground.tasks.side import Side
from playground.views.attention.influence import influence_view


def said(kind: str, query: int, labels: list[str], weights: list[float], scores: list[float]) -> str:
    side = Side(tuple(labels), tuple(labels), tuple(label.startswith("[") for label in labels))
    made = Influence("m", kind, query, side, side, np.array(scores, np.float32), True, "the logit")
    return str(influence_view(made, np.array(weights, np.float32), "head 1 of layer 3")["sentence"])


def test_what_each_puts_first_is_said_special_tokens_included() -> None:
    text = said("self", 2, ["[CLS]", "animal", "it", "tired", "[SEP]"], [0.6, 0.2, 0.1, 0.06, 0.04], [0.1, -0.9, 0.3, 0.2, 0.4])
    assert text.startswith(
        "The head looks most at “[CLS]” (0), but “animal” (1) moves the result most. They disagree on the order of 5 tokens"
    )
    # by hand: ranks 5 4 3 2 1 and 1 5 3 2 4, d = 4 -1 0 0 -3, ρ = 1 − 6·26 / (5·24) = −0.30
    assert "(rank correlation −0.30)" in text


def test_the_token_itself_is_named_as_such() -> None:
    text = said("self", 2, ["a", "b", "c", "d", "e"], [0.1, 0.2, 0.5, 0.15, 0.05], [1, 2, 5, 1.5, 0.5])
    assert text.startswith("Both put “c” (2, the token itself) first. They agree well on the order of 5 tokens (rank correlation 1.00).")


@pytest.mark.parametrize(
    ("seen", "words"), [(5, "They disagree on the order of 5 tokens (rank correlation −1.00)."), (3, "3 tokens are too few")]
)
def test_what_a_mask_hides_does_not_make_them_agree(seen: int, words: str) -> None:
    """Twenty later tokens are 0 on both sides; over all of them the correlation was above 0.6, and “The two agree well here”."""
    rising = np.arange(1.0, seen + 1)
    rest = [0.0] * 20
    text = said(
        "masked", seen - 1, [f"w{i}" for i in range(seen + 20)], [*(rising / rising.sum()).tolist(), *rest], [*rising[::-1].tolist(), *rest]
    )
    assert words in text and "agree well" not in text
