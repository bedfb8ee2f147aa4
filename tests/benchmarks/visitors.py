"""What somebody who comes costs: the CPU of a session, the bytes of the page, and how many calls a second are answered."""

import contextlib
import gzip
import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import gradio as gr
from gradio.state_holder import SessionState

from playground.ui import build_app
from tests.benchmarks.harness import ROOT, Measured, measured, paired
from tests.benchmarks.page import free_port, wait_for
from tests.fake.service import FakeService

SESSIONS, SESSION_MS, WIRE_KB = 21, 20.0, 110.0
AT_ONCE, ROUNDS = 100, 3


def session_ms() -> Measured:
    """CPU milliseconds of a new session, beside those of the smallest page's and 20 more."""
    with gr.Blocks() as hello:
        gr.Markdown("Hello, world!")
    ours = build_app(FakeService())
    for page in (ours, hello):
        page.is_running = True
        SessionState(page)
    return paired(lambda: _cpu_ms(ours), lambda: _cpu_ms(hello) + SESSION_MS, SESSIONS, "ms")


def _cpu_ms(page: gr.Blocks) -> float:
    began = time.process_time()
    SessionState(page)
    return 1000 * (time.process_time() - began)


def wire_kb() -> Measured:
    """kB of `GET /` as sent to a browser, beside the aim of 110."""
    with running(ROOT / "app.py") as port:
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        asked.request("GET", "/", headers={"Accept-Encoding": "gzip"})
        sent = asked.getresponse().read()
        asked.close()
    assert b"gradio_config" in gzip.decompress(sent)
    return measured([(len(sent) / 1000, WIRE_KB)], "kB")


def calls() -> Measured:
    """Seconds a call of /tokenize, 100 at once over plain HTTP, beside the same function on the smallest page."""
    with running(ROOT / "app.py") as ours, running(Path(__file__).with_name("hello_tokens.py")) as hello:
        for port in (ours, hello):
            _called(port)
        return paired(lambda: _seconds_a_call(ours), lambda: _seconds_a_call(hello), ROUNDS, "s a call")


def _seconds_a_call(port: int) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert sum(pool.map(_called, [port] * AT_ONCE)) > 0
    return (time.perf_counter() - began) / AT_ONCE


def _called(port: int) -> int:
    """The number of tokens that the endpoint counts."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        body = json.dumps({"data": ["Hello, world!", "smollm2-135m", True]})
        asked.request("POST", "/gradio_api/call/tokenize", body, {"Content-Type": "application/json"})
        event = json.loads(asked.getresponse().read())["event_id"]
        asked.request("GET", f"/gradio_api/call/tokenize/{event}")
        lines = asked.getresponse().read().decode().splitlines()
    finally:
        asked.close()
    assert "event: complete" in lines, lines
    return int(json.loads(next(line[5:] for line in lines if line.startswith("data:")))[0]["count"])


@contextlib.contextmanager
def running(page: Path) -> Iterator[int]:
    """The port of a process that runs `page`, once it answers."""
    port = free_port()
    told = {"PLAYGROUND_PORT": str(port), "PLAYGROUND_HUB": "0", "PLAYGROUND_WARM": "0", "PYTHONPATH": str(ROOT)}
    quiet = {"GRADIO_ANALYTICS_ENABLED": "False", "NO_PROXY": "127.0.0.1,localhost"}
    process = subprocess.Popen([sys.executable, str(page)], cwd=ROOT, env=os.environ | told | quiet, stdout=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield port
    finally:
        process.kill()
        process.wait()
