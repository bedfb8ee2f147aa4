"""Teachers for the small translator: larger MarianMTs, what they say at every token, and their joint translations. For a GPU.

Nothing here asks the GPU for a value on the way (masks are made here, the places of real tokens come with a batch), so that
it is never waited for inside a step.
"""

import math
import random
import time
from pathlib import Path
from typing import Any

import torch
from transformers import MarianConfig, MarianMTModel

from playground.training.frugal import aligned
from playground.training.marian import Pieces, padded, shifted

Rows = list[dict[str, Any]]


def new_teacher(start: Path, width: int, layers: int, dropout: float, seed: int) -> Any:
    """A MarianMT with the vocabulary of the one in `start`, its weights drawn anew; the decoder has two thirds of `layers`."""
    torch.manual_seed(seed)
    config = MarianConfig.from_pretrained(start)
    config.d_model, config.encoder_ffn_dim, config.decoder_ffn_dim = width, 3 * width, 3 * width
    config.encoder_layers, config.decoder_layers, config.dropout = layers, layers - layers // 3, dropout
    config.encoder_attention_heads = config.decoder_attention_heads = max(1, width // 64)
    config.dtype = torch.float32
    return MarianMTModel(config).float()  # type: ignore[no-untyped-call]


def added(seen: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """What attention adds to its scores: 0 where `seen`, the lowest number elsewhere."""
    return torch.zeros(seen.shape, dtype=dtype, device=seen.device).masked_fill(~seen, torch.finfo(dtype).min)


def earlier(given: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """The mask of a decoder that reads `given`: no token sees a later one."""
    return added(torch.ones(given.shape[1], given.shape[1], dtype=torch.bool, device=given.device).tril()[None, None], dtype)


def states(model: Any, source: torch.Tensor, target: torch.Tensor, kept: torch.Tensor, pad: int) -> torch.Tensor:
    """The decoder's last states, [tokens, width]: at the places `kept` of the flat `target`, before the token there was seen."""
    given = shifted(target, pad)
    found: torch.Tensor = model.model(
        input_ids=source, attention_mask=added(source.ne(pad)[:, None, None], model.dtype),
        decoder_input_ids=given, decoder_attention_mask=earlier(given, model.dtype), use_cache=False,
    )[0]  # fmt: skip
    return found.flatten(0, 1).index_select(0, kept)


def distributions(model: Any, hidden: torch.Tensor) -> torch.Tensor:
    """[tokens, vocabulary] in float32."""
    weight = model.lm_head.weight
    return (hidden @ aligned(weight).T)[:, : len(weight)].softmax(1, dtype=torch.float32)


@torch.no_grad()
def mean_of(models: list[Any], source: torch.Tensor, target: torch.Tensor, kept: torch.Tensor, pad: int) -> torch.Tensor:
    """The mean of the models' distributions at the places `kept`, [tokens, vocabulary]."""
    total = distributions(models[0], states(models[0], source, target, kept, pad))
    for model in models[1:]:
        total += distributions(model, states(model, source, target, kept, pad))
    return total.div_(len(models))


def nats(models: list[Any], pieces: Pieces, rows: Rows, device: str) -> float:
    """Cross-entropy in nats a token, without smoothing, of every row's first reference under the mean of the models."""
    total, count = 0.0, 0
    for begin in range(0, len(rows), 250):
        some = rows[begin : begin + 250]
        source = padded([pieces.encode(row["en"]) for row in some], pieces.pad).to(device)
        target = padded([pieces.encode(row["fr"][0]) for row in some], pieces.pad).to(device)
        kept = target.flatten().ne(pieces.pad).nonzero()[:, 0]
        found = mean_of(models, source, target, kept, pieces.pad).gather(1, target.flatten()[kept, None])
        total, count = total - found.log().sum().item(), count + len(kept)
    return total / count


@torch.inference_mode()
def beam_search(models: list[Any], source: torch.Tensor, pieces: Pieces, beams: int, longest: int) -> torch.Tensor:
    """[sentences, tokens]: the best of `beams` hypotheses under the models' mean distributions, by log-probability a token.

    Every step reads the whole prefix again: with a thousand short sentences at once a GPU does that faster than a cache is kept.
    """
    count, device, pad, end = len(source), source.device, pieces.pad, pieces.end
    read = []
    for model in models:
        mask = added(source.ne(pad)[:, None, None], model.dtype)
        memory = model.model.encoder(input_ids=source, attention_mask=mask)[0]
        read.append((model, memory.repeat_interleave(beams, 0), mask.repeat_interleave(beams, 0)))
    rows = torch.full((count * beams, 1), pad, device=device)
    scores = torch.full((count, beams), -torch.inf, device=device)
    scores[:, 0] = 0
    done = torch.zeros(count * beams, dtype=torch.bool, device=device)
    lengths = torch.ones(count * beams, device=device)
    first = torch.arange(count, device=device)[:, None] * beams
    for _ in range(longest):
        chances = torch.stack([
            distributions(model, model.model.decoder(
                input_ids=rows, encoder_hidden_states=memory, encoder_attention_mask=mask,
                attention_mask=earlier(rows, model.dtype), use_cache=False,
            )[0][:, -1]) for model, memory, mask in read
        ])  # fmt: skip
        logs = chances.mean(0).log()
        logs[:, pad] = -torch.inf
        logs.masked_fill_(done[:, None], -torch.inf)
        logs[:, pad].masked_fill_(done, 0.0)
        words = logs.shape[1]
        scores, best = (scores.view(-1, 1) + logs).view(count, beams * words).topk(beams)
        origin, token = (first + best // words).flatten(), (best % words).flatten()
        rows = torch.cat([rows[origin], token[:, None]], 1)
        lengths = lengths[origin] + (~done[origin]).float()
        done = done[origin] | (token == end)
        chosen = (scores / lengths.view(count, beams)).argmax(1) + first[:, 0]
        if bool(done[chosen].all()):
            break
    return rows[chosen, 1:]


def translations(
    models: list[Any], pieces: Pieces, texts: list[str], device: str, beams: int = 4, together: int = 1024, seconds: float = math.inf
) -> list[str]:
    """What the models together make of `texts`, in order; "" for those that `seconds` were too few for, which are any."""
    coded, begun = [pieces.encode(text) for text in texts], time.monotonic()
    order = sorted(range(len(texts)), key=lambda i: len(coded[i]))
    groups: list[list[int]] = [[]]
    for i in order:
        if len(groups[-1]) == together or (len(groups[-1]) + 1) * len(coded[i]) > 16 * together:
            groups.append([])
        groups[-1].append(i)
    out = [""] * len(texts)
    for some in random.Random(0).sample(groups, len(groups)):
        if time.monotonic() - begun > seconds:
            break
        source = padded([coded[i] for i in some], pieces.pad).to(device)
        made = beam_search(models, source, pieces, beams, source.shape[1] * 3 // 2 + 8).tolist()
        for i, row in zip(some, made, strict=True):
            out[i] = pieces.decode(row)
    return out
