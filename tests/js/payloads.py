"""What the views give, as their TypedDicts declare it -> payloads.d.ts, which the page's scripts are checked against.

`make docs` writes it; tests/views/test_payloads.py holds it to be current. A room is a namespace: `tokens.TokensView`; what stands in no
room is in `shared`.
"""

import importlib
import inspect
import pkgutil
import sys
import types
from collections import abc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, NotRequired, Required, Union, get_args, get_origin, get_type_hints, is_typeddict

import playground.views
from playground.views.translation.document import DocumentPart

FILE = Path(__file__).parent / "payloads.d.ts"
TOP = "// What the server gives the page, made from the TypedDicts of playground/views by tests/js/payloads.py: `make docs`.\n"
PLAIN = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null"}
LISTS = (list, abc.Sequence)
GIVES = ("_view", "_table", "note", "pace_figures", "step_value")
NOT_SHOWN = ("block_table", "embeddings_table", "price_note")  # what programs are told, and a text
LATER = ("lab_view",)  # not declared yet


def views() -> Iterator[Callable[..., Any]]:
    """Every public function of playground.views that gives what a component shows."""
    for info in sorted(pkgutil.walk_packages(playground.views.__path__, "playground.views."), key=lambda one: one.name):
        for name, made in sorted(vars(importlib.import_module(info.name)).items()):
            own = inspect.isfunction(made) and made.__module__ == info.name
            if own and name.endswith(GIVES) and not name.startswith(("_", "read_")) and name not in NOT_SHOWN + LATER:
                yield made


def declared(view: Callable[..., Any]) -> Any:
    """The type of what it gives."""
    return get_type_hints(view, include_extras=True)["return"]


def payloads() -> list[type]:
    """Every TypedDict that some view gives, nested ones too, by name."""
    found: dict[type, None] = {}

    def walk(kind: Any) -> None:
        if is_typeddict(kind) and kind not in found:
            found[kind] = None
            for field in get_type_hints(kind, include_extras=True).values():
                walk(field)
        elif not is_typeddict(kind):
            for part in get_args(kind):
                walk(part)

    for view in views():
        walk(declared(view))
    walk(DocumentPart)  # travels as JSON within the view
    return sorted(found, key=lambda one: (room_of(one), one.__name__))


def room_of(kind: type) -> str:
    parts = kind.__module__.split(".")
    return parts[2] if len(parts) > 3 else "shared"


def written(kind: Any, within: str) -> str:
    """`kind` in TypeScript."""
    if kind in PLAIN:
        return PLAIN[kind]
    if is_typeddict(kind):
        return kind.__name__ if room_of(kind) == within else f"{room_of(kind)}.{kind.__name__}"
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (NotRequired, Required):
        return written(parts[0], within)
    if origin is Literal:
        return " | ".join(f'"{one}"' for one in parts)
    if origin in (Union, types.UnionType):
        return " | ".join(written(one, within) for one in parts)
    if origin is dict:
        return f"Record<string, {written(parts[1], within)}>"
    if origin is tuple and parts[-1] is not Ellipsis:
        return f"[{', '.join(written(one, within) for one in parts)}]"
    if origin in (*LISTS, tuple):
        inner = written(parts[0], within)
        return f"({inner})[]" if "|" in inner else f"{inner}[]"
    raise TypeError(f"{kind!r} cannot be told to the page: say what it holds")


def _interface(kind: Any) -> list[str]:
    said = inspect.cleandoc(kind.__doc__).splitlines() if kind.__doc__ and not kind.__doc__.startswith("dict(") else []
    lines = [f"  /** {said[0]} */"] if len(said) == 1 else ["  /**", *(f"   * {line}".rstrip() for line in said), "   */"] if said else []
    lines.append(f"  interface {kind.__name__} {{")
    for name, field in get_type_hints(kind, include_extras=True).items():
        lines.append(f"    {name}{'' if name in kind.__required_keys__ else '?'}: {written(field, room_of(kind))};")
    return [*lines, "  }"]


def text() -> str:
    lines, names = [TOP], [(room_of(one), one.__name__) for one in payloads()]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise TypeError(f"Two payloads of one name: {twice}")
    for room in sorted({room for room, _ in names}):
        own = [line for one in payloads() if room_of(one) == room for line in _interface(one)]
        lines += [f"declare namespace {room} {{", *own, "}", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
    sys.stdout.write(f"{FILE} is written.\n")
