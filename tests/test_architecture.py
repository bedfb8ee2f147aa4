"""What holds the house together beside the import contracts of pyproject.toml."""

import ast
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from playground.catalog import MODELS

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = ROOT / "playground" / "lessons" / "programs"  # shown to learners, imported by nobody
MODULES = sorted(path for path in (ROOT / "playground").rglob("*.py") if path.parent != PROGRAMS)
BIG = 10_000_000
LONG = 300
ROOMS = {room for card in MODELS for room in card.rooms} | {"learn"}
FLOORS = ["tasks", "engine", "views", "panels"]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def in_new_process(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("module", ["playground.ui", "playground.serving", "playground.service.start"])
def test_the_page_is_built_without_a_model_library(module: str) -> None:
    heavy = "{'torch', 'transformers', 'peft'}"
    assert in_new_process(f"import sys, {module}; print(sorted({heavy} & set(sys.modules)))") == "[]"


def test_building_the_page_imports_no_torch() -> None:
    code = """
import sys
from playground.service.start import open_service
from playground.settings import Settings
from playground.ui import build_app
build_app(open_service(Settings()))
print(sorted({'torch', 'transformers'} & set(sys.modules)))"""
    assert in_new_process(code) == "[]"


def test_no_tracked_file_is_over_ten_megabytes() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode != 0:
        pytest.skip("this is no git checkout")
    sizes = {name: (ROOT / name).stat().st_size for name in listed.stdout.split("\0") if name and (ROOT / name).exists()}
    assert {name: size for name, size in sizes.items() if size >= BIG} == {}


def test_shipped_weights_are_small_safetensors() -> None:
    weights = [p for p in (ROOT / "playground" / "weights").rglob("*") if p.is_file()]
    assert [name_of(p) for p in weights if p.suffix in {".bin", ".pt", ".pth", ".pkl", ".ckpt", ".h5", ".onnx"}] == []
    assert [name_of(p) for p in weights if p.stat().st_size >= BIG] == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_module_is_short_and_says_what_it_is(path: Path) -> None:
    source = path.read_text("utf-8")
    assert len(source.splitlines()) <= LONG, f"{name_of(path)} is over {LONG} lines: split it"
    said = ast.get_docstring(ast.parse(source))
    assert said, f"{name_of(path)} opens without a docstring"
    assert len([line for line in said.splitlines() if line.strip()]) <= 6


def test_the_app_imports_nothing_from_the_tests() -> None:
    """The fake service among them (tests/fake): no answer that is made up can reach a page."""
    imports = [(path, node) for path in MODULES for node in ast.walk(ast.parse(path.read_text("utf-8")))
               if isinstance(node, ast.Import | ast.ImportFrom)]  # fmt: skip
    names = {(name_of(path), (getattr(node, "module", "") or node.names[0].name)) for path, node in imports}
    assert {(path, name) for path, name in names if name.split(".")[0] == "tests"} == set()
    assert {path for path, name in names if "fake" in name} == set()


def test_modules_have_names_that_say_something() -> None:
    assert {p.stem for p in MODULES} & {"utils", "util", "helpers", "helper", "manager", "common", "misc"} == set()


def test_only_the_roots_read_the_environment() -> None:
    """Everything else is handed Settings."""
    readers = set()
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}:
                readers.add(name_of(path))
    assert readers <= {"playground/convert.py"}


def test_no_code_of_a_hub_model_is_ever_run() -> None:
    trusting = [
        name_of(path)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.keyword) and node.arg == "trust_remote_code" and getattr(node.value, "value", True) is not False
    ]
    assert trusting == []


def test_importing_the_package_reads_no_environment_and_opens_no_model() -> None:
    environ = dict(os.environ) | {"PLAYGROUND_PORT": "not a port", "PLAYGROUND_CACHE": "/nowhere"}
    code = "import playground.ui, playground.service.start, playground.serving"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environ, timeout=120).returncode == 0


@pytest.mark.parametrize("floor", FLOORS)
def test_every_room_is_a_package_on_every_floor_under_its_contract(floor: str) -> None:
    """A room's modules lie in its package and nowhere else, so that the contract holds for all of them."""
    found = {path.name for path in (ROOT / "playground" / floor).iterdir() if (path / "__init__.py").exists()}
    assert found == ROOMS
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    held = next(contract["modules"] for contract in contracts if contract["id"] == f"rooms-{floor}")
    assert set(held) == {f"playground.{floor}.{room}" for room in ROOMS}


@pytest.mark.parametrize("floor", FLOORS)
def test_what_rooms_share_on_a_floor_knows_no_room(floor: str) -> None:
    """But for the written list that joins the rooms."""
    joins = {"panels/__init__.py"}
    knowing = set()
    for path in (ROOT / "playground" / floor).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in getattr(node, "names", [])]
            if isinstance(node, ast.ImportFrom | ast.Import) and any(
                name.startswith(f"playground.{floor}.{room}") for name in names for room in ROOMS
            ):
                knowing.add(f"{floor}/{path.name}")
    assert knowing <= joins


@pytest.mark.parametrize("floor", FLOORS)
def test_tests_mirror_the_rooms(floor: str) -> None:
    """A test of a room's module lies in the folder of its room, under the module's name."""
    tested = [path for path in (ROOT / "tests" / floor).glob("*/test_*.py") if path.parent.name in ROOMS]
    homes = {path: ROOT / "playground" / floor / path.parent.name / path.name.removeprefix("test_") for path in tested}
    strayed = [name_of(path) for path in (ROOT / "tests" / floor).glob("test_*.py") for room in ROOMS
               if (ROOT / "playground" / floor / room / path.name.removeprefix("test_")).exists()]  # fmt: skip
    assert strayed == []
    assert tested and any(home.exists() for home in homes.values())
