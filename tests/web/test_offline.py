"""The lab's saved file: every module that it needs is in its import map, under the bare name that the others import it by."""

import json
import re
import subprocess
from urllib.parse import unquote

from playwright._impl._driver import compute_driver_executable

from tests.web.node import WEB, run

OFFLINE = "attention/lab/offline.js"


def bare(code: str) -> str:
    """A module without what it imports from."""
    return re.sub(r'^((?:import|export)\b.*?\bfrom )"[^"]+";', r"\1;", code, flags=re.MULTILINE)


def test_imports_get_bare_names_whatever_their_form() -> None:
    code = """const made = withBareNames(given.code, new URL(given.url));
      return [made.code, made.imports.map((one) => one.pathname.split("/").at(-1))];"""
    text = 'import { a } from "../../digits.js";\nimport "./text.js";\nexport * from "./data.js";\n'
    text += 'const from = ["./x.js"];\nimport x from "pg/y.js";'
    made, imports = run({OFFLINE: "withBareNames"}, code, {"code": text, "url": (WEB / "attention/lab/main.js").as_uri()})
    assert made == (
        'import { a } from "pg/digits.js";\nimport "pg/attention/lab/text.js";\nexport * from "pg/attention/lab/data.js";\n'
        'const from = ["./x.js"];\nimport x from "pg/y.js";'
    )
    assert imports == ["digits.js", "text.js", "data.js"]


def test_the_map_has_every_module_once_and_no_path() -> None:
    """Asked of the whole program as it is: nothing in it may be lacking where there is no server."""
    script = f"""import {{ readFile }} from "node:fs/promises";
      import {{ importMap }} from {json.dumps((WEB / OFFLINE).as_uri())};
      const first = new URL({json.dumps((WEB / "attention/lab/main.js").as_uri())});
      console.log(JSON.stringify(await importMap(first, (url) => readFile(url, "utf8"))));"""
    node, _ = compute_driver_executable()
    done = subprocess.run([node, "--input-type=module", "-"], input=script, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    imports: dict[str, str] = json.loads(done.stdout)["imports"]
    assert {"pg/attention/lab/main.js", "pg/digits.js", "pg/bidi.js"} <= set(imports)
    for name, address in imports.items():
        kind, _, code = address.partition(",")
        assert kind == "data:text/javascript;charset=utf-8"
        found = re.findall(r'^(?:import|export)\b.*?\bfrom "([^"]+)";', unquote(code), re.MULTILINE)
        assert set(found) <= set(imports), name
        assert bare(unquote(code)) == bare((WEB / name.removeprefix("pg/")).read_text("utf-8")), name
