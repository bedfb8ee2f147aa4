"""Translation: beam search over an encoder-decoder, from a forced beginning where one is asked for, candidates with their scores."""

from dataclasses import dataclass

import numpy as np
import torch

from playground.engine.batches import pad_id, padded
from playground.engine.beam_rows import Found, search_rows
from playground.engine.codec import MarianCodec
from playground.engine.decoding import end_tokens
from playground.engine.models import Loaded
from playground.engine.source_texts import encoded, french_of, most_french, slot_rules, source_of, target_of
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.fragments import by_rule
from playground.tasks.source_text import SourceText
from playground.tasks.text import shown
from playground.tasks.translation.translation import Candidate, Copied, Translation, TranslationRequest
from playground.tasks.translation.warnings import loops, unread, warnings_of

UNREPEATED = 3


def translate(loaded: Loaded, requests: list[TranslationRequest], watch: Watch) -> list[Translation]:
    """One answer a request, in order. Raises BadInput with the numbers where a text is over the model's window."""
    return [_translate(loaded, request, watch) for request in requests]


def translate_together(loaded: Loaded, texts: list[str], beams: int, watch: Watch) -> list[Translation]:
    """The same for several texts in one padded batch; each answer is what the text alone would get."""
    watch.check()
    asked = [Asked.of(loaded, TranslationRequest(text, loaded.card.slug, beams)) for text in texts]
    free = [one for one in asked if not one.begin]
    found: list[list[Found]] = []
    if free:
        ids, mask = padded([one.ids for one in free], pad_id(loaded.model), loaded.device)
        found = _search(loaded, {"input_ids": ids, "attention_mask": mask}, beams, free)
    made = dict(zip(map(id, free), found, strict=True))
    return [_answer(loaded, one, _again(loaded, one, made[id(one)]) if id(one) in made else _alone(loaded, one)) for one in asked]


@dataclass(frozen=True)
class Asked:
    """One text as the model is asked for it. `begin`: the tokens each candidate begins with; `ruled`: they are all of the answer."""

    source: SourceText
    ids: list[int]
    begin: tuple[int, ...]
    beams: int
    ruled: bool

    @staticmethod
    def of(loaded: Loaded, request: TranslationRequest) -> "Asked":
        source = source_of(loaded, request.text)
        begin = begin_ids(loaded, request)
        ruled = () if begin else ruled_ids(loaded, source)
        return Asked(source, source_ids(loaded, request.text), begin or ruled, request.beams, bool(ruled))

    def most(self, loaded: Loaded) -> int:
        """How many tokens may be written, the beginning included."""
        return max(most_french(loaded, len(self.ids)), min(loaded.window - 1, len(self.begin) + 1))


def source_ids(loaded: Loaded, text: str) -> list[int]:
    """The encoder's input for `text`, task prefix and slots included."""
    ids: list[int] = encoded(loaded, source_of(loaded, text)).ids.tolist()
    if len(ids) > loaded.window:
        raise BadInput(f"The text is {len(ids):,} tokens long; {loaded.card.name} reads {loaded.window:,}. Send it in parts.")
    return ids


def ruled_ids(loaded: Loaded, source: SourceText) -> tuple[int, ...]:
    """All tokens of an answer that needs no model, its end too; none where the model has to answer."""
    if not (isinstance(loaded.codec, MarianCodec) and loaded.codec.slots) or not (french := by_rule(source)):
        return ()
    return tuple(loaded.codec.encode(french, target=True).ids.tolist())


def begin_ids(loaded: Loaded, request: TranslationRequest) -> tuple[int, ...]:
    """The tokens every candidate must begin with. Raises BadInput where the model has no such tokens, or ends among them."""
    ids = request.begin_ids
    if request.begin:
        begin = target_of(loaded, source_of(loaded, request.text), request.begin)
        ids = tuple(encoded(loaded, begin, special=False, target=True).ids.tolist())
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
    asked = Asked.of(loaded, request)
    return _answer(loaded, asked, _alone(loaded, asked))


def _alone(loaded: Loaded, asked: Asked) -> list[Found]:
    read = torch.tensor([asked.ids], device=loaded.device)
    (found,) = _search(loaded, {"input_ids": read, "attention_mask": torch.ones_like(read)}, asked.beams, [asked])
    return _again(loaded, asked, found)


def _search(loaded: Loaded, inputs: dict[str, torch.Tensor], beams: int, rows: list[Asked], unrepeated: int = 0) -> list[list[Found]]:
    most = [one.most(loaded) for one in rows]
    rules = slot_rules(loaded, [one.source for one in rows], most)
    room = max(most) - len(rows[0].begin) + bool(rules)  # the rules end a row themselves
    return search_rows(loaded.model, inputs, beams, room, rows[0].begin, rules, unrepeated)


def _again(loaded: Loaded, asked: Asked, found: list[Found]) -> list[Found]:
    """`found`, or what the model finds where it may not repeat itself, if the best of `found` does."""
    if asked.ruled or not _loops(loaded, asked, found):
        return found
    unrepeated = UNREPEATED if len(asked.source.text.split()) > 2 else 1
    read = torch.tensor([asked.ids], device=loaded.device)
    (again,) = _search(loaded, {"input_ids": read, "attention_mask": torch.ones_like(read)}, asked.beams, [asked], unrepeated)
    return [Found(one.ids, one.total, repeated=True) for one in again]


def _loops(loaded: Loaded, asked: Asked, found: list[Found]) -> bool:
    return loops(french_of(loaded, asked.source, found[0].ids), asked.source.text)


def _answer(loaded: Loaded, asked: Asked, found: list[Found]) -> Translation:
    source = asked.source
    candidates = tuple(Candidate(french_of(loaded, source, one.ids), one.mean, one.total, one.ids) for one in found)
    copied = tuple(Copied(one.start, one.end, source.text[one.start : one.end], one.forms[0], one.kind) for one in source.spans)
    read_as = source.read if source.slots or source.shouted else ""
    english = isinstance(loaded.codec, MarianCodec) and bool(loaded.codec.slots)
    known = loaded.codec.known if isinstance(loaded.codec, MarianCodec) else frozenset[str]()
    warnings = warnings_of(source, known, found[0].repeated, asked.ruled, english)
    forced = 0 if asked.ruled else len(asked.begin)
    return Translation(
        loaded.card.slug, loaded.source, source.text.removeprefix(loaded.card.prefix), candidates, len(asked.ids), len(found[0].ids),
        forced, _unknown(loaded, source), warnings, copied, read_as, asked.ruled,
    )  # fmt: skip


def _unknown(loaded: Loaded, source: SourceText) -> tuple[str, ...]:
    """The parts of the text the model cannot read, in order, each once: they became `<unk>`, or were copied for their script."""
    unknown = loaded.codec.id_of("<unk>")
    made = encoded(loaded, source)
    places = np.flatnonzero(made.ids == (-1 if unknown is None else unknown))
    parts = [source.text[made.starts[i] : made.ends[i]].strip() or made.pieces[i] for i in places]
    return tuple(dict.fromkeys([*parts, *unread(source)]))
