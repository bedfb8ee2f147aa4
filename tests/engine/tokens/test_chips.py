"""What the chips show is what the token is: pieces as the libraries give them, typed control tokens marked, normalised signs told."""

from typing import Any

import pytest
import sentencepiece
from transformers import BertTokenizer, MarianTokenizer

from playground.catalog import find_model
from playground.engine.codec import Codec
from playground.engine.forward import side_of
from playground.engine.sources import WEIGHTS, find_files
from playground.engine.tokens.segmentation import cut
from playground.engine.tokens.tokens import tokenize
from playground.engine.watch import Watch
from playground.settings import Settings
from playground.tasks.tokens.segmentation import Cutting, CuttingRequest
from playground.tasks.tokens.tokens import Tokens, TokensRequest
from playground.views.tokens.comparison import contrast_view
from playground.views.tokens.segmentation import cutting_view
from playground.views.tokens.tokens import kinds_of, tokenized, tokens_sentence, tokens_view
from tests.conftest import Models
from tests.engine.test_codec import SLUGS, TEXTS
from tests.views.tokens.test_tokens import unpack

MADE = ["7 up", "wait…", "½", "a ½ b", "™ ①", "ﬁne", "x 🦙 {y}", " lead", "don’t go", "Zoë’s l’été c‘est\u00a0ça\u202f!", "ﾊﾟ"]
CONTROL_NAMES = ("</s>", "<unk>", "<pad>")


@pytest.fixture(scope="module")
def codecs(models: Models) -> dict[str, Codec]:
    return {slug: models[slug].codec for slug in SLUGS}


@pytest.fixture(scope="module")
def marian() -> Any:
    return MarianTokenizer.from_pretrained(WEIGHTS / "en-fr")


@pytest.fixture(scope="module")
def bert(settings: Settings) -> Any:
    """Put together from vocab.txt alone."""
    folder = find_files(find_model("minilm-l6"), settings, lambda *told: None, tokenizer_only=True).folder
    words = {word: i for i, word in enumerate((folder / "vocab.txt").read_text("utf-8").splitlines())}
    return BertTokenizer(vocab=words, do_lower_case=True)


def tokens_of(codecs: dict[str, Codec], slug: str, text: str) -> Tokens:
    [made] = tokenize(find_model(slug), codecs[slug], [TokensRequest(text, slug)], Watch())
    return made


def cutting_of(codecs: dict[str, Codec], slug: str, text: str) -> Cutting:
    [made] = cut(find_model(slug), codecs[slug], [CuttingRequest(text, slug)], Watch())
    return made


def chips(tokens: Tokens) -> list[str]:
    view = tokens_view(tokens)
    return [view["rows"][i][1] for i in unpack(view["index"])]


def shown(piece: str) -> str:
    """A SentencePiece piece as people should see it, from its own spelling."""
    return f"⟨{piece[3:5]}⟩" if piece.startswith("<0x") else piece


def test_sentencepiece_chips_are_its_pieces(codecs: dict[str, Codec]) -> None:
    library = sentencepiece.SentencePieceProcessor(model_file=str(WEIGHTS / "en-fr" / "source.spm"))
    for text in MADE:
        tokens = tokens_of(codecs, "en-fr", text)
        pieces = library.encode(text.translate({0x2019: "'", 0x2018: "'", 0xA0: " ", 0x202F: " "}), out_type=str)
        assert chips(tokens) == [*map(shown, pieces), "</s>"], repr(text)
        raw = sum(piece.startswith("<0x") for piece in pieces)
        assert kinds_of(tokens).count("part") == raw
        assert (f"{raw:,} of the {len(pieces) + 1:,} tokens" in tokens_sentence(tokens)) == bool(raw), repr(text)
        assert [chip["text"] for chip in contrast_view([tokens, tokens])["rows"][0]["chips"]] == [*map(shown, pieces)]


def test_the_cuts_the_item_names(codecs: dict[str, Codec]) -> None:
    assert chips(tokens_of(codecs, "en-fr", "7 up"))[:2] == ["▁", "7"]
    assert kinds_of(tokens_of(codecs, "en-fr", "7 up"))[:2] == ["added", ""]
    assert chips(tokens_of(codecs, "en-fr", "wait…"))[1:4] == [".", ".", "."]
    assert [one["bytes"] for one in tokenized(tokens_of(codecs, "en-fr", "wait…"))["tokens"]][1:4] == ["e2 80 a6"] * 3
    assert chips(tokens_of(codecs, "en-fr", "½"))[:5] == ["▁1", "⟨E2⟩", "⟨81⟩", "⟨84⟩", "2"]


