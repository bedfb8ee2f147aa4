"""The GGUF is converted once however many ask, is whole or not there, and holds the file's own weights."""

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from playground.catalog import CONVERSION, Wheel, find_model
from playground.engine import conversion, models
from playground.engine.conversion import DONE, WEIGHTS, converted_folder, file_key
from playground.engine.sources import wheel_path
from playground.errors import ModelUnavailable
from playground.settings import Settings


class Converter:
    """Writes a small folder in place of a model, as `_convert` does: under another name first, then renamed."""

    def __init__(self, failures: int = 0) -> None:
        self.calls, self.failures, self.lock = 0, failures, threading.Lock()

    def __call__(self, gguf: Path, folder: Path) -> None:
        with self.lock:
            self.calls += 1
        if self.failures:
            self.failures -= 1
            raise OSError(28, "No space left on device")
        part = folder.with_suffix(".part")
        part.mkdir()
        (part / "model.safetensors").write_bytes(gguf.read_bytes())
        (part / DONE).write_text("done")
        part.rename(folder)


@pytest.fixture
def gguf(tmp_path: Path) -> Path:
    path = tmp_path / "wheel" / "tiny.gguf"
    path.parent.mkdir()
    path.write_bytes(b"one")
    return path


def converter(monkeypatch: pytest.MonkeyPatch, failures: int = 0) -> Converter:
    made = Converter(failures)
    monkeypatch.setattr(conversion, "_convert", made)
    return made


