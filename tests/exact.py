"""Whether a value is exactly what its TypedDict declares, nested ones too: every key, no other, each of its type."""

import functools
import sys
import types
from collections import abc
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from tests.js.payloads import declared, views


def wrong(value: Any, kind: Any, at: str = "value") -> list[str]:
    """What of `value` is not as declared, in words; [] where all is."""
    origin, parts = get_origin(kind), get_args(kind)
    if is_typeddict(kind):
        return _wrong_keys(value, kind, at)
    if origin is NotRequired:
        return wrong(value, parts[0], at)
    if origin in (Union, types.UnionType):
        found = [wrong(value, one, at) for one in parts]
        return [] if [] in found else min(found, key=len)
    if origin is Literal:
        return [] if value in parts else [f"{at} is {value!r}, not one of {parts}"]
    if origin is dict:
        return [line for name, one in value.items() for line in wrong(one, parts[1], f"{at}[{name!r}]")]
    if origin is tuple and parts[-1] is not Ellipsis:
        if not isinstance(value, tuple | list) or len(value) != len(parts):
            return [f"{at} is {value!r}, not {len(parts)} values"]
        return [line for i, (one, part) in enumerate(zip(value, parts, strict=True)) for line in wrong(one, part, f"{at}[{i}]")]
    if origin in (list, tuple, abc.Sequence):
        if not isinstance(value, list | tuple):
            return [f"{at} is a {type(value).__name__}, not a list"]
        return [line for i, one in enumerate(value[:50]) for line in wrong(one, parts[0], f"{at}[{i}]")]
    right = {float: (int, float), type(None): (type(None),)}.get(kind, (kind,))
    return [] if type(value) in right else [f"{at} is a {type(value).__name__}, not {kind}"]


def _wrong_keys(value: Any, kind: Any, at: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{at} is a {type(value).__name__}, not a {kind.__name__}"]
    hints = get_type_hints(kind, include_extras=True)
    told = [f"{at} has no {name!r}" for name in sorted(kind.__required_keys__ - set(value))]
    told += [f"{at} has {name!r}, which {kind.__name__} does not declare" for name in sorted(set(value) - set(hints))]
    return told + [line for name, one in value.items() if name in hints for line in wrong(one, hints[name], f"{at}[{name!r}]")]


def hold_all() -> None:
    """From now on every view that anything calls is held to its declaration. To be called before a panel is imported."""
    for view in list(views()):
        setattr(sys.modules[view.__module__], view.__name__, _held(view, declared(view)))


def _held(view: Any, kind: Any) -> Any:
    @functools.wraps(view)
    def held(*args: Any, **more: Any) -> Any:
        made = view(*args, **more)
        told = wrong(made, kind, f"{view.__name__}()")
        assert not told, "\n".join(told)
        return made

    return held
