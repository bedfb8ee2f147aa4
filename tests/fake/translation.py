"""The fake's answers for the room of translation. The source itself, numbered, once a beam."""

import numpy as np

from playground.tasks.attention.dot_product import frozen
from playground.tasks.passages import passages_of
from playground.tasks.precision import packed
from playground.tasks.side import Side
from playground.tasks.translation.document import Document, DocumentRequest
from playground.tasks.translation.forced_decoding import ForcedDecoding, ForcedDecodingRequest
from playground.tasks.translation.translation import Candidate, Translation, TranslationRequest
from tests.fake.words import SOURCE, Rules


def _translation(request: TranslationRequest) -> Translation:
    begin = f"{request.begin} " if request.begin else "".join(f"w{i} " for i in request.begin_ids)
    size, forced = len(request.text.split()), len(begin.split())
    ids = tuple(range(size + forced + 1))
    scores = [-0.1 * (i + 1) for i in range(request.beams)]
    found = tuple(Candidate(f"{begin}{request.text} ({i + 1})", score, score * len(ids), ids) for i, score in enumerate(scores))
    return Translation(request.model, SOURCE, request.text, found, size, size, forced)


def _document(request: DocumentRequest) -> Document:
    passages = passages_of(request.text)
    made = tuple(_translation(TranslationRequest(p.text, request.model, request.beams)) if p.sentence else None for p in passages)
    return Document(request.model, SOURCE, request.text, passages, made)


def _forced_decoding(request: ForcedDecodingRequest) -> ForcedDecoding:
    """Two layers of three heads whose rows are equal weights; token i has rank 0 and two alternatives."""
    made = _translation(request.of)
    chosen = made.candidates[min(request.candidate, len(made.candidates) - 1)]
    words, source = (*chosen.text.split()[: len(chosen.ids) - 1], "⟨end⟩"), tuple(request.of.text.split())
    read = Side(source, tuple(f"▁{w}" for w in source), (False,) * len(source))
    written = Side(words, tuple(f"▁{w}" for w in words), (*[False] * (len(words) - 1), True))
    weights = packed(np.full((2, 3, len(words), len(read)), 1 / max(1, len(read)), np.float32))
    alternatives = np.tile(np.array([2.0, 1.0], np.float32), (len(words), 1))
    totals = np.full(len(words), 2.4, np.float32)
    return ForcedDecoding(
        made.model, SOURCE, request.of.text, chosen.text, read, written, chosen.ids[: len(words)], made.forced, weights,
        frozen(alternatives[:, 0].copy()), frozen(totals), np.zeros(len(words), np.int32), tuple((w, "autre") for w in words),
        np.tile(np.array([0, 1], np.int32), (len(words), 1)), frozen(alternatives), 1, "measured: made up",
    )  # fmt: skip


RULES: Rules = {
    TranslationRequest: _translation,
    DocumentRequest: _document,
    ForcedDecodingRequest: _forced_decoding,
}
