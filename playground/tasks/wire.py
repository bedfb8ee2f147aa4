"""A request read from JSON by its own dataclass: the one way in for routes, views and classes. Knows no request.

Only the form is read here: which fields there are, lists as tuples, nested values by their own dataclasses. What the values may be is
said by each request's `check`, at the door. (pydantic's TypeAdapter was tried: it refuses a lone surrogate before `check` can say
what to do about it, and turns "3" into 3 where it is not strict, and a list into no tuple where it is.)
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from playground.errors import BadInput
from playground.tasks.text import shown

T = TypeVar("T")


def read(kind: type[T], value: object, name: str = "The request", /, **defaults: Any) -> T:
    """`value`, an object as JSON gives it, as a `kind`; `defaults` for fields that are not named. Raises BadInput with a sentence."""
    known = _fields(kind)  # type: ignore[arg-type]
    if not isinstance(value, Mapping) or (odd := set(value) - set(known)):
        raise BadInput(f"{name} must be a JSON object with some of: {', '.join(sorted(known))}."
                       + (f" It has {shown(min(odd))}." if isinstance(value, Mapping) else ""))  # fmt: skip
    given = {**defaults, **value}
    missing = [field for field, (_, required) in known.items() if required and field not in given]
    if missing:
        raise BadInput(
            f"{name} lacks {', '.join(missing)}. It must have: {', '.join(f for f, (_, required) in known.items() if required)}."
        )
    return kind(**{field: _value(known[field][0], given[field], f"{name}’s “{field}”") for field in given})


def write(value: object) -> Any:
    """What `read` reads: a dataclass as an object without the fields that stand at their defaults, tuples as lists."""
    if is_dataclass(value):
        return {field.name: write(own) for field in fields(value) if (own := getattr(value, field.name)) != field.default}
    return [write(one) for one in value] if isinstance(value, tuple) else value


@cache
def _fields(kind: type[Any]) -> dict[str, tuple[Any, bool]]:
    """By name: the type, and whether a value must be given."""
    hints = get_type_hints(kind)
    return {f.name: (hints[f.name], f.default is MISSING and f.default_factory is MISSING) for f in fields(kind)}


def _value(kind: Any, value: object, name: str) -> object:
    if isinstance(kind, type) and is_dataclass(kind):
        return read(kind, value, name)
    if get_origin(kind) is not tuple:
        return value
    parts = get_args(kind)
    if not isinstance(value, list | tuple) or (parts[-1] is not Ellipsis and len(value) != len(parts)):
        wanted = "a list" if parts[-1] is Ellipsis else f"a list of {len(parts)} values"
        raise BadInput(f"{name} must be {wanted}, not {shown(value)}.")
    each = [parts[0]] * len(value) if parts[-1] is Ellipsis else parts
    return tuple(_value(one, item, name) for one, item in zip(each, value, strict=True))
