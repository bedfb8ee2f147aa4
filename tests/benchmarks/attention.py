"""The attention lab against BertViz 1.4.1 (bytes sent, time to make them) and against the bare library, and what it holds for people.

BertViz lives in build/bertviz for this alone (`make bench` puts it there) and runs in a process of its own on the same weights.
"""

import json
import os
import subprocess
import sys
from functools import cache
from typing import Any

import numpy as np

from playground.catalog import find_model
from playground.engine.attention.attention import attend
from playground.engine.models import Loaded, load_model
from playground.engine.watch import Watch
from playground.tasks.attention.attention import AttentionRequest
from playground.tasks.attention.packing import AttentionPackRequest
from playground.tasks.precision import unpacked
from playground.views.attention.packing import pack_message
from tests.benchmarks import bare
from tests.benchmarks.harness import ROOT, Measured, paired, seconds
from tests.benchmarks.overhead import SETTINGS
from tests.benchmarks.texts import words

FOLDER = ROOT / "build" / "bertviz"
BERTVIZ = """
import json, sys, time
import numpy as np, torch
from bertviz import model_view
weights, labels = np.load(sys.argv[1]), json.loads(sys.argv[2])
attention = [torch.tensor(layer[None]) for layer in weights]
since = time.perf_counter()
made = model_view(attention, labels, html_action="return").data
print(json.dumps([time.perf_counter() - since, len(made.encode())]))
"""
FIRST_VIEW_MS, REDRAW_MS, PERSON_MB, PEOPLE = 250.0, 16.0, 3.0, 30


@cache
def loaded(slug: str) -> Loaded:
    return load_model(find_model(slug), SETTINGS, lambda *_: None)


def run_of(tokens: int, slug: str = "minilm-l6", text: str = "") -> Any:
    request = AttentionRequest(text or words(tokens - 2), slug)
    return request, attend(loaded(slug), [request], Watch())[0]


def bytes_vs_bertviz(tokens: int) -> Measured:
    """MB of the first complete view: our response body against `model_view`'s HTML."""
    request, run = run_of(tokens)
    _, theirs = _bertviz(run)
    return paired(lambda: len(_packed(request, run)) / 1e6, lambda: theirs / 1e6, 1, "MB")


def pack_time_vs_bertviz() -> Measured:
    """Seconds from the forward's weights to the bytes ready, 128 tokens, pattern scores included, against `model_view`."""
    request, run = run_of(128)
    return paired(lambda: seconds(lambda: _packed(request, run)), lambda: _bertviz(run)[0], 7, "s")


def forward_vs_eager() -> Measured:
    """Seconds of text to kept weights with the tap, against tokenizer and eager forward with output_attentions; 128 tokens."""
    text, eager = words(126), bare.Attention()
    request = AttentionRequest(text, "minilm-l6")
    ours = loaded("minilm-l6")
    return paired(lambda: seconds(lambda: attend(ours, [request], Watch())), lambda: seconds(lambda: eager(text, 0)), 31, "s")


def first_view_512(slug: str) -> Measured:
    """Milliseconds from the end of the forward to the bytes of the first view ready, 512 tokens; the reference is the aim."""
    request, run = run_of(512, slug, "word " * 600)
    return paired(lambda: 1000 * seconds(lambda: _packed(request, run)), lambda: FIRST_VIEW_MS, 9, "ms")


def memory_per_person() -> Measured:
    """MB of growth for each of 30 Gradio sessions that hold a run of another 128-token text; the reference is the aim."""
    return paired(_held, lambda: PERSON_MB, 3, "MB")


def _held() -> float:
    done = subprocess.run([sys.executable, "-c", HELD], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return float(done.stdout.split()[-1])


def redraw_128() -> Measured:
    """95th percentile, in milliseconds, of the matrix of one head drawn in headless Chromium, 128 tokens; the reference is the aim."""
    done = subprocess.run([sys.executable, "-m", "tests.benchmarks.redraw"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    found = json.loads(done.stdout.splitlines()[-1])
    print(f"  redraw, ms: {found}", flush=True)
    return paired(lambda: found["matrix_p95"], lambda: REDRAW_MS, 1, "ms")


def _packed(request: AttentionRequest, run: Any) -> bytes:
    return pack_message(AttentionPackRequest(request).read(run.answer, run.layers))


def _bertviz(run: Any) -> tuple[float, int]:
    """(seconds, bytes) of `model_view` on the same weights, in a process of its own."""
    path = FOLDER / "weights.npy"
    np.save(path, unpacked(np.stack(run.layers["self"])))
    env = os.environ | {"PYTHONPATH": str(FOLDER)}
    labels = json.dumps(list(run.answer.shapes[0].keys.labels))
    done = subprocess.run([sys.executable, "-c", BERTVIZ, str(path), labels], env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    took, size = json.loads(done.stdout.splitlines()[-1])
    return took, size


HELD = f"""
import gc, random, psutil
from playground.service.start import open_service
from playground.settings import Settings
from playground.tasks.attention.packing import AttentionPackRequest
from playground.tasks.attention.attention import AttentionRequest
import httpx, json, uuid
from playground.ui import build_app
service = open_service(Settings(device="cpu", hub=False, warm=False))
demo = build_app(service)
_, url, _ = demo.launch(prevent_thread_lock=True, quiet=True)
read = next(f._id for f in demo.fns.values() if f.name == "read" and f.targets[0][1] == "click" and len(f.inputs) == 4)
rng = random.Random(0)
many = "cat dog sun sea tree house road bird hand night rain stone river light cloud wind fire snow star moon".split()
def person(i):
    text = " ".join(rng.choice(many) for _ in range(126))
    me = uuid.uuid4().hex[:11]
    with httpx.Client(base_url=url, timeout=60) as web:
        asked = {{"data": [text, "minilm-l6", "", ""], "fn_index": read, "session_hash": me}}
        web.post("/gradio_api/queue/join", json=asked).raise_for_status()
        with web.stream("GET", "/gradio_api/queue/data", params={{"session_hash": me}}) as lines:
            last = [json.loads(l[5:]) for l in lines.iter_lines() if l.startswith("data:")]
        assert any(m.get("msg") == "process_completed" and m["success"] for m in last), last
    service.run(AttentionPackRequest(AttentionRequest(text, "minilm-l6")))
for i in range(10): person(i)
gc.collect(); before = psutil.Process().memory_info().rss
for i in range({PEOPLE}): person(i)
gc.collect(); print((psutil.Process().memory_info().rss - before) / 1e6 / {PEOPLE})
"""
