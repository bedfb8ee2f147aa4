"""Tiny random models of every family, loaded as the app loads them, with a tokenizer that gives each word a number."""

import numpy as np
import torch
import transformers

from playground.catalog import find_model
from playground.engine.codec import Encoded
from playground.engine.models import Loaded, window_of
from playground.engine.tap import IMPLEMENTATION
from tests.engine.test_tap import TINY

CARDS = {"gpt2": "gpt2", "llama-gqa": "smollm2-135m", "distilbert": "distilbert-sst2", "bert": "bert-base-uncased", "t5": "t5-small",
         "marian": "opus-mt-en-fr"}  # fmt: skip
# As many blocks in either half, as T5 has them: transformers' own generate runs out of cache with more in the decoder.
T5 = transformers.T5Config(vocab_size=99, d_model=32, d_kv=8, d_ff=37, num_layers=2, num_heads=4, decoder_start_token_id=0)
TEXT = "the white house saw the other house today"


class WordCodec:
    """Equal words, equal ids; nothing is special."""

    def encode(self, text: str, special: bool = True) -> Encoded:
        words = text.split()
        starts, at = [], 0
        for word in words:
            at = text.index(word, at)
            starts.append(at)
            at += len(word)
        ends = [s + len(w) for s, w in zip(starts, words, strict=True)]
        return Encoded(np.array(self.ids(text), np.int32), tuple(words), np.array(starts, np.int32), np.array(ends, np.int32),
                       np.zeros(len(words), bool))  # fmt: skip

    def ids(self, text: str, special: bool = True) -> list[int]:
        return [1 + sum(word.encode()) % 90 for word in text.split()]

    def decode(self, ids: list[int]) -> str:
        return " ".join(f"w{i}" for i in ids)

    def id_of(self, piece: str) -> int | None:
        return None

    def piece_of(self, id: int) -> str | None:
        return f"w{id}"

    def chat(self, prompt: str) -> str | None:
        return None


def tiny(family: str) -> Loaded:
    """With biases and norms that are not the 0 and 1 they begin with, so that a forgotten one shows."""
    torch.manual_seed(0)
    model = TINY[family]() if family != "t5" else transformers.T5ForConditionalGeneration(T5)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "embed_positions" not in name:
                parameter.add_(torch.randn_like(parameter) * 0.1)
    model.eval().requires_grad_(False)
    model.set_attn_implementation(IMPLEMENTATION)
    card = find_model(CARDS[family])
    return Loaded(card, model, WordCodec(), torch.device("cpu"), "tiny", 0, window_of(model.config, card))


def stacks(family: str) -> list[str]:
    return ["encoder", "decoder"] if family in ("t5", "marian") else [find_model(CARDS[family]).family]
