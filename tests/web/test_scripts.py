"""The scripts as the browser gets them: modules of our own server, each with a face, under an address that changes with them."""

import re
import shutil
from pathlib import Path

import pytest
from gradio.routes import App
from starlette.testclient import TestClient

from playground.routes import app_kwargs
from playground.ui import build_app, page_head
from playground.web import files
from playground.web.component import Component
from playground.web.events import EVENTS, SHOW_THEMSELVES
from tests.fake.service import FakeService
from tests.web.modules import MODULES, imports_of
from tests.web.node import WEB, run

SCRIPTS = sorted(name for name, text in MODULES.items() if "export default function" in text)  # of components


@pytest.fixture(scope="module")
def web() -> TestClient:
    service = FakeService()
    demo = build_app(service)
    return TestClient(App.create_app(demo, app_kwargs=app_kwargs(service)))


def test_every_script_is_a_module_with_one_function() -> None:
    """Read by node, which says where an import names what is not exported."""
    faces = [name.replace("/", "__") for name in SCRIPTS]
    lines = [f"import {face} from {(WEB / f'{name}.js').as_uri()!r};" for face, name in zip(faces, SCRIPTS, strict=True)]
    code = f"return [{', '.join(faces)}].map((one) => [typeof one, one.length]);"
    assert run({}, code, before=lines) == [["function", 1]] * len(SCRIPTS)


def test_every_component_on_the_page_has_a_script_and_every_script_a_component() -> None:
    found = [block for block in build_app(FakeService()).blocks.values() if isinstance(block, Component)]
    assert {block.script for block in found} == set(SCRIPTS)
    assert all(block.js_on_load and "\n" not in block.js_on_load and len(block.js_on_load) < 400 for block in found)


@pytest.mark.parametrize("name", SCRIPTS)
def test_what_a_script_tells_is_what_is_written(name: str) -> None:
    script = files.read_web(f"{name}.js")
    told = set(re.findall(r'\btrigger\("(\w+)"', script))
    if "trigger(HALT[" in script:
        told |= set(re.findall(r': "(\w+)"', next(line for line in script.splitlines() if "const HALT =" in line)))
    assert told == set(EVENTS.get(name, ()))
    assert len(re.findall(r"\btrigger\((?!\"|HALT\[)", script)) == 0
    assert ("pg-view" in script) == (name in SHOW_THEMSELVES)


def test_an_event_nobody_tells_is_no_listener() -> None:
    with pytest.raises(AttributeError, match="events"):
        Component("note", render=False).scene  # noqa: B018
    assert not hasattr(Component("tokens/tokens", render=False), "_ready")


def test_a_script_is_kept_for_a_year_under_its_version_and_asked_for_anew_under_another(web: TestClient) -> None:
    now = files.version()
    for name in ("look.js", "attention/lab/main.js", "learn/fresh_head.js", "attention/lab.css"):
        kept = web.get(f"/playground/web/{now}/{name}")
        assert kept.status_code == 200 and kept.headers["cache-control"] == "public, max-age=31536000, immutable"
        for path in (f"/playground/web/{name}", f"/playground/web/{'0' * 12}/{name}"):
            assert web.get(path).headers["cache-control"] == "no-cache" and web.get(path).text == kept.text
    for name in (
        "component.py",
        f"{now}/component.py",
        f"{now}/../component.py",
        f"{now}/attention/lab/none.js",
        now,
        f"{now}/{now}/look.js",
    ):
        assert web.get(f"/playground/web/{name}").status_code == 404, name


def test_any_change_of_any_script_makes_another_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(WEB, tmp_path / "web")
    monkeypatch.setattr(files, "FOLDER", tmp_path / "web")
    made = [files.version.__wrapped__()]
    script = tmp_path / "web/attention/lab/text.js"
    for change in (lambda: script.write_text("a"), lambda: script.rename(script.with_name("t.js"))):
        change()
        made.append(files.version.__wrapped__())
    assert made[0] == files.version() and len(set(made)) == 3


def test_what_is_asked_for_at_once_is_there_and_is_all_that_the_strip_and_the_first_tab_import(web: TestClient) -> None:
    asked = re.findall(r'href="([^"]+)"', page_head())
    assert all(web.get(f"/{path}").status_code == 200 for path in asked)
    names = {path.split("/", 3)[3].removesuffix(".js") for path in asked}
    assert {"stage", "journey/journey"} <= names
    assert {(name, other) for name in names for other in imports_of(name) if other not in names} == set(), "met only when an import is read"
