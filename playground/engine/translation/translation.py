"""Translation: beam search over an encoder-decoder, from a forced beginning where one is asked for, candidates with their scores."""

import numpy as np
import torch

from playground.engine.batches import pad_id, padded
from playground.engine.beam_rows import Found, search_rows
from playground.engine.codec import MarianCodec
from playground.engine.decoding import end_tokens
from playground.engine.models import Loaded
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.text import shown
from playground.tasks.translation.translation import Candidate, Translation, TranslationRequest


def translate(loaded: Loaded, requests: list[TranslationRequest], watch: Watch) -> list[Translation]:
    """One answer a request, in order. Raises BadInput with the numbers where a text is over the model's window."""
    return [_translate(loaded, request, watch) for request in requests]


def translate_together(loaded: Loaded, texts: list[str], beams: int, watch: Watch) -> list[Translation]:
    """The same for several texts in one padded batch; each answer is what the text alone would get."""
    watch.check()
    rows = [source_ids(loaded, text) for text in texts]
    ids, mask = padded(rows, pad_id(loaded.model), loaded.device)
    found = search_rows(loaded.model, {"input_ids": ids, "attention_mask": mask}, beams, _most(loaded, max(map(len, rows))))
    return [_answer(loaded, text, len(row), some, 0) for text, row, some in zip(texts, rows, found, strict=True)]


def source_ids(loaded: Loaded, text: str) -> list[int]:
    """The encoder's input for `text`, task prefix included."""
    ids = loaded.codec.ids(loaded.card.prefix + text)
    if len(ids) > loaded.window:
        raise BadInput(f"The text is {len(ids):,} tokens long; {loaded.card.name} reads {loaded.window:,}. Send it in parts.")
    return ids


def begin_ids(loaded: Loaded, request: TranslationRequest) -> tuple[int, ...]:
    """The tokens every candidate must begin with. Raises BadInput where the model has no such tokens, or ends among them."""
    codec, ids = loaded.codec, request.begin_ids
    if request.begin:
        marian = isinstance(codec, MarianCodec)
        made = codec.encode(request.begin, special=False, **({"target": True} if marian else {}))
        ids = tuple(made.ids.tolist())
        if not ids:
            raise BadInput(f"The beginning {shown(request.begin)} holds nothing this model's vocabulary can spell. Type letters.")
    size = loaded.model.get_output_embeddings().weight.shape[0]
    if wrong := [one for one in ids if one >= size or one == loaded.model.config.decoder_start_token_id]:
        raise BadInput(f"Token {wrong[0]:,} cannot be written by {loaded.card.name}: choose from 0 to {size - 1:,}, not the start token.")
    if not end_tokens(loaded.model).isdisjoint(ids[:-1]):
        raise BadInput("The beginning goes on after the end token. Leave out what comes after it.")
    if len(ids) >= loaded.window:
        raise BadInput(f"The beginning is {len(ids):,} tokens long; {loaded.card.name} writes {loaded.window - 1:,}. Shorten it.")
    return ids


def _translate(loaded: Loaded, request: TranslationRequest, watch: Watch) -> Translation:
    watch.check()
    ids, begin = source_ids(loaded, request.text), begin_ids(loaded, request)
    read = torch.tensor([ids], device=loaded.device)
    inputs = {"input_ids": read, "attention_mask": torch.ones_like(read)}
    (found,) = search_rows(loaded.model, inputs, request.beams, max(1, _most(loaded, len(ids)) - len(begin)), begin)
    return _answer(loaded, request.text, len(ids), found, len(begin))


def _most(loaded: Loaded, read: int) -> int:
    """How many tokens may be written for a passage of `read`."""
    return min(loaded.window - 1, 2 * read + 20)


def _answer(loaded: Loaded, text: str, read: int, found: list[Found], forced: int) -> Translation:
    candidates = tuple(Candidate(loaded.codec.decode(list(one.ids)), one.mean, one.total, one.ids) for one in found)
    return Translation(loaded.card.slug, loaded.source, text, candidates, read, len(found[0].ids), forced, _unknown(loaded, text))


def _unknown(loaded: Loaded, text: str) -> tuple[str, ...]:
    """The parts of `text` that became `<unk>`, in order, each once."""
    unknown = loaded.codec.id_of("<unk>")
    made = loaded.codec.encode(text)
    places = np.flatnonzero(made.ids == (-1 if unknown is None else unknown))
    parts = [text[made.starts[i] : made.ends[i]].strip() or made.pieces[i] for i in places]
    return tuple(dict.fromkeys(parts))
