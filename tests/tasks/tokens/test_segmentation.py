"""The three algorithms on tables small enough to work out by hand."""

import numpy as np
import pytest

from playground.tasks.tokens.bpe import MergeTables, merge_up
from playground.tasks.tokens.segmentation import Segment, cut_words
from playground.tasks.tokens.unigram import UNKNOWN_PENALTY, ScoreTables, best_path
from playground.tasks.tokens.wordpiece import MatchTables, match_longest

BPE = MergeTables(
    {p: i for i, p in enumerate(["a", "b", "c", "ab", "bc", "abc", "aa"])},
    {("b", "c"): 0, ("a", "b"): 1, ("a", "bc"): 2, ("a", "a"): 3},
)
WORDS = MatchTables({p: i for i, p in enumerate(["un", "##able", "##a", "unable", "##ble", "[UNK]"])})
SCORES = ScoreTables({"ab": -3.0, "a": -1.0, "b": -1.0, "abc": -9.0, "c": -2.0}, {"ab": 0, "a": 1, "b": 2, "abc": 3, "c": 4, "<unk>": 5})


def test_the_lowest_rank_is_merged_first_leftmost_first() -> None:
    made = merge_up("abcabc", BPE)
    assert [(m.at, m.rank, m.piece) for m in made.merges] == [(1, 0, "bc"), (3, 0, "bc"), (0, 2, "abc"), (1, 2, "abc")]
    assert made.pieces == ("abc", "abc") and made.after(0) == tuple("abcabc") and made.after(1) == ("a", "bc", "a", "b", "c")
    assert merge_up("aaa", BPE).pieces == ("aa", "a")


def test_letters_without_a_piece_are_dropped_before_anything_is_merged() -> None:
    made = merge_up("bxc", BPE)
    assert (made.dropped, made.pieces) == (("x",), ("bc",))
    known = MergeTables({**BPE.vocabulary, "?": 9}, BPE.ranks, unknown="?")
    assert merge_up("bxc", known).pieces == ("b", "?", "c")
    assert merge_up("", BPE).pieces == ()


def test_whole_words_are_not_merged_where_the_tokenizer_says_so() -> None:
    assert merge_up("abc", MergeTables(BPE.vocabulary, BPE.ranks, whole=True)).merges == ()


def test_the_longest_beginning_is_taken() -> None:
    assert match_longest("unable", WORDS).pieces == ("unable",)
    made = match_longest("unaable", WORDS)
    assert made.pieces == ("un", "##a", "##able")
    assert made.tried == 6 + 5 + 1


@pytest.mark.parametrize(("word", "failed", "tried"), [("unx", 2, 3), ("x", 0, 1)])
def test_a_word_with_a_letter_that_is_no_piece_is_lost_whole(word: str, failed: int, tried: int) -> None:
    made = match_longest(word, WORDS)
    assert (made.pieces, made.failed) == (("[UNK]",), failed)
    assert made.tried == tried
    assert match_longest("a" * 101, WORDS).pieces == ("[UNK]",)
    assert match_longest("a" * 101, WORDS).tried == 0


def test_the_best_path_is_not_the_longest_pieces() -> None:
    made = best_path("abc", SCORES)
    assert made.pieces == ("a", "b", "c")
    assert made.best.tolist() == [0.0, -1.0, -2.0, -4.0]
    assert {(arc.start, arc.end) for arc in made.arcs} == {(0, 1), (0, 2), (0, 3), (1, 2), (2, 3)}
    assert made.best.dtype == np.float32 and not made.best.flags.writeable


def test_unknown_characters() -> None:
    made = best_path("a🦙🦙", SCORES)
    assert made.pieces == ("a", "🦙", "🦙")
    assert made.best[-1] == pytest.approx(-1 + 2 * (-9 - UNKNOWN_PENALTY))
    fused = ScoreTables(SCORES.scores, SCORES.vocabulary, fused=True)
    assert best_path("a🦙🦙", fused).pieces == ("a", "🦙🦙")
    bytes_ = ScoreTables(SCORES.scores, SCORES.vocabulary, fallback=True)
    assert best_path("é", bytes_).pieces == ("<0xC3>", "<0xA9>")
    assert best_path("", SCORES).pieces == ()


def test_special_tokens_are_taken_whole() -> None:
    tables = MergeTables({**BPE.vocabulary, "<s>": 7}, BPE.ranks)
    words = cut_words((Segment("<s>", "<s>", ("<s>",), True), Segment("abc", "abc", ("abc",))), tables)
    assert [(word.pieces, word.ids, word.steps is None) for word in words] == [(("<s>",), (7,), True), (("abc",), (5,), False)]
