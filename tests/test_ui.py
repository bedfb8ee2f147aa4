"""The page as a whole: what it imports, which endpoints it has, and that no text is a template."""

import subprocess
import sys

from playground.panels import PANELS
from playground.ui import build_app, page_style
from playground.web.component import Component
from playground.web.files import FOLDER, read_web
from tests.fake.service import FakeService

HEAVY = "import sys, playground.ui, playground.serving; sys.exit(','.join({'torch', 'transformers', 'plotly'} & set(sys.modules)) or 0)"


def test_importing_the_page_imports_no_model_library() -> None:
    subprocess.run([sys.executable, "-c", HEAVY], check=True)


def test_panels_are_listed_once_and_have_a_lead() -> None:
    ids = [panel.id for panel in PANELS]
    assert len(ids) == len(set(ids))
    assert all(panel.lead.endswith(".") for panel in PANELS)


def test_public_endpoints_are_documented() -> None:
    endpoints = build_app(FakeService()).get_api_info()["named_endpoints"]
    assert {"/tokenize", "/generate"} <= set(endpoints)
    names = [p["parameter_name"] for p in endpoints["/generate"]["parameters"]]
    assert names[:3] == ["prompt", "model", "chat"]
    assert endpoints["/generate"]["returns"][0]["type"] == {"type": "string"}


def test_templates_are_constant() -> None:
    blocks = build_app(FakeService()).blocks.values()
    found = [block for block in blocks if isinstance(block, Component)]
    assert found
    assert all("$" not in block.html_template and "{{" not in block.html_template for block in found)
    assert all("${" not in block.css_template and "{{" not in block.css_template for block in found)


def test_scripts_write_no_markup_and_ask_no_other_host() -> None:
    names = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.js"))
    assert {"look.js", "note.js", "attention/lab/main.js"} <= set(names)
    for name in names:
        script = read_web(name).replace("http://www.w3.org/2000/svg", "")  # a namespace, which nothing asks for
        assert not [word for word in ("innerHTML", "insertAdjacentHTML", "document.write", "eval(", "http://") if word in script]
    assert "@import" not in page_style()
