"""The small MarianMT: its subwords, a checkpoint grown by layers, the resumable trainer and how the weights are written.

bfloat16 compute over float32 master weights: on a CPU with AMX three times the speed of float32, on a GPU as well.
Eager attention, because the fused kernel's backward pass is slow on sentences this short: 60 % of a step on a CPU (profiled);
on an H100 forward and backward of a teacher took 73 to 131 ms with it and 25 to 28 ms without.
"""

import copy
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sentencepiece
import torch
from safetensors.torch import load_file
from transformers import MarianConfig, MarianMTModel

from playground.tasks.source_text import PLAIN
from playground.training.frugal import pooled_dropout, smoothed_cross_entropy
from playground.training.muon import StackedMuon

MAX_LENGTH, PEAK_RATE, WARMUP, EMA, SMOOTHING = 96, 1.2e-3, 400, 0.998, 0.1


class Pieces:
    """The joint SentencePiece model and its ids. `encode` gives ids with the end token; `sample` draws another split."""

    def __init__(self, folder: Path) -> None:
        self.model = sentencepiece.SentencePieceProcessor(model_file=str(folder / "source.spm"))
        vocab: dict[str, int] = json.loads((folder / "vocab.json").read_text("utf-8"))
        self.ids = [vocab.get(self.model.id_to_piece(i), vocab["<unk>"]) for i in range(self.model.get_piece_size())]
        self.words = {i: piece for piece, i in vocab.items()}
        self.end, self.pad = vocab["</s>"], vocab["<pad>"]

    def encode(self, text: str, sample: bool = False) -> list[int]:
        options: dict[str, Any] = {"enable_sampling": True, "alpha": 0.3, "nbest_size": -1} if sample else {}
        return [*[self.ids[i] for i in self.model.encode(text.translate(PLAIN), **options)][: MAX_LENGTH - 1], self.end]

    def decode(self, ids: list[int]) -> str:
        return str(self.model.decode_pieces([self.words[i] for i in ids if i not in (self.end, self.pad)]))


