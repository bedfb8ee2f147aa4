"""Text to token ids with offsets, and back, for every tokenizer of the catalog. Needs `tokenizers` or `sentencepiece`, no torch.

Offsets are code points of the text as received (design.md §2a); tests/engine/test_codec.py holds them on fuzzed text.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import sentencepiece
import tokenizers
from numpy.typing import NDArray

from playground.engine.conversion import DONE
from playground.engine.tables import json_segments, json_tables, sentencepiece_segments, sentencepiece_tables
from playground.errors import ModelUnavailable
from playground.tasks.carried import SLOTS
from playground.tasks.source_text import PLAIN, letters_of
from playground.tasks.tokens.segmentation import Segment, Tables
from playground.tasks.tokens.tokens import byte_alphabet, byte_offsets, piece_bytes


@dataclass(frozen=True)
class Encoded:
    """One text in tokens; arrays (tokens,). Special tokens have an empty span where they stand."""

    ids: NDArray[np.int32]
    pieces: tuple[str, ...]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    special: NDArray[np.bool_]

    @property
    def end(self) -> int:
        """Where in the text its last token that is not special ends; 0 without one."""
        return int(self.ends[~self.special].max(initial=0))


class Codec(Protocol):
    """`encode` with the special tokens its model expects, or without; `decode` gives text without special tokens."""

    def encode(self, text: str, special: bool = True) -> Encoded: ...

    def ids(self, text: str, special: bool = True) -> list[int]: ...

    def decode(self, ids: list[int]) -> str: ...

    def id_of(self, piece: str) -> int | None: ...

    def chat(self, prompt: str) -> str | None:
        """`prompt` as a user's message in the model's chat template, ready to answer; None without a template."""

    def counts(self, texts: list[str]) -> list[int]:
        """How many tokens each text has, without special tokens; quicker than `encode`, on all cores."""

    def piece_of(self, id_: int) -> str | None:
        """The vocabulary's piece with this id; None where it is outside of it."""

    def segments(self, text: str) -> tuple[Segment, ...]:
        """What stands before the algorithm: parted at special tokens, normalised, cut into pre-tokens."""

    @property
    def tables(self) -> Tables: ...

    @property
    def size(self) -> int:
        """One more than the largest id."""

    def plain(self, text: str) -> str:
        """The text as it is handed to the tokenizer: the same, but where the playground makes signs plain that the model cannot read."""

    def spelled(self, text: str) -> tuple[str, ...]:
        """Control tokens whose names `text` holds and which are read as plain text, although the model's own class would not."""

    @property
    def controls(self) -> frozenset[str]:
        """Control tokens that are taken for such where they stand in a text."""

    @property
    def origin(self) -> str:
        """Whose ids these are, for people: the library, and the files it reads."""


class FastCodec:
    """A `tokenizer.json`, read by the tokenizers library. Cutting and padding are switched off."""

    def __init__(self, folder: Path) -> None:
        self.tokenizer = tokenizers.Tokenizer.from_str(_untrimmed((folder / "tokenizer.json").read_text("utf-8")))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self.settings = _read_settings(folder)
        made = folder / DONE
        self.origin = "the tokenizers library, reading tokenizer.json" + (f", {made.read_text('utf-8').strip()}" if made.exists() else "")
        self._lacking = _lacking_bytes(self.tokenizer)
        self.controls = frozenset(token.content for token in self.tokenizer.get_added_tokens_decoder().values() if token.special)

    def encode(self, text: str, special: bool = True) -> Encoded:
        made = self.tokenizer.encode(text, add_special_tokens=special)
        spans, mask = np.array(made.offsets, np.int32).reshape(-1, 2), np.array(made.special_tokens_mask, bool)
        if self._lacking and not self._lacking.isdisjoint(text.encode()):
            spans = _realigned(text, made.tokens, spans, mask, self._lacking)
        return _tidied(made.ids, made.tokens, spans, mask, len(text))

    def plain(self, text: str) -> str:
        return text

    def spelled(self, text: str) -> tuple[str, ...]:
        return ()

    def ids(self, text: str, special: bool = True) -> list[int]:
        return list(self.tokenizer.encode(text, add_special_tokens=special).ids)

    def decode(self, ids: list[int]) -> str:
        return str(self.tokenizer.decode(ids, skip_special_tokens=True))

    def id_of(self, piece: str) -> int | None:
        return self.tokenizer.token_to_id(piece)

    def piece_of(self, id_: int) -> str | None:
        return self.tokenizer.id_to_token(id_) if 0 <= id_ < self.size else None

    @cached_property
    def size(self) -> int:
        return max(self.tokenizer.get_vocab(with_added_tokens=True).values()) + 1

    @cached_property
    def tables(self) -> Tables:
        return json_tables(self.tokenizer)

    def segments(self, text: str) -> tuple[Segment, ...]:
        return json_segments(self.tokenizer, text)

    def counts(self, texts: list[str]) -> list[int]:
        return [len(made) for made in self.tokenizer.encode_batch_fast(texts, add_special_tokens=False)]

    def chat(self, prompt: str) -> str | None:
        template = self.settings.get("chat_template")
        if not isinstance(template, str):
            return None
        from transformers.utils.chat_template_utils import render_jinja_template

        named = {k: v["content"] if isinstance(v, dict) else v for k, v in self.settings.items() if k.endswith("_token") and v}
        conversation = [{"role": "user", "content": prompt}]
        rendered = render_jinja_template([conversation], chat_template=template, add_generation_prompt=True, **named)
        return str(rendered[0][0])


