"""A second set of linear layers for writing fast on a CPU: weights that came in four bits are kept in four bits. Knows no room.

llama.cpp's Q4_1 holds, for 32 weights in a row, w = q·d + m with q from 0 to 15 (ggml-quants.c, `quantize_row_q4_1_ref`). The
float32 weights made of it still lie on that grid, so packing them again loses nothing but the rounding of d and m; the kernel
computes in bfloat16. A token then needs a sixth of the memory traffic, which is what writing one at a time costs on a CPU.
"""

import copy
import math
import os
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import torch
from torch import nn

GROUP, OFF_GRID, ROUNDS = 32, 1e-2, 8


class FourBit(nn.Module):
    """x (…, inputs) float32 -> (…, outputs) float32, with weights q·d + m of four bits and no bias; no gradient passes through."""

    def __init__(self, packed: torch.Tensor, scales: torch.Tensor) -> None:
        super().__init__()
        self.register_buffer("packed", packed)
        self.register_buffer("scales", scales)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        rows = x.reshape(-1, x.shape[-1]).to(torch.bfloat16)
        made: torch.Tensor = torch.ops.aten._weight_int4pack_mm_for_cpu(rows, self.packed, GROUP, self.scales)
        return made.to(x.dtype).reshape(*x.shape[:-1], -1)


def four_bit(layer: nn.Linear) -> FourBit | None:
    """`layer` in four bits if its weights (outputs, inputs) are exactly that in groups of 32 along the inputs, else None."""
    weight = layer.weight.detach().float()
    outputs, inputs = weight.shape
    if layer.bias is not None or inputs % GROUP or outputs % 16:
        return None
    groups = weight.reshape(outputs, -1, GROUP)
    low = groups.amin(-1, keepdim=True)
    step = (groups.amax(-1, keepdim=True) - low) / 15
    places = (groups - low) / step.clamp_min(torch.finfo(torch.float32).tiny)
    steps = places.round()
    if bool(((places - steps).abs() > OFF_GRID).any()):
        return None
    packed = torch.ops.aten._convert_weight_to_int4pack_for_cpu(steps.reshape(outputs, inputs).to(torch.int32), 1)
    scales = torch.stack([step[..., 0], (low + 8 * step)[..., 0]], -1).transpose(0, 1).contiguous()  # the kernel's q runs from −8 to 7
    return FourBit(packed, scales.to(torch.bfloat16))


def light_copy(model: Any, note: Path) -> Any | None:
    """A copy of a float32 model on a CPU that shares all its tensors but those of the linear layers inside its blocks, which are
    in four bits. None where a weight is not, or where this machine is not faster with it: what was found is kept beside `note`."""
    head = model.get_output_embeddings()
    inner = {name: layer for name, layer in model.named_modules() if isinstance(layer, nn.Linear) and layer is not head}
    if not inner or any(p.device.type != "cpu" or p.dtype != torch.float32 for p in model.parameters()):
        return None
    made: dict[str, FourBit] = {}
    for name, layer in inner.items():
        one = four_bit(layer)
        if one is None:
            return None
        made[name] = one
    if not _once(lambda: _is_faster(list(made.values()), list(inner.values())), note):
        return None
    shared = {id(t): t for t in [*model.parameters(), *model.buffers()]}
    light = copy.deepcopy(model, shared)
    for name, one in made.items():
        parent, _, own = name.rpartition(".")
        setattr(light.get_submodule(parent), own, one)
    return light.eval()


def _once(measure: Callable[[], bool], note: Path) -> bool:
    """What `measure` said the first time on such a machine: a seed's text hangs on it, and must not on how busy the machine is when the
    app is started again. Other threads, another kind of processor or another torch are measured anew."""
    note = note.with_name(f"{note.name}.{torch.__version__}-{torch.backends.cpu.get_cpu_capability()}-{torch.get_num_threads()}")
    try:
        return note.read_text("ascii") == "faster"
    except OSError:
        found = measure()
    with suppress(OSError):  # a folder that cannot be written: measured again next time
        note.parent.mkdir(parents=True, exist_ok=True)
        part = note.with_name(f"{note.name}.{os.getpid()}-{threading.get_ident()}.part")
        part.write_text("faster" if found else "not faster", "ascii")
        part.replace(note)
    return found


def _is_faster(light: Sequence[nn.Module], plain: Sequence[nn.Linear]) -> bool:
    """One token through all layers, too many to lie in the processor's cache: the best of ROUNDS passes each, turn by turn, since
    a busy machine disturbs single passes by more than the two differ."""
    best = [math.inf, math.inf]
    with torch.inference_mode():
        for _ in range(ROUNDS):
            for side, layers in enumerate((light, plain)):
                began = time.perf_counter()
                for layer, shape in zip(layers, plain, strict=True):
                    layer(torch.ones(1, shape.in_features))
                best[side] = min(best[side], time.perf_counter() - began)
    return best[0] < best[1]
