"""The weights in this repository: small, half precision, safe to load, with a card and figures; adapters load the same twice."""

import importlib.metadata
import json
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from playground.training import minilm, sentiment, spans

ROOMS = ("sentiment", "answering", "en-fr")


@pytest.mark.parametrize("room", ROOMS)
def test_every_file_is_small_and_none_is_a_pickle(room: str) -> None:
    files = [path for path in (minilm.ROOT / room).rglob("*") if path.is_file()]
    assert files and all(path.stat().st_size < 10_000_000 for path in files)
    assert not [path for path in files if path.suffix in (".bin", ".pt", ".pth", ".pkl", ".ckpt", ".part")]


@pytest.mark.parametrize("room", ROOMS)
def test_weights_are_half_precision_or_smaller_and_finite(room: str) -> None:
    tensors = []
    for file in (minilm.ROOT / room).glob("*.safetensors"):
        with safe_open(file, "pt") as held:
            tensors += [held.get_tensor(name) for name in held.keys()]  # noqa: SIM118
    assert tensors and all(t.element_size() <= 2 and bool(torch.isfinite(t.float()).all()) for t in tensors)


@pytest.mark.parametrize("room", ROOMS)
def test_a_card_and_its_figures_lie_beside_them(room: str) -> None:
    facts = json.loads((minilm.ROOT / room / "figures.json").read_text("utf-8"))
    card = (minilm.ROOT / room / "README.md").read_text("utf-8")
    assert facts["figures"]["test"] and facts["seen"] and facts["run"]["steps"] > 0
    assert all(f"\n## {name}\n" in card for name in ("Data", "Recipe", "Figures", "What the figures are not", "Seen"))


def _base() -> Path:
    try:
        return minilm.base_folder()
    except (importlib.metadata.PackageNotFoundError, FileNotFoundError):
        pytest.skip(f"the wheel {minilm.WHEEL} is not installed")


def test_the_sentiment_adapter_loads_the_same_twice() -> None:
    ids = torch.tensor([[101, 1045, 2293, 2023, 4031, 999, 102]])
    first, second = (sentiment.fresh(minilm.ROOT / "sentiment", _base())(input_ids=ids).logits for _ in range(2))
    assert torch.equal(first, second) and first.dtype == torch.float32 and sentiment.LABELS[int(first.argmax())] == "positive"


def test_the_answering_adapter_loads_the_same_twice_and_has_its_threshold() -> None:
    ids = torch.tensor([[101, 2054, 2003, 18750, 1029, 102, 18750, 2003, 1037, 4730, 2653, 1012, 102]])
    kinds = torch.tensor([[0] * 6 + [1] * 7])
    folder = minilm.ROOT / "answering"
    first, second = (spans.fresh(folder, _base())(input_ids=ids, token_type_ids=kinds).start_logits for _ in range(2))
    assert torch.equal(first, second) and first.dtype == torch.float32
    settings = json.loads((folder / "playground.json").read_text("utf-8"))
    assert all(isinstance(settings[name], float) for name in ("no_answer_threshold", "short_no_answer_threshold"))
    assert (settings["max_tokens"], settings["stride"], settings["max_answer_tokens"]) == (spans.MAX_TOKENS, spans.STRIDE, spans.MAX_ANSWER)
