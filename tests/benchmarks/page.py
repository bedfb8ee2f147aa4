"""From the start of the process to the first 200 of `GET /`: app.py against the smallest Gradio page, in turn."""

import http.client
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks.harness import ROOT, Measured, paired

RUNS, LIMIT = 7, 300.0


def start_vs_hello() -> Measured:
    """Seconds. Both once before, so that both are in the disk's cache; the models warm up in the background as they do."""
    pages = ROOT / "app.py", Path(__file__).with_name("hello.py")
    for page in pages:
        start_seconds(page)
    return paired(lambda: start_seconds(pages[0]), lambda: start_seconds(pages[1]), RUNS, "s")


def start_seconds(page: Path) -> float:
    port = free_port()
    environ = os.environ | {"PLAYGROUND_PORT": str(port), "GRADIO_ANALYTICS_ENABLED": "False", "NO_PROXY": "127.0.0.1,localhost"}
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, str(page)], cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        return time.perf_counter() - began
    finally:
        process.kill()
        process.wait()


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Until the page answers. Raises RuntimeError where it does not, or its process has ended."""
    began = time.perf_counter()
    while not _answers(port):
        if process.poll() is not None or time.perf_counter() - began > LIMIT:
            raise RuntimeError(f"The page did not answer; its exit code is {process.poll()}")
        time.sleep(0.01)


def _answers(port: int) -> bool:
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        asked.request("GET", "/")
        return asked.getresponse().status == 200
    except OSError:
        return False
    finally:
        asked.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
