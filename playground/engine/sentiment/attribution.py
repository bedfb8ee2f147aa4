"""Which words move a label: occlusion as one batch of changed texts, integrated gradients by captum on the embeddings.

captum is imported when first needed: it brings matplotlib, which takes a second.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from playground.engine.models import Loaded
from playground.engine.sentiment.sentiment import as_read, labels_of, logits_of, why_unread
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.request import Progress
from playground.tasks.sentiment.attribution import Attribution, AttributionRequest, log_odds
from playground.tasks.sentiment.limits import LIMITS
from playground.tasks.sentiment.sentiment import UNREADABLE, softmax
from playground.tasks.sentiment.signs import with_names
from playground.tasks.text import in_quotes
from playground.tasks.words import words_at, words_of

ROWS_BETWEEN_NEWS = 16
TOKENS_AT_ONCE = 256  # of gradients: a Stop is heard between layers on the way up, but not on the way back


@dataclass(frozen=True)
class _Reading:
    """A text in tokens: `units[i]` the places of unit i's tokens (none where the model sees nothing of it), with its span."""

    ids: list[int]
    units: list[list[int]]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]

    def replaced(self, units: list[list[int]], filler: int | None) -> list[int]:
        """The ids with the tokens of `units` replaced by `filler`, or taken out where it is None."""
        gone = {place for unit in units for place in unit}
        if filler is None:
            return [token for place, token in enumerate(self.ids) if place not in gone]
        return [filler if place in gone else token for place, token in enumerate(self.ids)]


def explain(loaded: Loaded, requests: list[AttributionRequest], watch: Watch) -> list[Attribution]:
    """One answer a request, in order. Raises BadInput where the text is over the limit, or a label or filler is not the model's."""
    return [_explain(loaded, request, watch) for request in requests]


def _explain(loaded: Loaded, request: AttributionRequest, watch: Watch) -> Attribution:
    reading, filler = _read(loaded, request), _filler(loaded, request)
    whole = logits_of(loaded, [reading.ids], watch)[0]
    labels = labels_of(loaded)
    unread = why_unread(loaded, request.of.text, reading.ids, labels, whole)
    label = _find(labels, request.label or (UNREADABLE if unread else labels[int(whole.argmax())]))
    if request.method == "occlusion":
        scores, base = _occlusion(loaded, reading, filler, label, watch)
    else:
        assert filler is not None
        scores, base = _integrated(loaded, reading, filler, label, request.steps, watch)
    for array in (scores, reading.starts, reading.ends):
        array.setflags(write=False)
    return Attribution(
        loaded.card.slug, loaded.source, request.of.text, request.method, request.unit, _pieces(request.filler), labels[label], labels,
        tuple(whole.tolist()), tuple(softmax(whole).tolist()), reading.starts, reading.ends, scores, float(log_odds(whole, label)), base,
        request.steps if request.method != "occlusion" else 0,
    )  # fmt: skip


def _pieces(filler: str) -> str:
    return {"mask": "[MASK]", "pad": "[PAD]", "nothing": ""}[filler]


def _find(labels: tuple[str, ...], label: str) -> int:
    if label.lower() not in labels:
        raise BadInput(f"The model has no label {in_quotes(label[:60])}. Choose one of: {', '.join(labels)}.")
    return labels.index(label.lower())


def _filler(loaded: Loaded, request: AttributionRequest) -> int | None:
    """The token put in a unit's place, None where it is taken out. Raises BadInput where the model has no such token."""
    if request.filler == "nothing":
        return None
    found = loaded.codec.id_of(_pieces(request.filler))
    if found is None:
        raise BadInput(f"{loaded.card.name} has no {_pieces(request.filler)} token. Choose another filler.")
    return found