def test_wordpiece_chips_are_its_pieces(codecs: dict[str, Codec], bert: Any) -> None:
    assert chips(tokens_of(codecs, "minilm-l6", "Unbelievably café"))[1:-1] == ["un", "##bel", "##ie", "##va", "##bly", "cafe"]
    for text in TEXTS[:60]:
        if all(c.isprintable() for c in text):
            pieces = bert.tokenize(text)
            tokens = tokens_of(codecs, "minilm-l6", text)
            assert chips(tokens) == ["[CLS]", *(p if p.isascii() else chips(tokens)[i + 1] for i, p in enumerate(pieces)), "[SEP]"]
            assert list(tokens.pieces) == ["[CLS]", *pieces, "[SEP]"]


def test_the_source_surface_stands_beside_the_piece(codecs: dict[str, Codec]) -> None:
    view = tokens_view(tokens_of(codecs, "minilm-l6", "Unbelievably"))
    assert [(row[1], row[4]) for row in view["rows"]][1:3] == [("un", "Un"), ("##bel", "bel")]
    chip = contrast_view([tokens_of(codecs, slug, "Unbelievably") for slug in ("minilm-l6", "en-fr")])["rows"][0]["chips"][0]
    assert (chip["text"], chip["said"]) == ("un", "of “Un”")


def test_labels_of_the_attention_lab_hold_no_bytes_of_other_signs(models: Models) -> None:
    """What a normaliser made of a character is shown as itself there too."""
    codec = models["en-fr"].codec
    for text, labels in (("wait…", ("wait", ".", ".", ".", "</s>")), ("½", (" 1", "⟨E2⟩", "⟨81⟩", "⟨84⟩", "2", "</s>")),
                         ("7 up", ("▁", "7", " up", "</s>"))):  # fmt: skip
        assert side_of(models["en-fr"], text, codec.encode(text)).labels == labels


@pytest.mark.parametrize(
    ("slug", "text", "typed"),
    [
        ("minilm-l6", "one [SEP] two [MASK]", ["[SEP]", "[MASK]"]), ("minilm-l6", "[UNK] 🦙", ["[UNK]"]), ("minilm-l6", "sep", []),
        ("smollm2-135m", "a<|endoftext|>b<|im_end|>", ["<|endoftext|>", "<|im_end|>"]), ("smollm2-135m", "[SEP]", []),
        ("en-fr", "a </s> b", []),
    ],
)  # fmt: skip
def test_typed_control_tokens_are_marked_and_told(codecs: dict[str, Codec], slug: str, text: str, typed: list[str]) -> None:
    tokens = tokens_of(codecs, slug, text)
    marked = [piece for piece, kind in zip(tokens.pieces, kinds_of(tokens), strict=True) if kind == "control"]
    assert marked == typed
    said = tokens_sentence(tokens)
    assert all(f"“{name}”" in said for name in typed) and ("control token" in said) == bool(typed or slug == "en-fr")
    assert said.count("one id each") == bool(typed)
    row = contrast_view([tokens, tokens])["rows"][0]
    assert [chip["text"] for chip in row["chips"] if chip["special"]] == typed
    assert row["lost"] == str(text.count("🦙"))
    if typed:
        stage = next(stage for stage in cutting_view(cutting_of(codecs, slug, text))["stages"] if stage["name"].startswith("Parted"))
        assert "one id each" in stage["said"] and [chip["text"] for chip in stage["chips"] if chip["special"]] == typed


def test_en_fr_ids_are_marians_on_the_text_that_is_shown(codecs: dict[str, Codec], marian: Any) -> None:
    """The stage that says which text is read, and MarianTokenizer on that very text."""
    tried = 0
    for text in [*MADE, *TEXTS]:
        made = cutting_of(codecs, "en-fr", text)
        if made.spelled:
            continue
        assert list(made.ids) == marian(made.read).input_ids, repr(text)
        names = [stage["name"] for stage in cutting_view(made)["stages"]]
        assert ("Signs made plain" in names) == (made.read != text)
        tried += made.read != text
    assert tried > 10


@pytest.mark.parametrize("name", [*CONTROL_NAMES, ">>fr<<"])
def test_en_fr_reads_typed_control_tokens_as_text_and_says_so(codecs: dict[str, Codec], marian: Any, name: str) -> None:
    library = sentencepiece.SentencePieceProcessor(model_file=str(WEIGHTS / "en-fr" / "source.spm"))
    text = f"{name} the cat"
    made = cutting_of(codecs, "en-fr", text)
    assert list(made.pieces[:-1]) == library.encode(text, out_type=str)
    assert list(made.ids) != marian(text).input_ids
    assert f"“{name}”" in tokens_sentence(tokens_of(codecs, "en-fr", text)) and "MarianTokenizer" in cutting_view(made)["stages"][0]["said"]
    assert "MarianTokenizer" not in tokens_sentence(tokens_of(codecs, "en-fr", "the cat"))
