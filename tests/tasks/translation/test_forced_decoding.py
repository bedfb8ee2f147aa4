"""Words from pieces, and weights between words, by hand."""

import numpy as np
import pytest

from playground.errors import BadInput
from playground.tasks.precision import packed
from playground.tasks.side import Side
from playground.tasks.translation.forced_decoding import ForcedDecoding, ForcedDecodingRequest, target_words, word_alignment, word_texts
from playground.tasks.translation.translation import TranslationRequest


def side(*pieces: str) -> Side:
    return Side(tuple(p.replace("▁", " ") for p in pieces), pieces, tuple(p == "</s>" for p in pieces))


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        (("▁Le", "▁musée", "▁", "ouvre", ".", "</s>"), ["Le", "musée", "ouvre", ".", "</s>"]),
        (("▁J", "'", "adore", "▁l", "'", "homme"), ["J'", "adore", "l'", "homme"]),
        (("▁J'", "aime"), ["J'", "aime"]),
        (("▁all", "ez", "-", "vous", "▁?", "</s>"), ["allez-", "vous", "?", "</s>"]),
        (("▁Quoi", "▁", "?", "!", "</s>"), ["Quoi", "?!", "</s>"]),
        (("</s>",), ["</s>"]),
    ],
)
def test_words_from_pieces(pieces: tuple[str, ...], words: list[str]) -> None:
    one = side(*pieces)
    numbers = target_words(one)
    assert list(word_texts(one, numbers)) == words
    assert sorted(set(numbers)) == list(range(len(words)))


def test_weights_between_words_by_hand() -> None:
    written, read = side("▁un", "▁ch", "at", "</s>"), side("▁a", "▁c", "at")
    rows = np.array([[[0.5, 0.25, 0.25], [0.0, 0.5, 0.5], [0.25, 0.5, 0.25], [1, 0, 0]], [[1, 0, 0]] * 4], np.float32)
    blank = np.zeros(4, np.float32)
    made = ForcedDecoding(
        "en-fr", "", "a cat", "un chat", read, written, (1, 2, 3, 0), 0, packed(rows[None]), blank, blank, np.zeros(4, np.int32), (),
        np.zeros((4, 0), np.int32), np.zeros((4, 0), np.float32), 0, "",
    )  # fmt: skip
    one = word_alignment(made, 0, 0, [0, 1, 1])
    assert one == pytest.approx(np.array([[0.5, 0.5], [0.125, 0.875], [1, 0]]), abs=1e-4)
    assert word_alignment(made, 0, None, [0, 1, 1]) == pytest.approx((one + np.array([[1, 0]] * 3)) / 2, abs=1e-4)


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (ForcedDecodingRequest(TranslationRequest("a", "en-fr", 2), 2), "from 0 to 1"),
        (ForcedDecodingRequest(TranslationRequest("a", "en-fr"), -1), "from 0 to 3"),
        (ForcedDecodingRequest(TranslationRequest("", "en-fr")), "empty"),
        (ForcedDecodingRequest(TranslationRequest("a", "en-fr"), 0, (1, -1)), "whole number"),
        (ForcedDecodingRequest(TranslationRequest("a", "en-fr"), 0, (1,) * 600), "600 tokens"),
        (ForcedDecodingRequest(TranslationRequest("a", "en-fr", begin="x", begin_ids=(1,))), "not as both"),
        (ForcedDecodingRequest(TranslationRequest("a", "en-fr", begin="x" * 501)), "limit is 500"),
        (ForcedDecodingRequest(TranslationRequest("a", "en-fr", begin="\ud800")), "surrogate"),
        (ForcedDecodingRequest(TranslationRequest("a", "en-fr", begin_ids=[1])), "list of token ids"),  # type: ignore[arg-type]
    ],
)
def test_bad_requests_are_a_sentence(request_: ForcedDecodingRequest, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        request_.check()
