"""The steps worked out here give the library's own ids on fuzzed text, and the stages are the library's stages."""

import itertools
import random
from typing import Any

import numpy as np
import pytest

from playground.catalog import find_model
from playground.engine.codec import Codec
from playground.engine.tokens.misreading import misread
from playground.engine.tokens.segmentation import cut
from playground.engine.watch import Watch
from playground.tasks.tokens.bpe import Merging
from playground.tasks.tokens.misreading import MisreadingRequest
from playground.tasks.tokens.segmentation import Cutting, CuttingRequest
from playground.tasks.tokens.tokens import byte_alphabet
from playground.tasks.tokens.unigram import Lattice
from playground.tasks.tokens.wordpiece import Matching
from tests.conftest import Models
from tests.engine.test_codec import SLUGS, TEXTS, WRITTEN, fuzzed


@pytest.fixture(scope="module")
def codecs(models: Models) -> dict[str, Codec]:
    return {slug: models[slug].codec for slug in SLUGS}


def steps_of(codecs: dict[str, Codec], slug: str, text: str, chat: bool = False) -> Cutting:
    [made] = cut(find_model(slug), codecs[slug], [CuttingRequest(text, slug, chat)], Watch())
    return made


def bytes_of_all_kinds(many: int) -> list[str]:
    """Any code points whatever, so that every UTF-8 byte, also those SmolLM2 lacks, comes up."""
    luck = random.Random(7)
    anything = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
    return ["".join(chr(luck.choice(anything)) for _ in range(luck.randint(1, 30))) for _ in range(many)]


@pytest.mark.parametrize("slug", SLUGS)
def test_the_steps_give_the_librarys_ids(codecs: dict[str, Codec], slug: str) -> None:
    for text in [*WRITTEN, *fuzzed(1500), *bytes_of_all_kinds(300)]:
        made = steps_of(codecs, slug, text)
        assert [i for word in made.words for i in word.ids] == codecs[slug].ids(text, special=False), repr(text)
        assert made.agrees


@pytest.mark.parametrize("slug", SLUGS)
def test_the_steps_of_prose_give_the_librarys_ids(codecs: dict[str, Codec], slug: str) -> None:
    prose = "Transformers read tokens, not words: unbelievably, even “antidisestablishmentarianism” and 🤗 are cut. " * 4
    assert steps_of(codecs, slug, prose).agrees
    assert steps_of(codecs, slug, "x" * 500).agrees


def test_a_wrong_table_is_noticed(codecs: dict[str, Codec], monkeypatch: pytest.MonkeyPatch) -> None:
    codec: Any = codecs["smollm2-135m"]
    tables = codec.tables
    pair = min(tables.ranks, key=lambda pair: tables.ranks[pair])
    monkeypatch.setitem(codec.__dict__, "tables", type(tables)(tables.vocabulary, {**tables.ranks, pair: 1 << 40}))
    assert not steps_of(codecs, "smollm2-135m", "the tea at the table").agrees


def test_bpe_goes_from_bytes_to_pieces_and_back(codecs: dict[str, Codec]) -> None:
    for text in TEXTS[:120]:
        for word in steps_of(codecs, "smollm2-135m", text).words:
            if not isinstance(word.steps, Merging):
                continue
            steps = word.steps
            assert "".join(steps.after(0)) == "".join(steps.pieces)
            assert all(len(symbol) == 1 for symbol in steps.symbols)
            assert len(steps.symbols) - len(steps.merges) == len(word.pieces)
            ranks = codecs["smollm2-135m"].tables.ranks  # type: ignore[union-attr]
            for i, merge in enumerate(steps.merges):
                before = steps.after(i)
                known = [ranks[pair] for pair in itertools.pairwise(before) if pair in ranks]
                assert merge.rank == min(known), "the lowest rank of all pairs there are"