def test_ten_threads_convert_once(gguf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, told = converter(monkeypatch), list[str]()
    together = threading.Barrier(10)
    monkeypatch.setattr(conversion, "file_key", lambda path: (together.wait(10), file_key(path))[1])
    with ThreadPoolExecutor(10) as pool:
        folders = set(pool.map(lambda i: converted_folder(gguf, tmp_path / "cache", told.append), range(10)))
    assert made.calls == 1
    assert told == ["converting"]
    (folder,) = folders
    assert folder.name == f"tiny-{file_key(gguf)}-v{CONVERSION}"
    converted_folder(gguf, tmp_path / "cache", told.append)
    assert made.calls == 1


def test_another_file_is_another_folder(gguf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = converter(monkeypatch)
    first = converted_folder(gguf, tmp_path, lambda state: None)
    gguf.write_bytes(b"another")
    second = converted_folder(gguf, tmp_path, lambda state: None)
    assert first != second
    assert made.calls == 2
    assert (second / "model.safetensors").read_bytes() == b"another"


def test_a_folder_without_its_last_file_is_made_again(gguf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = converter(monkeypatch)
    folder = converted_folder(gguf, tmp_path, lambda state: None)
    shutil.rmtree(folder)
    converted_folder(gguf, tmp_path, lambda state: None)
    assert made.calls == 2


def test_an_older_conversion_is_made_anew_and_left_to_those_who_load_it(
    gguf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its weights still hold, so they are the same bytes on the disk; its tokenizer does not."""
    older = tmp_path / f"tiny-{file_key(gguf)}"
    older.mkdir()
    for name in (*WEIGHTS, "tokenizer.json", DONE):
        (older / name).write_text(f"{name} of version 1")

    def write(gguf: Path, folder: Path) -> str:
        (folder / "tokenizer.json").write_text("of version 2")
        return "smollm"

    monkeypatch.setattr(conversion, "_write_tokenizer", write)
    monkeypatch.setattr(conversion, "_write_weights", lambda *paths: pytest.fail("the weights were converted again"))
    folder = converted_folder(gguf, tmp_path, lambda state: None)
    assert folder != older and (folder / "tokenizer.json").read_text() == "of version 2"
    assert {file.read_text() for file in older.iterdir()} == {f"{name} of version 1" for name in (*WEIGHTS, "tokenizer.json", DONE)}
    for name in WEIGHTS:
        assert (folder / name).read_text() == f"{name} of version 1" and (folder / name).samefile(older / name)


def test_where_one_file_cannot_have_two_names_it_is_copied(gguf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*paths: Path) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    conversion._share(gguf, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b"one"


@pytest.mark.parametrize("said", [{"tokenizer.ggml.pre": "llama-bpe"}, {}, {"tokenizer.ggml.model": "llama"}])
def test_a_way_to_cut_that_is_not_known_is_refused(
    tmp_path: Path, gguf: Path, said: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import gguf as library

    known = {"tokenizer.ggml.model": "gpt2"} | said
    fields = {name: SimpleNamespace(contents=lambda value=value: value) for name, value in known.items()}
    monkeypatch.setattr(library, "GGUFReader", lambda path: SimpleNamespace(fields=fields))
    with pytest.raises(ModelUnavailable, match=r"tiny\.gguf names the tokenizer .* not known here"):
        converted_folder(gguf, tmp_path / "cache", lambda state: None)
    assert not [path for path in (tmp_path / "cache").iterdir() if path.is_dir()]


def test_a_full_disk_is_a_sentence_and_can_be_tried_again(gguf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    converter(monkeypatch, failures=1)
    with pytest.raises(ModelUnavailable, match=r"could not be written.*No space left.*540 MB.*PLAYGROUND_CACHE"):
        converted_folder(gguf, tmp_path, lambda state: None)
    assert (converted_folder(gguf, tmp_path, lambda state: None) / DONE).exists()


def test_a_cache_that_cannot_be_a_folder_is_a_sentence(gguf: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelUnavailable, match="PLAYGROUND_CACHE"):
        converted_folder(gguf, tmp_path / "file", lambda state: None)


def test_a_conversion_that_fails_leaves_no_half(gguf: Path, tmp_path: Path) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011  gguf's reader chooses the error
        conversion._convert(gguf, tmp_path / "out")
    assert not list(tmp_path.glob("out*"))


@pytest.fixture(scope="module")
def real(settings: Settings) -> tuple[Path, Path]:
    """(the wheel's GGUF, what it was converted to)."""
    source = find_model("smollm2-135m").sources[0]
    assert isinstance(source, Wheel)
    path = wheel_path(source)
    assert path is not None
    return path, converted_folder(path, settings.cache_folder(), lambda state: None)


def test_the_converted_folder_loads_without_code(real: tuple[Path, Path]) -> None:
    names = {file.name for file in real[1].iterdir()}
    assert {"config.json", "model.safetensors", "tokenizer.json", "generation_config.json", DONE} <= names
    assert not [name for name in names if name.endswith((".py", ".bin", ".pt"))]


def test_the_weights_are_the_files_own(real: tuple[Path, Path]) -> None:
    import gguf
    from safetensors import safe_open

    tensors: dict[str, Any] = {tensor.name: tensor for tensor in gguf.GGUFReader(real[0]).tensors}
    same = {
        "token_embd.weight": "model.embed_tokens.weight",
        "blk.0.ffn_down.weight": "model.layers.0.mlp.down_proj.weight",
        "blk.29.attn_output.weight": "model.layers.29.self_attn.o_proj.weight",
        "blk.7.attn_v.weight": "model.layers.7.self_attn.v_proj.weight",
        "output_norm.weight": "model.norm.weight",
    }
    with safe_open(real[1] / "model.safetensors", "np") as file:  # type: ignore[no-untyped-call]
        for theirs, ours in same.items():
            expected = gguf.dequantize(tensors[theirs].data, tensors[theirs].tensor_type)
            np.testing.assert_array_equal(file.get_tensor(ours), expected.astype(np.float32), err_msg=ours)


def test_a_conversion_and_a_load_wait_for_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """transformers sets torch's default dtype, one for the process, while it makes a model: a load in half precision beside it would
    round what is converted."""
    import transformers

    held: list[bool] = []

    def make(*_: Any, **__: Any) -> Any:
        held.append(conversion.ONE_AT_A_TIME.locked() and models.ONE_AT_A_TIME is conversion.ONE_AT_A_TIME)
        return SimpleNamespace(config=SimpleNamespace(), generation_config=None, state_dict=dict, load_state_dict=dict,
                               save_pretrained=lambda folder: None)  # fmt: skip

    monkeypatch.setattr(transformers.AutoModelForCausalLM, "from_pretrained", make)
    monkeypatch.setattr(transformers.AutoModelForCausalLM, "from_config", make)
    conversion._write_weights(tmp_path / "some.gguf", tmp_path)
    assert held == [True, True] and not conversion.ONE_AT_A_TIME.locked()
