"""Where models run and in which precision, on machines this one only pretends to be."""

import pytest
import torch

from playground.catalog import MB, find_model
from playground.engine import device
from playground.engine.device import choose_device, choose_dtype, free_bytes, is_out_of_memory

SMALL, LARGE = 500 * MB, 2000 * MB


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> object:
    def has(cuda: bool = False, mps: bool = False, bfloat16: bool = False) -> None:
        monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
        monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation=True: bfloat16 or including_emulation)
        monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (123, 456))

    return has


@pytest.mark.parametrize(
    ("cuda", "mps", "wanted", "got"),
    [
        (True, True, "auto", "cuda"), (False, True, "auto", "mps"), (False, False, "auto", "cpu"), (True, True, "cpu", "cpu"),
        (True, True, "mps", "mps"), (False, False, "cuda", "cpu"), (False, True, "cuda", "cpu"),
    ],
)  # fmt: skip
def test_cuda_then_mps_then_cpu(machine, cuda: bool, mps: bool, wanted: str, got: str) -> None:  # type: ignore[no-untyped-def]
    machine(cuda, mps)
    assert choose_device(wanted).type == got


@pytest.mark.parametrize(
    ("size", "kind", "native", "dtype"),
    [
        (SMALL, "cuda", True, torch.float32), (LARGE, "cuda", True, torch.bfloat16), (LARGE, "cuda", False, torch.float32),
        (LARGE, "cpu", True, torch.float32), (LARGE, "mps", True, torch.float32),
    ],
)  # fmt: skip
def test_bfloat16_only_where_large_and_native(machine, size: int, kind: str, native: bool, dtype: torch.dtype) -> None:  # type: ignore[no-untyped-def]
    from dataclasses import replace

    machine(True, True, native)
    assert choose_dtype(replace(find_model("gpt2"), bytes=size), torch.device(kind)) == dtype


def test_free_memory_is_told_on_cuda_only(machine) -> None:  # type: ignore[no-untyped-def]
    machine(True)
    assert free_bytes(torch.device("cuda")) == 123
    assert free_bytes(torch.device("cpu")) is None


def test_out_of_memory_is_recognised_on_every_device() -> None:
    assert is_out_of_memory(torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"))
    assert is_out_of_memory(RuntimeError("MPS backend out of memory (MPS allocated: 1 GB)"))
    assert is_out_of_memory(RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory: you tried"))
    assert not is_out_of_memory(RuntimeError("shape mismatch"))
    assert not is_out_of_memory(ValueError("out of memory"))


def test_the_cpu_allocators_own_error_is_recognised() -> None:
    with pytest.raises(RuntimeError) as caught:
        torch.empty(1 << 60, dtype=torch.uint8)
    assert device.is_out_of_memory(caught.value)
