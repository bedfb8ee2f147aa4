"""The app as people meet it: `app.py` in a process of its own, real models, and a hub that takes calls but never answers."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

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
    process: "subprocess.Popen[bytes]"
    deaf_hub: socket.socket

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])

    def status(self) -> dict[str, object]:
        found: dict[str, object] = httpx.get(f"{self.url}/playground/status", timeout=30).json()
        return found

    def close(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
        self.deaf_hub.close()


def start_app(folder: Path, environ: Mapping[str, str] = os.environ) -> RunningApp:
    """Starts it and waits until the page answers and the embedded models are warm. Raises RuntimeError with its log if it dies."""
    hub = socket.create_server(("127.0.0.1", 0), backlog=64)
    port, log = free_port(), folder / "app.log"
    told = {
        "PLAYGROUND_HOST": "127.0.0.1",
        "PLAYGROUND_PORT": str(port),
        "HF_ENDPOINT": f"http://127.0.0.1:{hub.getsockname()[1]}",
        "HF_HOME": str(folder / "hf"),
        "PYTHONPATH": str(ROOT),
    }
    kept = {name: value for name, value in environ.items() if not name.startswith(("PLAYGROUND_", "HF_", "GRADIO_"))}
    kept |= {name: environ[name] for name in ("PLAYGROUND_CACHE",) if name in environ}
    with log.open("wb") as written:
        process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=kept | told, stdout=written, stderr=written)
    app = RunningApp(f"http://127.0.0.1:{port}", log, process, hub)
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
        if app.process.poll() is not None:
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


KEPT = pytest.StashKey[RunningApp]()


def shared_app(config: pytest.Config, factory: pytest.TempPathFactory) -> RunningApp:
    """One app for the whole test session, shared by tests/api and tests/browser and stopped when pytest ends."""
    if KEPT not in config.stash:
        config.stash[KEPT] = start_app(factory.mktemp("app"))
        config.add_cleanup(config.stash[KEPT].close)
    return config.stash[KEPT]
