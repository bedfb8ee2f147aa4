"""Forward hooks that belong to one thread: where a model works on two requests at once, the other's forward passes them by."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch


@contextmanager
def hooked(module: torch.nn.Module, hook: Callable[..., Any]) -> Iterator[None]:
    """While open, `hook(module, args, kwargs, output)` runs after each forward of `module` in this thread; what it gives, if anything,
    takes the output's place."""
    owner = threading.get_ident()

    def own(*given: Any) -> Any:
        return hook(*given) if threading.get_ident() == owner else None

    handle = module.register_forward_hook(own, with_kwargs=True)
    try:
        yield
    finally:
        handle.remove()
