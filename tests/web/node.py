"""Runs the page's modules in node, the one Playwright brings along: what they reckon needs no browser."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright._impl._driver import compute_driver_executable

WEB = Path(__file__).parents[2] / "playground" / "web"


def run(imports: dict[str, str], code: str, given: Any = None, before: Sequence[str] = ()) -> Any:
    """What `code` returns; `imports` are names by file under playground/web ({"digits.js": "numberText"}), `given` its one variable.

    `before`: more lines of imports.
    """
    lines = [f"import {{ {names} }} from {json.dumps((WEB / file).as_uri())};" for file, names in imports.items()]
    said = f"console.log(JSON.stringify(await (async () => {{ {code} }})()));"
    whole = "\n".join([*before, *lines, f"const given = {json.dumps(given)};", said])
    node, _ = compute_driver_executable()
    done = subprocess.run([node, "--input-type=module", "-"], input=whole, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