class MarianCodec:
    """Marian's `source.spm`, `target.spm` and `vocab.json`, read by sentencepiece. Texts are encoded as source language.

    Curly apostrophes and no-break spaces are made plain first, one character for one, so offsets stay true. A control token's name in
    a text is text, as sentencepiece has it; transformers' MarianTokenizer would take it for the token.
    """

    controls: frozenset[str] = frozenset()
    origin = "the sentencepiece library, reading source.spm and vocab.json"

    def __init__(self, folder: Path) -> None:
        self.source = sentencepiece.SentencePieceProcessor(model_file=str(folder / "source.spm"))
        self.target = sentencepiece.SentencePieceProcessor(model_file=str(folder / "target.spm"))
        self.vocabulary: dict[str, int] = json.loads((folder / "vocab.json").read_text("utf-8"))
        self.words = {i: piece for piece, i in self.vocabulary.items()}
        self.end, self.unknown = self.vocabulary["</s>"], self.vocabulary["<unk>"]
        known = folder / "words.txt"
        self.known = frozenset(known.read_text("utf-8").split()) if known.exists() else frozenset[str]()

    @cached_property
    def slots(self) -> frozenset[int]:
        """The ids of the slots (tasks/carried.py) this vocabulary has: none for a model that was not trained with them."""
        return frozenset(self.vocabulary[slot] for slot in SLOTS if slot in self.vocabulary)

    @cached_property
    def letters(self) -> frozenset[str]:
        """The single characters this vocabulary spells without falling to bytes."""
        return letters_of(self.vocabulary)

    def encode(self, text: str, special: bool = True, target: bool = False) -> Encoded:
        plain = self.plain(text)
        made = (self.target if target else self.source).encode(plain, return_type="proto").pieces
        pieces = [p.piece for p in made] + ["</s>"] * special
        spans = _code_points(plain, [(p.begin, p.end) for p in made] + [(-1, -1)] * special, pieces)
        ids = [self.vocabulary.get(piece, self.unknown) for piece in pieces]
        pieces = [piece if piece in self.vocabulary else "<unk>" for piece in pieces]
        return _tidied(ids, pieces, spans, np.array([False] * len(made) + [True] * special, bool), len(text))

    def plain(self, text: str) -> str:
        return text.translate(PLAIN)

    def spelled(self, text: str) -> tuple[str, ...]:
        code = text[: text.index("<<") + 2] if text.startswith(">>") and "<<" in text else ""
        return (*(sign for sign in ("</s>", "<unk>", "<pad>") if sign in text), *([code] if code else []))

    def ids(self, text: str, special: bool = True) -> list[int]:
        made = self.source.encode(self.plain(text), out_type=str)
        return [self.vocabulary.get(piece, self.unknown) for piece in made] + [self.end] * special

    def decode(self, ids: list[int]) -> str:
        pieces = [self.words[i] for i in ids if self.words.get(i, "<pad>") not in ("</s>", "<pad>", "<unk>")]
        return str(self.target.decode_pieces(pieces))

    def id_of(self, piece: str) -> int | None:
        return self.vocabulary.get(piece)

    def piece_of(self, id_: int) -> str | None:
        return self.words.get(id_)

    @property
    def size(self) -> int:
        return len(self.vocabulary)

    @cached_property
    def tables(self) -> Tables:
        return sentencepiece_tables(self.source, self.vocabulary)

    def segments(self, text: str) -> tuple[Segment, ...]:
        return sentencepiece_segments(self.source, text)

    def counts(self, texts: list[str]) -> list[int]:
        return [len(made) for made in self.source.encode([self.plain(text) for text in texts], out_type=int)]

    def chat(self, prompt: str) -> str | None:
        return None


