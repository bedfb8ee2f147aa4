"""Beam search over several rows at once, each row's beams kept apart, with a beginning that all of them must take up.

What translating one passage and translating many need; `decoding.search` is the same for one row without a beginning.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from transformers import LogitsProcessorList

from playground.engine.decoding import end_tokens


@dataclass(frozen=True)
class Found:
    """`ids` written, the forced beginning and the end token included; `total` the sum of their log-probabilities (natural log).

    `repeated`: they were asked for again, since the model first repeated itself.
    """

    ids: tuple[int, ...]
    total: float
    repeated: bool = False

    @property
    def mean(self) -> float:
        return self.total / max(1, len(self.ids))


def search_rows(
    model: Any, inputs: dict[str, torch.Tensor], beams: int, most: int, begin: tuple[int, ...] = (), rules: Sequence[Any] = (),
    unrepeated: int = 0,
) -> list[list[Found]]:  # fmt: skip
    """For each row of `inputs` (padded, with its mask) one Found a beam, best mean first. Only a single row may have a beginning.

    `rules` are logits processors, which may forbid tokens and change no other's score; no run of `unrepeated` tokens comes twice.

    Scores are log_softmax of the raw logits, as a forward over the tokens gives them; the beginning's own are counted too, and an end
    token the search was made to write at `most` tokens counts what the model gives it. A beginning that ends is all there is.
    """
    rows, ends = inputs["input_ids"].shape[0], end_tokens(model)
    head = _total(model, inputs, begin) if begin else 0.0
    if begin and begin[-1] in ends:
        return [[Found(begin, head)]]
    given = dict(inputs)
    if begin:
        given["decoder_input_ids"] = torch.tensor([[model.config.decoder_start_token_id, *begin]], device=inputs["input_ids"].device)
    with torch.inference_mode():
        made = model.generate(
            **given, num_beams=beams, num_return_sequences=beams, do_sample=False, max_new_tokens=most, max_length=None,
            length_penalty=1.0, early_stopping=False, output_scores=True, return_dict_in_generate=True, **_unsampled(model),
            logits_processor=LogitsProcessorList(rules), no_repeat_ngram_size=unrepeated,
        )  # fmt: skip
        steps = model.compute_transition_scores(
            made.sequences, made.scores, getattr(made, "beam_indices", None), normalize_logits=beams == 1
        )
    found = [_found(model, new, own, begin, head, ends) for new, own in zip(made.sequences.tolist(), steps, strict=True)]
    for i, one in enumerate(found):
        if len(one.ids) - len(begin) >= most or (beams == 1 and (rules or unrepeated)):
            given = {name: tensor[i // beams : i // beams + 1] for name, tensor in inputs.items()}
            found[i] = Found(one.ids, _total(model, given, one.ids))
    return [sorted(found[row * beams : (row + 1) * beams], key=lambda one: -one.mean) for row in range(rows)]


def _found(model: Any, sequence: list[int], scores: torch.Tensor, begin: tuple[int, ...], head: float, ends: set[int]) -> Found:
    new = sequence[1 + len(begin) :]
    size = next((i + 1 for i, token in enumerate(new) if token in ends), len(new))
    pad = model.generation_config.pad_token_id
    while size > 1 and new[size - 1] == pad and pad not in ends:
        size -= 1
    own = scores[:size]
    return Found((*begin, *new[:size]), head + float(own[torch.isfinite(own)].sum()))


def _total(model: Any, inputs: dict[str, torch.Tensor], ids: tuple[int, ...]) -> float:
    """The log-probability of `ids` from the start, by one forward over them."""
    written = torch.tensor([[model.config.decoder_start_token_id, *ids]], device=inputs["input_ids"].device)
    with torch.inference_mode():
        logits = model(**inputs, decoder_input_ids=written[:, :-1], use_cache=False).logits[0].float()
    return float(torch.log_softmax(logits, -1).gather(1, written[0, 1:, None]).sum())


def _unsampled(model: Any) -> dict[str, Any]:
    """Sampling settings a checkpoint may carry, which only warn where nothing is sampled."""
    return {"temperature": None, "top_p": None, "top_k": None} if model.generation_config.do_sample is not None else {}
