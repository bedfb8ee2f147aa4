"""The mean of two adapters of equal shape, published in a third folder: python -m playground.training.halfway BEFORE AFTER FOLDER."""

import argparse
import shutil
from pathlib import Path

from safetensors.torch import load_file, save_file


def halfway(before: Path, after: Path, folder: Path) -> None:
    """Raises KeyError where `before` lacks what `after` holds."""
    first, second = (load_file(one / "adapter_model.safetensors") for one in (before, after))
    made = {name: ((first[name].float() + value.float()) / 2).half().contiguous() for name, value in second.items()}
    folder.mkdir(parents=True, exist_ok=True)
    save_file(made, folder / "adapter_model.safetensors", metadata={"format": "pt"})
    if folder != after:
        shutil.copy(after / "adapter_config.json", folder)


if __name__ == "__main__":
    ask = argparse.ArgumentParser(description=__doc__)
    for name in ("before", "after", "folder"):
        ask.add_argument(name, type=Path)
    halfway(**vars(ask.parse_args()))