def open_codec(folder: Path) -> Codec:
    """The tokenizer whose files lie in `folder`. Raises ModelUnavailable if they are of no known kind."""
    if (folder / "tokenizer.json").exists():
        return FastCodec(folder)
    if (folder / "source.spm").exists():
        return MarianCodec(folder)
    raise ModelUnavailable(f"No tokenizer.json and no source.spm in {folder.name}: this tokenizer cannot be opened here.")


def _tidied(ids: list[int], pieces: list[str], spans: NDArray[np.int32], special: NDArray[np.bool_], length: int) -> Encoded:
    """Offsets that never go backwards and stay in bounds; special tokens get the empty span after what went before."""
    starts, ends = spans[:, 0], spans[:, 1]
    ends = np.maximum.accumulate(np.where(special, 0, ends)) if len(ends) else ends
    starts = np.where(special, ends, np.maximum.accumulate(np.where(special, 0, starts))) if len(starts) else starts
    ends = np.minimum(ends, length).astype(np.int32)
    arrays = np.array(ids, np.int32), np.minimum(starts, ends).astype(np.int32), ends, special
    for array in arrays:
        array.setflags(write=False)
    return Encoded(arrays[0], tuple(pieces), arrays[1], arrays[2], arrays[3])


def _lacking_bytes(tokenizer: Any) -> frozenset[int]:
    """The bytes a byte-level vocabulary has no piece for (SmolLM2 lacks 21); the library drops them without a word."""
    if "ByteLevel" not in type(tokenizer.decoder).__name__:
        return frozenset()
    return frozenset(byte for letter, byte in byte_alphabet().items() if tokenizer.token_to_id(letter) is None)


def _realigned(
    text: str, pieces: list[str], spans: NDArray[np.int32], special: NDArray[np.bool_], lacking: frozenset[int]
) -> NDArray[np.int32]:
    """(pieces, 2) code points counted from the pieces' own bytes: after a dropped byte the library's offsets lag behind."""
    raw = np.frombuffer(text.encode(), np.uint8)
    kept = np.flatnonzero(~np.isin(raw, list(lacking)))
    sizes = [0 if s else len(piece_bytes(piece, "byte-level BPE") or b"") for piece, s in zip(pieces, special, strict=True)]
    ends = np.cumsum(sizes)
    if not len(kept) or ends[-1] != len(kept):
        return spans
    letters = np.searchsorted(byte_offsets(text), kept, "right") - 1  # of each byte that was kept
    begins = np.minimum(ends - sizes, len(kept) - 1)
    return np.stack([letters[begins], letters[np.maximum(ends - 1, 0)] + 1], axis=1).astype(np.int32)


def _code_points(text: str, spans: list[tuple[int, int]], pieces: list[str]) -> NDArray[np.int32]:
    """(pieces, 2) code points for sentencepiece's UTF-8 offsets. It gives a character that becomes several pieces to the last of
    them only; here all of them get its span, but not a ▁ put in front. A span of (-1, -1) stands for the end of the text."""
    places = byte_offsets(text)
    found = np.array(spans, np.int64).reshape(-1, 2)
    found[found < 0] = places[-1]
    for i in range(len(found) - 2, -1, -1):
        if found[i, 0] == found[i, 1] == found[i + 1, 0] and pieces[i] != "▁":
            found[i, 1] = found[i + 1, 1]
    return np.searchsorted(places, found).astype(np.int32)


def _untrimmed(text: str) -> str:
    """The tokenizer description with offsets that keep the space a byte-level piece begins with."""
    description: dict[str, Any] = json.loads(text)
    for part in ("pre_tokenizer", "post_processor", "decoder"):
        block = description.get(part) or {}
        for step in [block, *block.get("pretokenizers", []), *block.get("processors", [])]:
            if step.get("type") == "ByteLevel":
                step["trim_offsets"] = False
    return json.dumps(description)


def _read_settings(folder: Path) -> dict[str, Any]:
    path = folder / "tokenizer_config.json"
    settings: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    template = folder / "chat_template.jinja"
    return settings | {"chat_template": template.read_text("utf-8")} if template.exists() else settings
