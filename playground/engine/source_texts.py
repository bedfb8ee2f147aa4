"""Texts as a translator reads and writes them: slots for what it copies, offsets that stay those of the text, and the slots' rules.

A model whose vocabulary has no slots reads every text as it is.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from transformers import LogitsProcessor

from playground.engine.beam_rows import search_rows
from playground.engine.codec import Encoded, MarianCodec
from playground.engine.decoding import end_tokens
from playground.engine.models import Loaded
from playground.tasks.source_text import SourceText, as_it_is, french_text, read_french, source_text


def source_of(loaded: Loaded, text: str) -> SourceText:
    """`text`, the task prefix included, as this model reads it."""
    codec = loaded.codec
    if isinstance(codec, MarianCodec) and codec.slots:
        return source_text(text, codec.letters, codec.known)
    return as_it_is(loaded.card.prefix + text)


def target_of(loaded: Loaded, source: SourceText, text: str) -> SourceText:
    """A French `text` as this model writes it when it reads `source`."""
    return read_french(text, source) if source.slots or source.shouted or source.raised else as_it_is(text)


def encoded(loaded: Loaded, source: SourceText, special: bool = True, target: bool = False) -> Encoded:
    """What is read as tokens, with offsets in the text itself."""
    codec = loaded.codec
    made = codec.encode(source.read, special, target) if isinstance(codec, MarianCodec) else codec.encode(source.read, special)
    if source.read == source.text:
        return made
    places = [source.place(int(start), int(end)) for start, end in zip(made.starts, made.ends, strict=True)]
    spans = np.array(places, np.int32).reshape(-1, 2)
    return Encoded(made.ids, made.pieces, spans[:, 0].copy(), spans[:, 1].copy(), made.special)


def french_of(loaded: Loaded, source: SourceText, ids: Sequence[int]) -> str:
    """The French text that `ids` spell."""
    return french_text(loaded.codec.decode(list(ids)), source)


def most_french(loaded: Loaded, tokens: int) -> int:
    """How many tokens a translation of so many may have."""
    return min(loaded.window - 1, 2 * tokens + 20)


def own_ids(loaded: Loaded, source: SourceText, inputs: dict[str, torch.Tensor], beams: int = 4) -> tuple[int, ...]:
    """The tokens of the model's own translation of the one row `inputs`, which reads `source`: the best of a beam search."""
    most = most_french(loaded, inputs["input_ids"].shape[1])
    rules = slot_rules(loaded, [source], [most])
    return search_rows(loaded.model, inputs, beams, most + bool(rules), (), rules)[0][0].ids


class SlotRules(LogitsProcessor):
    """Every slot of a row's source is written once: no other, no end before, and a tag not before the tags that came before it.

    `sources` are the rows of the batch, `most` how many tokens each may write; where the model would end, or room runs out, only slots
    that are missing are left to choose from, then the end.
    """

    def __init__(self, loaded: Loaded, sources: Sequence[SourceText], most: Sequence[int]) -> None:
        codec = loaded.codec
        assert isinstance(codec, MarianCodec)
        self.all = torch.tensor(sorted(codec.slots), device=loaded.device)
        self.end = next(iter(end_tokens(loaded.model)))
        ids = codec.vocabulary
        self.rows = [[(ids[slot], span.rule == "tag") for span, slot in zip(one.spans, one.slots, strict=True)] for one in sources]
        self.most = list(most)

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        beams = len(scores) // len(self.rows)
        raw = scores.clone()
        scores = scores.index_fill(1, self.all, -torch.inf)
        likeliest = raw.argmax(1).tolist()
        written = input_ids[:, 1:].tolist()
        for i, known in enumerate(written):
            wanted = self.rows[i // beams]
            missing = [one for one in wanted if one[0] not in known]
            if not missing:
                if len(known) + 1 >= self.most[i // beams]:
                    scores[i] = -torch.inf
                    scores[i, self.end] = raw[i, self.end]
                continue
            first_tag = next((slot for slot, tag in missing if tag), None)
            allowed = [slot for slot, tag in missing if not tag or slot == first_tag]
            if likeliest[i] == self.end or len(known) + len(missing) + 1 >= self.most[i // beams]:
                scores[i] = -torch.inf
            scores[i, self.end] = -torch.inf
            scores[i, allowed] = raw[i, allowed]
        return scores


def slot_rules(loaded: Loaded, sources: Sequence[SourceText], most: Sequence[int]) -> list[Any]:
    """The rules of a batch for `generate`; none where the vocabulary has no slots."""
    codec = loaded.codec
    return [SlotRules(loaded, sources, most)] if isinstance(codec, MarianCodec) and codec.slots else []
