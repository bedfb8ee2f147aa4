"""The tokens view: unpacked in Python as the browser does it, it gives back every token."""

import numpy as np
import pytest

from playground.catalog import DEFAULTS
from playground.errors import BadInput
from playground.tasks.tokens.limits import LIMITS
from playground.tasks.tokens.tokens import Tokens, TokensRequest
from playground.views.tokens.tokens import byte_spans, tokenized, tokens_sentence, tokens_view
from playground.views.windows import known_windows, meter, percent
from tests.fake.service import FakeService
from tests.wire import unpack


def made(
    text: str, spans: list[tuple[int, int]], pieces: list[str], special: list[bool] | None = None, scheme: str = "byte-level BPE"
) -> Tokens:
    starts, ends = (np.array([span[i] for span in spans], np.int32) for i in (0, 1))
    ids = np.arange(len(spans), dtype=np.int32)
    return Tokens(text, DEFAULTS["tokens"], scheme, tuple(pieces), ids, starts, ends, np.array(special or [False] * len(spans), bool), 8192)


SPLIT = made("a 🤗🤗", [(0, 1), (1, 3), (2, 3), (2, 3), (3, 4), (3, 4)], ["a", "ĠðŁ", "¤", "Ĺ", "ðŁ", "¤Ĺ"])


def test_pieces_of_a_character_get_their_own_bytes() -> None:
    starts, ends = byte_spans(SPLIT)
    assert starts.tolist() == [0, 1, 4, 5, 6, 8]
    assert ends.tolist() == [1, 4, 5, 6, 8, 10]


def test_pieces_whose_bytes_do_not_add_up_share_the_character() -> None:
    odd = made("é", [(0, 1), (0, 1)], ["e", "e"], scheme="WordPiece")
    starts, ends = byte_spans(odd)
    assert (starts.tolist(), ends.tolist()) == ([0, 0], [2, 2])


def test_split_characters_are_shown_as_bytes() -> None:
    labels = [row[1] for row in tokens_view(SPLIT)["rows"]]
    assert labels == ["a", "⟨20 F0 9F⟩", "⟨A4⟩", "⟨97⟩", "⟨F0 9F⟩", "⟨A4 97⟩"]
    assert "bytes of a character" in tokens_sentence(SPLIT)


@pytest.mark.parametrize(
    ("pieces", "said"), [(["hi", "[UNK]"], "1 of the 2 tokens is [UNK]"), (["<unk>", "<unk>"], "2 of the 2 tokens are <unk>")]
)
def test_lost_text_is_told(pieces: list[str], said: str) -> None:
    assert said in tokens_sentence(made("hi 🫠", [(0, 2), (3, 4)], pieces))


def test_one_token_goes_on_inside_a_word() -> None:
    assert "1 of the 2 tokens goes on" in tokens_sentence(made("tokens", [(0, 5), (5, 6)], ["token", "s"]))


def test_a_list_of_tokens_has_a_bound() -> None:
    most = LIMITS.listed_tokens
    assert tokenized(made("a" * most, [(i, i + 1) for i in range(most)], ["a"] * most))["count"] == most
    with pytest.raises(BadInput, match="20,001 tokens; up to 20,000"):
        tokenized(made("a" * (most + 1), [(i, i + 1) for i in range(most + 1)], ["a"] * (most + 1)))


def test_no_word_is_not_a_whole_word() -> None:
    assert "no word here" in tokens_sentence(made("12", [(0, 1), (1, 2)], ["1", "2"]))


def test_special_tokens_show_their_piece() -> None:
    tokens = made("hi", [(0, 0), (0, 2), (2, 2)], ["[CLS]", "hi", "[SEP]"], [True, False, True], "WordPiece")
    view = tokens_view(tokens)
    assert [row[1] for row in view["rows"]] == ["[CLS]", "hi", "[SEP]"]
    assert ("tokens", "3 of which 2 special") in view["figures"]
    assert [one["text"] for one in tokenized(tokens)["tokens"]] == ["[CLS]", "hi", "[SEP]"]


@pytest.mark.parametrize("text", ["one two one", "z", "é 🤗 naïve\nline", "<b>x</b> ${7*7} {{value}}"])
def test_view_holds_every_token(text: str) -> None:
    tokens = FakeService().run(TokensRequest(text, DEFAULTS["tokens"]))
    view = tokens_view(tokens)
    sent = unpack(view["arrays"])
    assert sent["starts"].tolist() == tokens.starts.tolist()
    assert (sent["starts"] + sent["lengths"]).tolist() == tokens.ends.tolist()
    assert [view["rows"][i][0] for i in sent["index"]] == tokens.ids.tolist()
    spans = zip(sent["byte_starts"], sent["byte_starts"] + sent["byte_lengths"], strict=True)
    assert [text.encode()[a:b].decode() for a, b in spans] == [text[a:b] for a, b in zip(tokens.starts, tokens.ends, strict=True)]


def test_long_text_stays_small() -> None:
    tokens = FakeService().run(TokensRequest("word " * 40_000, DEFAULTS["tokens"]))
    view = tokens_view(tokens)
    assert len(view["arrays"]) < 500_000


def test_every_window_has_a_source_and_a_date() -> None:
    rows = known_windows()
    assert {("GPT-3", 2048), ("GPT-4", 8192), ("GPT-4 32k", 32768), ("Claude 2", 100000)} <= {(r["model"], r["window"]) for r in rows}
    assert all(r["source"].startswith("https://") and r["date"][:2] == "20" and r["tokenizer"] for r in rows)


def test_meter_says_how_many_are_too_many() -> None:
    assert meter(10, 100, "X")["text"] == "10 of 100 tokens, 10 % of the context window of X"
    assert meter(110, 100, "X")["text"].endswith("10 too many")
    assert [percent(s) for s in (0, 0.00001, 0.0017, 0.25)] == ["0 %", "<0.01 %", "0.17 %", "25 %"]
