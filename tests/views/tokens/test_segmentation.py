"""What the page steps through: labels have nothing unseen, steps replayed give the pieces, lattices fall into words."""

import json

import numpy as np
import pytest

from playground.tasks.tokens.bpe import MergeTables
from playground.tasks.tokens.budget import Budget, BudgetRequest
from playground.tasks.tokens.misreading import Misreading
from playground.tasks.tokens.segmentation import Cutting, CuttingRequest, Segment, Tables, cut_words
from playground.tasks.tokens.tokens import Tokens, TokensRequest, byte_alphabet
from playground.tasks.tokens.unigram import ScoreTables
from playground.tasks.tokens.wordpiece import MatchTables
from playground.views.tokens.budget import budget_sentence, budget_view
from playground.views.tokens.comparison import CHIPS, contrast_view, languages, languages_view
from playground.views.tokens.cut_steps import cut_steps
from playground.views.tokens.misreading import misreading_sentence, misreading_view
from playground.views.tokens.segmentation import cutting_sentence, cutting_view
from playground.views.tokens.tokens import CHIPS as DRAWN
from playground.views.tokens.tokens import tokens_sentence, tokens_view
from tests.fake.service import FakeService


def made(text: str, words: tuple[str, ...], tables: Tables, scheme: str, agrees: bool = True) -> Cutting:
    segments = (Segment(text, text, words),)
    cut = cut_words(segments, tables)
    pieces, ids = (tuple(x for word in cut for x in getattr(word, name)) for name in ("pieces", "ids"))
    return Cutting(text, "smollm2-135m", scheme, text, segments, cut, pieces, ids, (False,) * len(ids), agrees)


BYTES = {byte: letter for letter, byte in byte_alphabet().items()}


def test_bytes_are_shown_until_they_are_a_character() -> None:
    letters = [BYTES[b] for b in "é ".encode()]
    vocabulary = {p: i for i, p in enumerate([*letters, letters[0] + letters[1]])}
    cut = made("é ", ("".join(letters),), MergeTables(vocabulary, {(letters[0], letters[1]): 5}), "byte-level BPE")
    [word] = cutting_view(cut)["words"]
    assert word["symbols"] == ["⟨C3⟩", "⟨A9⟩", "␣"]
    assert word["merges"] == [{"at": 0, "rank": 5, "label": "é"}]
    assert json.dumps(cutting_view(cut))


def test_a_word_that_is_lost_is_told() -> None:
    cut = made("xy", ("xy",), MatchTables({"[UNK]": 0, "x": 1}), "WordPiece")
    assert "[UNK]" in cutting_sentence(cut)
    [word] = cutting_view(cut)["words"]
    assert (word["failed"], word["matches"]) == (1, [{"start": 0, "end": 1, "label": "x"}])
    assert cut_steps(cut)["words"][0]["steps"][-1] == "no match from 1: [UNK]"


def test_a_lattice_falls_into_its_words() -> None:
    tables = ScoreTables({"▁a": -1.0, "▁b": -2.0, "▁": -3.0, "a": -1.0, "b": -1.0}, {"▁a": 0, "▁b": 1, "<unk>": 2})
    words = cutting_view(made("a b", ("▁a▁b",), tables, "SentencePiece"))["words"]
    assert [word["label"] for word in words] == ["▁a", "▁b"]
    for word in words:
        assert word["best"][0] == 0 and len(word["best"]) == len(word["letters"]) + 1
        assert all(0 <= arc["start"] < arc["end"] <= len(word["letters"]) for arc in word["arcs"])
        assert sum(arc["score"] for arc in word["arcs"] if arc["on"]) == pytest.approx(word["best"][-1])


def test_tables_that_do_not_agree_are_told() -> None:
    assert "otherwise" in cutting_view(made("a", ("a",), MatchTables({"a": 0}), "WordPiece", agrees=False))["agrees"]


def test_markup_stays_text() -> None:
    view = cutting_view(FakeService().run(CuttingRequest("<b>x</b> ${7*7} \u202e\x00", "minilm-l6")))
    assert "\u202e" not in json.dumps(view, ensure_ascii=False) and "\x00" not in json.dumps(view, ensure_ascii=False)
    assert "<b>x</b>␣${7*7}" in view["stages"][0]["chips"][0]["text"]


def test_only_the_first_chips_are_sent_and_all_are_counted() -> None:
    several = [FakeService().run(TokensRequest("word " * (CHIPS + 7), name)) for name in ("minilm-l6", "en-fr")]
    view = contrast_view(several)
    assert [len(row["chips"]) for row in view["rows"]] == [CHIPS, CHIPS]
    assert view["rows"][0]["count"] == f"{CHIPS + 7:,}" and view["more"] == 7


def test_ten_languages() -> None:
    rows = languages()
    assert len(rows) == len({row["code"] for row in rows}) == 10 and rows[0]["code"] == "en"
    view = languages_view([[FakeService().run(TokensRequest(row["text"], "minilm-l6")) for row in rows]])
    assert [row["language"] for row in view["languages"]] == [row["language"] for row in rows]
    assert view["languages"][0]["cells"][0]["times"] == "× 1.0"


def test_a_misreading_is_told_apart_from_a_failure() -> None:
    ids = np.array([0, 1], np.int32)
    spans = np.array([0, 1], np.int32)
    written = Tokens("ab", "minilm-l6", "WordPiece", ("a", "##b"), ids, spans, spans + 1, np.zeros(2, bool), 512)
    wrong = Misreading("smollm2-135m", (0, 1), ("a", "Ġx"), "a x", 10)
    assert "nothing fails" in misreading_sentence(written, wrong)
    columns = misreading_view(written, wrong)["columns"]
    assert [(c["meant"], c["read"], c["same"]) for c in columns] == [("a", "a", True), ("##b", "␣x", False)]
    assert "index error" in misreading_sentence(written, Misreading("smollm2-135m", (0, 99), ("a", None), "a", 10))
    assert "right tokenizer" in misreading_sentence(written, Misreading("minilm-l6", (0, 1), ("a", "##b"), "ab", 10))


def test_budget_says_whose_count_it_is_and_what_is_over() -> None:
    made = FakeService().run(BudgetRequest("word " * 1000, "minilm-l6"))
    view = budget_view(made, 500)
    assert "MiniLM" in view["caution"] and "too many" in view["meter"]["text"]
    assert "times the window" in budget_sentence(made)
    row = next(row for row in view["prices"] if row["model"] == "GPT-6.2 Sol")
    assert (row["reading"], row["both"]) == ("USD 0.002", "USD 0.007")
    assert "2.0 MB/s" in dict(budget_view(Budget("minilm-l6", 1, 0, 1, 2_000_000, 512, 1.0), 0)["figures"]).values()
    empty = Budget("en-fr", 0, 1, 1, 1, 512, 0.0)
    assert dict(budget_view(empty, 0)["figures"])["characters per token"] == "–"


def test_a_million_characters_stay_drawable() -> None:
    tokens = FakeService().run(TokensRequest("ab " * 310_000, "smollm2-135m"))
    view = tokens_view(tokens)
    assert len(view["arrays"]) < 4_000_000
    assert ("tokens", "310,000") in view["figures"] and ("characters", "930,000") in view["figures"]
    assert f"first {DRAWN:,}" in tokens_sentence(tokens)
