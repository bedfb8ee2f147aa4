"""The page's modules as text, by name under playground/web without .js, and what each imports."""

import re

from tests.web.node import WEB

MODULES = {path.relative_to(WEB).with_suffix("").as_posix(): path.read_text("utf-8") for path in WEB.rglob("*.js")}


def imports_of(name: str) -> set[str]:
    """The modules that a module imports, by name under playground/web."""
    found = re.findall(r'^import .* from "([^"]+)";$', MODULES[name], re.MULTILINE)
    return {(WEB / name).parent.joinpath(path).resolve().relative_to(WEB).with_suffix("").as_posix() for path in found}
