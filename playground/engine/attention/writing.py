"""Writing with the tap open: the prompt's rows first, then one row for each token once the model has read it."""

import numpy as np
from numpy.typing import NDArray

from playground.engine.attention.attention import read_inputs
from playground.engine.codec import FastCodec
from playground.engine.decoding import PREFILL, end_tokens, sampling_pipeline, write
from playground.engine.models import Loaded
from playground.engine.tap import open_tap
from playground.engine.token_text import Pieces
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.attention.attention import AttentionRequest
from playground.tasks.attention.writing import MOST_READ, Writing, WritingRequest, check_prompt
from playground.tasks.precision import packed
from playground.tasks.side import Side

assert MOST_READ <= PREFILL, "the prompt must be read in one piece, or its rows come in parts"


def write_on(loaded: Loaded, requests: list[WritingRequest], watch: Watch) -> list[Writing]:
    """One answer a request, in order; partial answers after the prompt and after each token."""
    return [_write_on(loaded, request, watch) for request in requests]


def _write_on(loaded: Loaded, request: WritingRequest, watch: Watch) -> Writing:
    codec = loaded.codec
    if not loaded.face.writes or not isinstance(codec, FastCodec):
        raise BadInput(f"{loaded.card.name} does not write on from a text. Choose a decoder such as smollm2-135m.")
    side = read_inputs(loaded, AttentionRequest(request.text, request.model)).sides["masked"][0]
    prompt = codec.ids(request.text)
    check_prompt(len(prompt))
    ends, new = end_tokens(loaded.model), list[int]()
    rows: tuple[NDArray[np.uint16], ...] = ()
    tokens = write(loaded.model, prompt, request.tokens + 1, ends, sampling_pipeline(0.0, 0, 1.0, 1.0), True, 0, watch)

    def answer(ended: bool) -> Writing:
        text = request.text + Pieces(codec, loaded.card.scheme).whole(new)[0]
        return Writing(loaded.card.slug, loaded.source, text, len(prompt), _longer(loaded, codec, side, new), rows, ended)

    while True:
        with open_tap(lambda weights: packed(weights[0].cpu().numpy())) as tap:
            token = next(tokens, None)
        if tap.weights:
            rows = (*rows, _frozen(np.stack(tap.weights)))
        if token is None or token in ends or len(new) == request.tokens:
            return answer(True)
        watch.report(answer(False))
        new.append(token)


def _frozen(rows: NDArray[np.uint16]) -> NDArray[np.uint16]:
    rows.setflags(write=False)
    return rows


def _longer(loaded: Loaded, codec: FastCodec, side: Side, new: list[int]) -> Side:
    """The prompt's tokens and the new ones; a piece that is only part of a character shows its bytes."""
    pieces = [codec.tokenizer.id_to_token(token) or "" for token in new]
    read = Pieces(codec, loaded.card.scheme)
    labels = [read.label(token) for token in new]
    return Side(side.labels + tuple(labels), side.pieces + tuple(pieces), side.special + (False,) * len(new))
