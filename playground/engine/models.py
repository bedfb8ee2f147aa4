"""Loads one catalog model with its codec onto a device, attention tap included. Keeps nothing; the store does."""

import json
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import torch

from playground.catalog import LABELS, ModelCard
from playground.engine.codec import Codec, open_codec
from playground.engine.conversion import ONE_AT_A_TIME
from playground.engine.device import choose_device, choose_dtype
from playground.engine.face import Face, face_of
from playground.engine.fourbit import light_copy
from playground.engine.sources import Files, find_files
from playground.engine.tap import IMPLEMENTATION
from playground.errors import ModelUnavailable
from playground.settings import Settings
from playground.tasks.status import FOUR_BIT


@dataclass(frozen=True)
class Loaded:
    """A model ready to run: `bytes` its parameters and buffers take, `window` the most tokens it can read.

    `light`: the same model for writing only, faster (engine/fourbit.py), where there is one; `bytes` counts it too.
    """

    card: ModelCard
    model: Any
    codec: Codec
    device: torch.device
    source: str
    bytes: int
    window: int
    light: Any = None

    @cached_property
    def face(self) -> Face:
        """What the model is, asked of itself."""
        return face_of(self.model, self.card.name)

    @property
    def writer(self) -> Any:
        """The model that writes one token after another: the light one where there is one."""
        return self.model if self.light is None else self.light

    @property
    def precision(self) -> str:
        """What the writer computes in, for people."""
        return self.reads_in if self.light is None else FOUR_BIT

    @property
    def reads_in(self) -> str:
        """What `model` computes in, for people: everything but writing."""
        return str(self.model.dtype).removeprefix("torch.")


def load_model(card: ModelCard, settings: Settings, report: Callable[[str, int, int], None]) -> Loaded:
    """Finds the files (downloading or converting if need be), loads safetensors only, and moves the model to its device."""
    files = find_files(card, settings, report)
    report("loading", 0, 0)
    device = choose_device(settings.device)
    with ONE_AT_A_TIME:
        model = _assemble(card, files, choose_dtype(card, device))
    model.requires_grad_(False)
    model.eval()
    model.set_attn_implementation(IMPLEMENTATION)
    model.to(device)
    writes = settings.fast and "generation" in card.rooms and device.type == "cpu"
    light = light_copy(model, settings.cache_folder() / f"{card.slug}.four-bit") if writes else None
    return Loaded(card, model, open_codec(files.folder), device, files.source, _size(model, light), window_of(model.config, card), light)


def _size(*models: Any) -> int:
    """Bytes of all parameters and buffers, shared ones once."""
    held = {t.data_ptr(): t.nbytes for model in models if model is not None for t in [*model.parameters(), *model.buffers()]}
    return sum(held.values())


def window_of(config: Any, card: ModelCard) -> int:
    """The most tokens the model reads: its configuration's position limit, where it has one."""
    limits = [getattr(config, name, None) for name in ("max_position_embeddings", "n_positions")]
    found = [limit for limit in limits if isinstance(limit, int) and limit > 0]
    return found[0] if found else card.window


def _assemble(card: ModelCard, files: Files, dtype: torch.dtype) -> Any:
    import transformers

    _hush()
    options: dict[str, Any] = {"dtype": dtype, "use_safetensors": True, "trust_remote_code": False, "local_files_only": True}
    if files.adapter is not None and card.head == LABELS:
        labels = json.loads((files.adapter / "playground.json").read_text("utf-8"))["labels"]
        options |= {"num_labels": len(labels), "id2label": dict(enumerate(labels)), "label2id": {k: i for i, k in enumerate(labels)}}
    found = transformers.AutoConfig.from_pretrained(files.folder, local_files_only=True, trust_remote_code=False).model_type
    if found != card.kind:
        raise ModelUnavailable(f"{card.name} is listed as of the family {card.kind}, but its files are of {found}. The catalog is wrong.")
    try:
        model = getattr(transformers, card.head).from_pretrained(files.folder, **options)
        return model if files.adapter is None else _merged(model, files.adapter)
    except (OSError, ValueError, KeyError) as error:
        raise ModelUnavailable(f"{card.name} could not be loaded from {files.source}: {str(error).splitlines()[0][:200]}") from error


def _hush() -> None:
    """transformers draws bars and reports the head our adapters bring as missing: noise in a server's log.

    Both are settings of the whole process, as the library's logger is one for all; set before each load, to the same each time.
    """
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    warnings.filterwarnings("ignore", message=".*is_gradient_checkpointing.*", category=FutureWarning)


def _merged(model: Any, adapter: Path) -> Any:
    """The adapter merged into this copy of its base: no `set_adapter`, so nobody else's model changes."""
    from peft import PeftModel

    return PeftModel.from_pretrained(model, adapter).merge_and_unload()
