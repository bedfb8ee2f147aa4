"""A tokenizer's own tables (vocabulary, merge ranks, scores) and first stages, read for `tasks/tokens/segmentation.py`. Needs no torch."""

import json
import re
from typing import Any

import sentencepiece

from playground.errors import BadInput
from playground.tasks.tokens.bpe import MergeTables
from playground.tasks.tokens.segmentation import Segment, Tables
from playground.tasks.tokens.unigram import ScoreTables
from playground.tasks.tokens.wordpiece import MatchTables


def json_tables(tokenizer: Any) -> Tables:
    """Of a tokenizers.Tokenizer with a BPE, WordPiece or Unigram model. Raises BadInput for any other."""
    model: dict[str, Any] = json.loads(tokenizer.to_str())["model"]
    added = {token.content: i for i, token in tokenizer.get_added_tokens_decoder().items()}
    if model["type"] == "BPE":
        pairs = [tuple(pair if isinstance(pair, list) else pair.split(" ")) for pair in model["merges"]]
        ranks: dict[Any, int] = {pair: rank for rank, pair in enumerate(pairs)}
        return MergeTables(model["vocab"] | added, ranks, bool(model.get("ignore_merges")), model.get("unk_token") or "")
    if model["type"] == "WordPiece":
        return MatchTables(
            model["vocab"] | added, model["continuing_subword_prefix"], model["unk_token"], model["max_input_chars_per_word"]
        )
    if model["type"] == "Unigram":
        vocabulary = {piece: i for i, (piece, _) in enumerate(model["vocab"])}
        unknown = model["vocab"][model["unk_id"]][0]
        # fused is what the library does unless it is told otherwise, and tokenizer.json has no word for it
        return ScoreTables(dict(model["vocab"]), vocabulary | added, unknown, bool(model.get("byte_fallback")), True)
    raise BadInput(f"This tokenizer cuts with {model['type']}, whose steps are not shown here. Choose another tokenizer.")


def json_segments(tokenizer: Any, text: str) -> tuple[Segment, ...]:
    """`text` parted at special tokens written out in it; the stretches between them normalised and cut into pre-tokens."""
    added = sorted((token.content for token in tokenizer.get_added_tokens_decoder().values()), key=len, reverse=True)
    parts = re.split("(" + "|".join(map(re.escape, added)) + ")", text) if added else [text]
    return tuple(_segment(tokenizer, part, i % 2 == 1) for i, part in enumerate(parts) if part)


def _segment(tokenizer: Any, text: str, special: bool) -> Segment:
    if special:
        return Segment(text, text, (text,), True)
    normalised = tokenizer.normalizer.normalize_str(text) if tokenizer.normalizer else text
    cut = tokenizer.pre_tokenizer.pre_tokenize_str(normalised) if tokenizer.pre_tokenizer else [(normalised, None)]
    return Segment(text, normalised, tuple(word for word, _ in cut if word))


def sentencepiece_tables(processor: sentencepiece.SentencePieceProcessor, vocabulary: dict[str, int]) -> ScoreTables:
    """Scores of the pieces a text may be cut into; ids are those of `vocabulary`, which is Marian's own."""
    numbers = range(processor.get_piece_size())
    barred = (processor.is_control, processor.is_unknown, processor.is_byte, processor.is_unused)
    scores = {processor.id_to_piece(i): processor.get_score(i) for i in numbers if not any(is_it(i) for is_it in barred)}
    fallback = any(processor.is_byte(i) for i in numbers)
    return ScoreTables(scores, vocabulary, processor.id_to_piece(processor.unk_id()), fallback, not fallback)


def sentencepiece_segments(processor: sentencepiece.SentencePieceProcessor, text: str) -> tuple[Segment, ...]:
    """SentencePiece has no pre-tokens: the whole normalised text is one. `text` is as it is handed over."""
    normalised = str(processor.normalize(text))
    return (Segment(text, normalised, (normalised,) if normalised else ()),)
