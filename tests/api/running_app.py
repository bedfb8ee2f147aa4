"""The app as people meet it: `app.py` in a process of its own, real models, and a hub that takes calls but never answers.

One app serves a whole run of the tests, however many processes they run in: the first that needs it starts it and leaves its
address in the run's folder, the one that began the run ends it.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest
from filelock import FileLock

ROOT = Path(__file__).parents[2]
START_SECONDS = 120
WARM_SECONDS = 240


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class RunningApp:
    """`url` has no slash at its end; `log` is what the process wrote."""

    url: str
    log: Path
    pid: int

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])

    def status(self) -> dict[str, object]:
        found: dict[str, object] = httpx.get(f"{self.url}/playground/status", timeout=30).json()
        return found

    @property
    def ended(self) -> bool:
        try:
            return psutil.Process(self.pid).status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True

    def close(self) -> None:
        for told in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, told)
            until = time.monotonic() + 10
            while not self.ended and time.monotonic() < until:
                time.sleep(0.05)


def start_app(folder: Path, environ: Mapping[str, str] = os.environ) -> RunningApp:
    """Starts it and waits until the page answers and the embedded models are warm. Raises RuntimeError with its log if it dies."""
    port, log = free_port(), folder / "app.log"
    hub = socket.create_server(("127.0.0.1", 0), backlog=64)  # the app keeps it open: it lives as long as the app does
    told = {
        "PLAYGROUND_HOST": "127.0.0.1",
        "PLAYGROUND_PORT": str(port),
        "HF_ENDPOINT": f"http://127.0.0.1:{hub.getsockname()[1]}",
        "HF_HOME": str(folder / "hf"),
        "PYTHONPATH": str(ROOT),
    }
    kept = {name: value for name, value in environ.items() if not name.startswith(("PLAYGROUND_", "HF_", "GRADIO_"))}
    kept |= {name: environ[name] for name in ("PLAYGROUND_CACHE",) if name in environ}
    with log.open("wb") as written, hub:
        process = subprocess.Popen(
            [sys.executable, "app.py"], cwd=ROOT, env=kept | told, stdout=written, stderr=written, pass_fds=[hub.fileno()]
        )
    app = RunningApp(f"http://127.0.0.1:{port}", log, process.pid)
    try:
        _wait(app)
    except BaseException:
        app.close()
        raise
    return app


def _wait(app: RunningApp) -> None:
    begun = time.monotonic()
    while True:
        spent = time.monotonic() - begun
        if app.ended:
            raise RuntimeError(f"app.py ended by itself:\n{app.log.read_text(errors='replace')[-4000:]}")
        try:
            if app.status()["settled"]:
                return
        except (httpx.TransportError, ValueError):
            if spent > START_SECONDS:
                raise RuntimeError(f"No page after {spent:.0f} s:\n{app.log.read_text(errors='replace')[-4000:]}") from None
        if spent > WARM_SECONDS:
            raise RuntimeError(f"The models are not warm after {spent:.0f} s: {app.status()}")
        time.sleep(0.3)


def run_folder(config: pytest.Config) -> Path:
    """The folder of this run of the tests, the same in all of its processes."""
    own: Path = config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    return own.parent if hasattr(config, "workerinput") else own


def shared_app(config: pytest.Config) -> RunningApp:
    """One app for the whole run, shared by tests/api and tests/browser in all its processes, and stopped by `close_shared_app`."""
    folder = run_folder(config)
    kept = folder / "app.json"
    with FileLock(folder / "app.lock"):
        if not kept.exists():
            app = start_app(folder)
            kept.write_text(json.dumps([app.url, str(app.log), app.pid]), "utf-8")
    url, log, pid = json.loads(kept.read_text("utf-8"))
    return RunningApp(url, Path(log), pid)


def close_shared_app(config: pytest.Config) -> None:
    """Called when pytest ends; the processes of a parallel run leave it to the one that began them."""
    if not hasattr(config, "workerinput") and (run_folder(config) / "app.json").exists():
        shared_app(config).close()
