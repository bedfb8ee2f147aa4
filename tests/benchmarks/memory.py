"""Resident memory with all embedded models loaded, against the bytes of their weights and a process that only imports.

Each measurement is a process of its own. The weights are counted from the files' tensors, in float32.
"""

import subprocess
import sys

from tests.benchmarks.harness import ROOT, Measured, paired

RUNS = 5
OURS = """
import psutil
from playground.service.start import open_service, small_requests
from playground.settings import Settings
from playground.tasks.status import StatusRequest
service = open_service(Settings(device="cpu", hub=False))
for request in small_requests():
    service.run(request)
states = service.run(StatusRequest()).models
assert len(states) == 5 and all(s.state == "ready" for s in states), states
print(psutil.Process().memory_info().rss)
"""
BARE = """
import psutil, torch, transformers
from transformers import AutoModelForCausalLM, AutoTokenizer
print(psutil.Process().memory_info().rss)
"""
WEIGHTS = """
from tests.benchmarks import bare
from tests.benchmarks.overhead import smollm
models = [bare.Attention(), bare.Generation(smollm()), bare.Sentiment(), bare.Answering(), bare.Translation()]
print(sum(t.nbytes for held in models for t in {p.data_ptr(): p for p in held.model.parameters()}.values()))
"""


def resident_vs_weights() -> Measured:
    """MB: ours against the weights plus a bare import of torch and transformers."""
    weights = _printed(WEIGHTS)
    return paired(lambda: _printed(OURS), lambda: weights + _printed(BARE), RUNS, "MB")


def _printed(code: str) -> float:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return int(done.stdout.split()[-1]) / 1e6