def _read(loaded: Loaded, request: AttributionRequest) -> _Reading:
    """Special tokens are in no unit: they stay what they are."""
    text, seen = request.of.text, as_read(loaded, request.of.text)
    made, most = loaded.codec.encode(seen), min(LIMITS.attribution_tokens, loaded.window)
    if len(made.ids) > most:
        raise BadInput(f"The text is {len(made.ids):,} tokens long; an explanation reads up to {most:,}. Explain a part of it.")
    own = [place for place in range(len(made.ids)) if not made.special[place]]
    starts, ends = made.starts[own], made.ends[own]
    if seen != text:
        starts, ends = _as_typed(text, starts, ends)
    if request.unit == "token":
        return _Reading(made.ids.tolist(), [[place] for place in own], starts.copy(), ends.copy())
    words = words_of(text)
    units: list[list[int]] = [[] for _ in words]
    for place, word in zip(own, words_at(words, starts.tolist(), ends.tolist()), strict=True):
        units[max(word, 0)].append(place)
    spans = np.array(words, np.int32).reshape(-1, 2)
    return _Reading(made.ids.tolist(), units, spans[:, 0].copy(), spans[:, 1].copy())


def _as_typed(text: str, starts: NDArray[np.int32], ends: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Spans in the text with signs named -> in the text as typed: every token of a name is the sign's."""
    typed = with_names(text)
    return np.array(typed.starts, np.int32)[starts], np.array(typed.ends, np.int32)[np.maximum(ends, 1) - 1]


def _occlusion(loaded: Loaded, reading: _Reading, filler: int | None, label: int, watch: Watch) -> tuple[NDArray[np.float64], float]:
    """A unit none of whose tokens the model sees moves nothing, and is not run."""
    seen = [unit for unit in reading.units if unit]
    rows = [reading.ids, reading.replaced(reading.units, filler), *(reading.replaced([unit], filler) for unit in seen)]
    found = []
    for first in range(0, len(rows), ROWS_BETWEEN_NEWS):
        watch.report(Progress("working", "Leaving out one word after the other", first, len(rows)))
        found.append(logits_of(loaded, rows[first : first + ROWS_BETWEEN_NEWS], watch))
    odds = log_odds(np.concatenate(found), label)
    scores = np.zeros(len(reading.units))
    scores[[bool(unit) for unit in reading.units]] = odds[0] - odds[2:]
    return scores, float(odds[1])


def _integrated(loaded: Loaded, reading: _Reading, filler: int, label: int, steps: int, watch: Watch) -> tuple[NDArray[np.float64], float]:
    """The path runs over the embeddings that enter the model, not over a layer: no hook, so nobody else's run is touched."""
    from captum.attr import IntegratedGradients

    done, rows = 0, max(1, TOKENS_AT_ONCE // len(reading.ids))

    def odds(embedded: torch.Tensor) -> torch.Tensor:
        nonlocal done
        watch.report(Progress("working", "Integrating gradients from the baseline to the text", min(done, steps), steps))
        done += len(embedded)
        logits = loaded.model(inputs_embeds=embedded).logits.double()
        others = torch.cat([logits[:, :label], logits[:, label + 1 :]], dim=1)
        return torch.as_tensor(logits[:, label] - others.logsumexp(dim=1))

    ids = [reading.ids, reading.replaced(reading.units, filler)]
    with torch.inference_mode(False), torch.enable_grad():
        whole, baseline = (_embedded(loaded, row) for row in ids)
        base = float(odds(baseline).detach())
        done = 0
        made = IntegratedGradients(odds).attribute(whole, baseline, n_steps=steps, internal_batch_size=rows)
    tokens = made.detach()[0].double().sum(-1).cpu().numpy()
    return np.array([tokens[unit].sum() for unit in reading.units], np.float64), base


def _embedded(loaded: Loaded, ids: list[int]) -> Any:
    """(1, tokens, width): what the word embedding table holds for `ids`."""
    with torch.no_grad():
        return loaded.model.get_input_embeddings()(torch.tensor([ids], device=loaded.device)).clone()