def test_dropped_bytes_are_told(codecs: dict[str, Codec]) -> None:
    """SmolLM2's vocabulary lacks 21 bytes, some control characters among them."""
    lacking = next(byte for letter, byte in byte_alphabet().items() if codecs["smollm2-135m"].id_of(letter) is None and byte < 128)
    [word] = [word for word in steps_of(codecs, "smollm2-135m", chr(lacking)).words if isinstance(word.steps, Merging)]
    assert isinstance(word.steps, Merging)
    assert [byte_alphabet()[letter] for letter in word.steps.dropped] == [lacking]
    assert word.pieces == ()


def test_wordpiece_takes_the_longest(codecs: dict[str, Codec]) -> None:
    vocabulary = codecs["minilm-l6"].tables.vocabulary
    for text in TEXTS[:120]:
        for word in steps_of(codecs, "minilm-l6", text).words:
            if isinstance(word.steps, Matching) and word.steps.failed < 0:
                for match in word.steps.matches:
                    head = "##" if match.start else ""
                    longer = [head + word.text[match.start : e] for e in range(match.end + 1, len(word.text) + 1)]
                    assert not [piece for piece in longer if piece in vocabulary]


def test_no_path_through_the_lattice_is_better(codecs: dict[str, Codec]) -> None:
    """Every path of short words is tried by brute force."""
    for text in ("unbelievable", "l'été", "cats 🤗", "a"):
        [word] = steps_of(codecs, "en-fr", text).words
        assert isinstance(word.steps, Lattice)
        lattice = word.steps
        assert sum(lattice.arcs[i].score for i in lattice.path) == pytest.approx(float(lattice.best[-1]), abs=1e-3)
        assert float(lattice.best[-1]) == pytest.approx(max(all_paths(lattice, 0)), abs=1e-3)
        assert np.isfinite(lattice.best).all() and not lattice.best.flags.writeable


def all_paths(lattice: Lattice, at: int) -> list[float]:
    if at == len(lattice.text):
        return [0.0]
    return [arc.score + max(all_paths(lattice, arc.end)) for arc in lattice.arcs if arc.start == at]


def test_the_stages(codecs: dict[str, Codec]) -> None:
    made = steps_of(codecs, "minilm-l6", "Héllo, WORLD [SEP] x")
    assert [(s.normalised, s.words, s.special) for s in made.segments] == [
        ("hello, world ", ("hello", ",", "world"), False), ("[SEP]", ("[SEP]",), True), (" x", ("x",), False),
    ]  # fmt: skip
    assert made.pieces[0] == "[CLS]" and made.special[0] and made.special[-1]
    assert [p for p, special in zip(made.pieces, made.special, strict=True) if special] == ["[CLS]", "[SEP]", "[SEP]"]
    [segment] = steps_of(codecs, "en-fr", "  ﬁne\u00a0½ ").segments
    assert segment.normalised == "▁fine▁1⁄2"


def test_the_chat_template_is_put_around(codecs: dict[str, Codec]) -> None:
    made = steps_of(codecs, "smollm2-135m", "Hi", chat=True)
    assert made.templated and made.read == codecs["smollm2-135m"].chat("Hi") and made.agrees
    assert made.pieces[0] == "<|im_start|>" and made.special[0]
    without = steps_of(codecs, "minilm-l6", "Hi", chat=True)
    assert not without.templated and without.read == "Hi"


@pytest.mark.parametrize("slug", SLUGS)
def test_misreading(codecs: dict[str, Codec], slug: str) -> None:
    ids = codecs["smollm2-135m"].ids("The cat sat on the mat.")
    [made] = misread(find_model(slug), codecs[slug], [MisreadingRequest((*ids, 2**31 - 1), slug)], Watch())
    assert made.pieces[-1] is None and made.outside >= 1
    assert made.size > max(i for i, piece in zip(made.ids, made.pieces, strict=True) if piece is not None)
    assert (made.text == "The cat sat on the mat.") == (slug == "smollm2-135m")
