"""Where models run and in which precision. Knows torch, no model."""

import torch

from playground.catalog import MB, ModelCard

FLOAT32_UNTIL = 1000 * MB


def choose_device(wanted: str) -> torch.device:
    """`auto`: CUDA, then Apple's MPS, then the CPU; a named device that is absent falls back to the CPU."""
    here = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    order = ("cuda", "mps", "cpu") if wanted == "auto" else (wanted, "cpu")
    return torch.device(next(name for name in order if here[name]))


def choose_dtype(card: ModelCard, device: torch.device) -> torch.dtype:
    """float32 for models under 1 GB; above that bfloat16 where the GPU computes it natively."""
    native = device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)
    return torch.bfloat16 if card.bytes >= FLOAT32_UNTIL and native else torch.float32


def free_bytes(device: torch.device) -> int | None:
    """Bytes free on a GPU, None where the device does not say."""
    return int(torch.cuda.mem_get_info(device)[0]) if device.type == "cuda" else None


def is_out_of_memory(error: BaseException) -> bool:
    """torch raises OutOfMemoryError on CUDA and a plain RuntimeError on MPS and the CPU allocator."""
    if isinstance(error, torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and any(words in str(error) for words in ("out of memory", "can't allocate memory"))


def empty_device_cache(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()
