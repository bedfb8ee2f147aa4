"""Forced decoding: one forward over a translation with the tap open. Cross-attention, probabilities and alternatives of each token."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from playground.engine.codec import FastCodec, MarianCodec
from playground.engine.forward import by_kind, side_of
from playground.engine.models import Loaded
from playground.engine.source_texts import encoded, french_of, source_of
from playground.engine.tap import open_tap
from playground.engine.translation.translation import source_ids, translate
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.carried import KIND_OF
from playground.tasks.precision import packed
from playground.tasks.side import Side
from playground.tasks.tokens.tokens import piece_text
from playground.tasks.translation.forced_decoding import ALTERNATIVES, ForcedDecoding, ForcedDecodingRequest
from playground.tasks.translation.limits import LIMITS

# The layer whose mean over heads aligns words best, measured by tests/engine/alignments.py; other models: see `_best_layer`.
MEASURED = {"en-fr": 1}
NONE: Mapping[str, str] = {}
NAMES = {"</s>": "⟨end⟩", "<unk>": "⟨unknown⟩", "<pad>": "⟨pad⟩"}


def reread(loaded: Loaded, requests: list[ForcedDecodingRequest], watch: Watch) -> list[ForcedDecoding]:
    """One answer a request, in order. Raises BadInput where the passage or its translation is too long to be explained."""
    return [_reread(loaded, request, watch) for request in requests]


def _reread(loaded: Loaded, request: ForcedDecodingRequest, watch: Watch) -> ForcedDecoding:
    ids, forced = request.ids, len(request.of.begin_ids)
    if not ids or request.of.begin:
        (made,) = translate(loaded, [request.of], watch)
        forced = made.forced
        ids = ids or made.candidates[min(request.candidate, len(made.candidates) - 1)].ids
    check_known(loaded, ids)
    source, read = source_of(loaded, request.of.text), source_ids(loaded, request.of.text)
    check_size(len(read), len(ids))
    watch.check()
    logits, weights = _forward(loaded, read, ids)
    layer, why = _best_layer(loaded)
    own = torch.tensor(ids, device=logits.device)
    best = logits.topk(min(ALTERNATIVES, logits.shape[1]))
    chosen = logits.gather(1, own[:, None])
    forms = source.forms
    return ForcedDecoding(
        loaded.card.slug, loaded.source, request.of.text, french_of(loaded, source, ids),
        side_of(loaded, source.text, encoded(loaded, source)), written_side(loaded, ids, forms), ids, min(forced, len(ids)), weights,
        _frozen(chosen[:, 0]), _frozen(logits.logsumexp(1)), _frozen((logits > chosen).sum(1).int()),
        tuple(tuple(piece_label(loaded, one, forms) for one in row) for row in best.indices.tolist()),
        _frozen(best.indices.int()), _frozen(best.values), layer, why,
    )  # fmt: skip


def check_known(loaded: Loaded, ids: tuple[int, ...]) -> None:
    size = loaded.model.get_output_embeddings().weight.shape[0]
    if wrong := [one for one in ids if one >= size]:
        raise BadInput(f"Token {wrong[0]:,} is not in {loaded.card.name}'s vocabulary; its tokens are 0 to {size - 1:,}.")


def check_size(read: int, written: int) -> None:
    most = LIMITS.explained_tokens
    if read > most or written > most:
        raise BadInput(
            f"The sentence is {read:,} tokens long and its translation {written:,}; alignment and alternatives are shown for up to {most}. "
            "Choose a shorter sentence."
        )


def piece_label(loaded: Loaded, token: int, forms: Mapping[str, str] = NONE) -> str:
    """A token of the target vocabulary as people read it: a space for ▁, ⟨E2⟩ for one byte, ⟨end⟩, ⟨unknown⟩, ⟨pad⟩.

    A slot is what it stands for, its one of `forms`, or ⟨slot⟩ where it stands for nothing.
    """
    piece = _piece(loaded, token)
    if piece in KIND_OF:
        return forms.get(piece, "⟨slot⟩")
    if piece in NAMES:
        return NAMES[piece]
    return piece_text(piece, loaded.card.scheme)


def written_side(loaded: Loaded, ids: tuple[int, ...], forms: Mapping[str, str] = NONE) -> Side:
    pieces = tuple(_piece(loaded, one) for one in ids)
    special = tuple(piece in NAMES for piece in pieces)
    return Side(tuple(piece_label(loaded, one, forms) for one in ids), pieces, special)


def _piece(loaded: Loaded, token: int) -> str:
    codec = loaded.codec
    if isinstance(codec, MarianCodec):
        return str(codec.words.get(token, "<unk>"))
    assert isinstance(codec, FastCodec)
    return str(codec.tokenizer.id_to_token(token) or "<unk>")


def _forward(loaded: Loaded, read: list[int], ids: tuple[int, ...]) -> tuple[torch.Tensor, Any]:
    """(tokens written, vocabulary) float32 logits, and uint16 (layers, heads, written, read): row t is of the step that writes token t."""
    given = torch.tensor([read], device=loaded.device)
    before = torch.tensor([[loaded.model.config.decoder_start_token_id, *ids[:-1]]], device=loaded.device)
    with open_tap(lambda weights: packed(weights[0].cpu().numpy())) as tap, torch.inference_mode():
        logits = loaded.model(input_ids=given, attention_mask=torch.ones_like(given), decoder_input_ids=before, use_cache=False).logits
    weights = np.stack(by_kind(loaded, tap.weights)["cross"])
    weights.setflags(write=False)
    return logits[0].float(), weights


def _best_layer(loaded: Loaded) -> tuple[int, str]:
    """(layer, how that is known). In the six-layer Transformers of Garg et al. 2019 (arXiv 1909.02074) it is the last but one."""
    layers = loaded.face.layers["decoder"]
    if (found := MEASURED.get(loaded.card.slug, layers)) < layers:
        return found, "measured: of this model’s layers its mean over heads finds the English word most often"
    return max(0, layers - 2), "the last layer but one, which aligned best in Garg et al. 2019; not measured on this model"


def _frozen(tensor: torch.Tensor) -> Any:
    made = tensor.cpu().numpy()
    made.setflags(write=False)
    return made