def grown(folder: Path, encoder_layers: int, inner: int = 0, dropout: float = 0.1) -> Any:
    """The checkpoint in `folder` with `encoder_layers` encoder layers and feed-forward layers at least `inner` wide.

    New layers start as copies of their neighbours; new neurons read at random and write nothing, so that alone they change no output.
    """
    config = MarianConfig.from_pretrained(folder)
    have, config.dtype = config.encoder_layers, torch.float32
    source = [i * have // encoder_layers for i in range(encoder_layers)]
    old = {name: value for file in sorted(folder.glob("model*.safetensors")) for name, value in load_file(file).items()}
    state = {name: value.float() for name, value in old.items() if not name.startswith("model.encoder.layers.")}
    for new, where in enumerate(source):
        prefix = f"model.encoder.layers.{where}."
        for name, value in old.items():
            if name.startswith(prefix):
                state[f"model.encoder.layers.{new}." + name[len(prefix) :]] = value.float()
    width = max(inner, config.encoder_ffn_dim)
    state = {name: _widened(name, value, width) for name, value in state.items()}
    config.encoder_layers, config.encoder_ffn_dim, config.decoder_ffn_dim, config.dropout = encoder_layers, width, width, dropout
    model: Any = MarianMTModel(config)
    model.float()
    missing, unexpected = model.load_state_dict(state, strict=False)
    tied = {n for n in missing if "embed_tokens" in n or "embed_positions" in n or n.startswith("lm_head")}
    if set(missing) - tied or unexpected:
        raise ValueError(f"{folder} is not such a checkpoint: missing {set(missing) - tied}, unexpected {unexpected}")
    model.tie_weights()
    return model


def halfway(one: Any, other: Any) -> Any:
    """The mean of two models' weights: often better than both where one was trained on from the other (Wortsman et al. 2022)."""
    made = copy.deepcopy(one)
    with torch.no_grad():
        for mean, second in zip(made.parameters(), other.parameters(), strict=True):
            mean.lerp_(second, 0.5)
    return made


def _widened(name: str, value: torch.Tensor, width: int) -> torch.Tensor:
    """A feed-forward layer's tensor for `width` inner neurons: fc1 is [width, d], its bias [width], fc2 [d, width]."""
    if name.endswith("fc1.weight"):
        more = torch.randn(width - len(value), value.shape[1], generator=torch.Generator().manual_seed(0)) * value.std()
        return torch.cat([value, more])
    if name.endswith("fc1.bias"):
        return torch.cat([value, torch.zeros(width - len(value))])
    if name.endswith("fc2.weight"):
        return torch.cat([value, torch.zeros(len(value), width - value.shape[1])], 1)
    return value


def padded(rows: list[list[int]], pad: int) -> torch.Tensor:
    longest = max(map(len, rows))
    return torch.tensor([row + [pad] * (longest - len(row)) for row in rows])


def shifted(target: torch.Tensor, pad: int) -> torch.Tensor:
    """What the decoder is given in order to say `target`, [rows, tokens]: each row one token later, after the pad it begins with."""
    return torch.cat([torch.full_like(target[:, :1], pad), target[:, :-1]], 1)


class Trainer:
    """Master weights, optimiser, averaged weights and the place in the data: all that `save` keeps and `resume` restores."""

    def __init__(self, master: Any, device: str) -> None:
        self.device, self.step, self.epoch, self.seen, self.seconds = device, 0, 0, 0, 0.0
        self.master = master.to(device)
        self.average = copy.deepcopy(self.master).eval()
        self.model = copy.deepcopy(self.master).bfloat16().train()
        self.model.set_attn_implementation("eager")
        inner = [p for name, p in self.master.named_parameters() if p.ndim == 2 and "embed" not in name and "shared" not in name]
        others = [p for p in self.master.parameters() if not any(p is one for one in inner)]
        self.weights = tuple(list(one.parameters()) for one in (self.model, self.master, self.average))
        self.optimisers: tuple[Any, ...] = (
            (StackedMuon if device == "cuda" else torch.optim.Muon)(inner, PEAK_RATE, weight_decay=0.1, adjust_lr_fn="match_rms_adamw"),
            torch.optim.AdamW(others, PEAK_RATE, betas=(0.9, 0.98), weight_decay=0.01, fused=True),
        )

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        state = {"master": self.master.state_dict(), "average": self.average.state_dict(),
                 "optimisers": [one.state_dict() for one in self.optimisers],
                 "layers": self.master.config.encoder_layers, "place": (self.step, self.epoch, self.seen, self.seconds)}  # fmt: skip
        torch.save(state, path.with_suffix(".part"))
        path.with_suffix(".part").rename(path)

    def resume(self, path: Path) -> None:
        state = torch.load(path, map_location=self.device)
        self.master.load_state_dict(state["master"])
        self.average.load_state_dict(state["average"])
        for one, kept in zip(self.optimisers, state["optimisers"], strict=True):
            one.load_state_dict(kept)
        self.step, self.epoch, self.seen, self.seconds = state["place"]
        self._spread()

    def made(self) -> dict[str, Any]:
        """What may be published: the averaged weights and the last ones."""
        return {"average": self.average, "last": self.master}

    def _spread(self) -> None:
        with torch.no_grad():
            torch._foreach_copy_(self.weights[0], self.weights[1])

    def rate(self, steps: int, decay: int, peak: float = PEAK_RATE) -> float:
        return peak * min(1.0, (self.step + 1) / WARMUP, max(0.0, (steps - self.step) / max(decay, 1)))

    def update(
        self, source: torch.Tensor, target: torch.Tensor, pad: int, rate: float, more: Callable[[Any], torch.Tensor] | None = None
    ) -> float:
        """One step down the smoothed cross-entropy, and what `more` says of the model beside it; returns the cross-entropy."""
        source, target = source.to(self.device), target.to(self.device)
        torch.manual_seed(self.step)
        keep = target.ne(pad)
        with pooled_dropout(self.model.config.dropout, self.model.lm_head.weight):
            hidden = self.model.model(input_ids=source, attention_mask=source.ne(pad), decoder_input_ids=shifted(target, pad))[0]
            beside = more(self.model) if more else None
        loss = smoothed_cross_entropy(hidden[keep], self.model.lm_head.weight, target[keep], SMOOTHING)
        self.apply(loss if beside is None else loss + beside, rate)
        return loss.item()

    def apply(self, loss: torch.Tensor, rate: float) -> None:
        """One optimiser step down `loss`'s slope, and what follows from it. Nothing waits for a GPU."""
        loss.backward()  # type: ignore[no-untyped-call]
        low, high, mean = self.weights
        for here, there in zip(low, high, strict=True):
            there.grad = None if here.grad is None else here.grad.float()
            here.grad = None
        torch.nn.utils.clip_grad_norm_(high, 1.0)
        for one in self.optimisers:
            for group in one.param_groups:
                group["lr"] = rate
            one.step()
        with torch.no_grad():
            self._spread()
            torch._foreach_lerp_(mean, high, 1 - min(EMA, (self.step + 1) / (self.step + 10)))
        self.step += 1


def publish(model: Any, folder: Path, start: Path) -> None:
    """Writes `model` in float16 with its tokenizer files, each under a temporary name first.

    Weights of 9 MB or more become several files, which `from_pretrained` reads as one; weights of before are removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    small = copy.deepcopy(model).half()
    small.config.dtype = torch.float16
    with tempfile.TemporaryDirectory(dir=folder) as made:
        small.save_pretrained(made, max_shard_size="9MB")
        for name in ("source.spm", "target.spm", "vocab.json"):
            shutil.copy(start / name, made)
        written = {path.name for path in Path(made).iterdir()}
        for path in sorted(Path(made).iterdir()):
            path.chmod(0o644)
            path.rename(folder / path.name)
    for path in folder.glob("model*.safetensors*"):
        if path.name not in written:
            path.unlink()
