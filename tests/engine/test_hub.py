"""The hub path over real HTTP: what is fetched, what is not, and what people are told when it cannot be had."""

import shutil
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import huggingface_hub
import pytest

from playground.catalog import find_model
from playground.engine.hub import MODEL, TOKENIZER, fetch
from playground.engine.models import load_model
from playground.errors import ModelUnavailable
from playground.service.local import LocalService
from playground.settings import Settings
from playground.tasks.attention.attention import AttentionMapRequest, AttentionRequest
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.request import Progress
from playground.tasks.status import StatusRequest
from playground.tasks.tokens.tokens import TokensRequest
from tests.engine.hub_server import HubServer, make_tiny_gpt2, serving

GPT2 = "openai-community/gpt2"
TEXT = "Hello, lazy fox!"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_gpt2(tmp_path_factory.mktemp("tiny-gpt2"))


@pytest.fixture
def hub(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    """A hub with the tiny model under GPT-2's name; what it gives is cached in this test's own folder."""
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
    with serving({GPT2: tiny}) as made:
        yield made


def at(url: str) -> Settings:
    return Settings(hub_endpoint=url, device="cpu", warm=False)


def nothing(state: str, done: int, total: int) -> None:
    """A report nobody reads."""


def test_a_hub_model_downloads_and_serves_its_rooms(hub: HubServer, tiny: Path) -> None:
    service = LocalService(at(hub.url))
    items = list(service.stream(GenerationRequest(TEXT, "gpt2", temperature=0.0, max_new_tokens=5, seed=0)))
    assert isinstance(items[0], Progress)
    answer = items[-1]
    assert (answer.source, answer.window) == (f"hub {GPT2}@main", 64)  # type: ignore[union-attr]
    assert answer.new_tokens in range(1, 6)  # type: ignore[union-attr]
    tokens = service.run(TokensRequest(TEXT, "gpt2"))
    assert "".join(TEXT[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)) == TEXT
    assert tokens.count > 3
    run = AttentionRequest(TEXT, "gpt2")
    assert [(shape.kind, shape.layers, shape.heads) for shape in service.run(run).shapes] == [("masked", 2, 4)]
    assert service.run(AttentionMapRequest(run, 1, 3)).weights.sum(axis=1) == pytest.approx(1, abs=1e-3)
    (status,) = service.run(StatusRequest()).models
    assert (status.model, status.state, status.source) == ("gpt2", "ready", f"hub {GPT2}@main")


def test_only_safetensors_and_tokenizer_files_are_fetched(hub: HubServer) -> None:
    folder = fetch(find_model("gpt2").sources[0], find_model("gpt2"), at(hub.url), nothing)  # type: ignore[arg-type]
    assert hub.fetched == {"config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"}
    assert {file.name for file in folder.iterdir()} == hub.fetched
    assert not any(name.endswith((".bin", ".py", ".pt", ".ot", ".pkl", ".h5", ".msgpack")) for name in TOKENIZER + MODEL)


def test_a_tokenizer_alone_does_not_fetch_the_weights(hub: HubServer) -> None:
    LocalService(at(hub.url)).run(TokensRequest(TEXT, "gpt2"))
    assert hub.fetched == {"tokenizer.json", "tokenizer_config.json"}
    fetch(find_model("gpt2").sources[0], find_model("gpt2"), at(hub.url), nothing)  # type: ignore[arg-type]
    assert "model.safetensors" in hub.fetched


def test_the_download_reports_every_byte(hub: HubServer, tiny: Path) -> None:
    told: list[tuple[str, int, int]] = []
    folder = fetch(find_model("gpt2").sources[0], find_model("gpt2"), at(hub.url), lambda *now: told.append(now))  # type: ignore[arg-type]
    total = sum(file.stat().st_size for file in folder.iterdir())
    assert told[0] == ("downloading", 0, total)
    assert [done for _, done, _ in told].index(total) == len(told) - 1
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)


def test_the_second_time_no_hub_is_needed(hub: HubServer) -> None:
    load_model(find_model("gpt2"), at(hub.url), nothing)
    hub.asked.clear()
    load_model(find_model("gpt2"), at(hub.url), nothing)
    assert hub.asked == []
    loaded = load_model(find_model("gpt2"), replace(at("http://127.0.0.1:9"), hub=False), nothing)
    assert loaded.window == 64
    assert loaded.source == f"hub {GPT2}@main"


def test_a_repository_without_safetensors_is_refused(hub: HubServer, tiny: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    shutil.copytree(tiny, bare)
    (bare / "model.safetensors").unlink()
    hub.repositories["Helsinki-NLP/opus-mt-en-fr"] = bare
    with pytest.raises(ModelUnavailable, match=r"no safetensors.*work offline.*en-fr"):
        load_model(find_model("opus-mt-en-fr"), at(hub.url), nothing)
    assert hub.fetched == set()


def test_a_repository_far_larger_than_the_card_says_is_refused(hub: HubServer) -> None:
    card = replace(find_model("gpt2"), bytes=-30_000_000)
    with pytest.raises(ModelUnavailable, match="over what the catalog allows"):
        fetch(card.sources[0], card, at(hub.url), nothing)  # type: ignore[arg-type]


def test_a_repository_that_is_not_there(hub: HubServer) -> None:
    with pytest.raises(ModelUnavailable, match=r"DistilGPT-2.*could not be downloaded.*work offline: smollm2-135m"):
        load_model(find_model("distilgpt2"), at(hub.url), nothing)


@pytest.mark.parametrize("broken", ["answers 500", "hangs up"])
def test_a_hub_that_fails_on_the_way(hub: HubServer, broken: str) -> None:
    hub.broken = broken
    with pytest.raises(ModelUnavailable, match=r"could not be downloaded.*Try again later.*work offline"):
        load_model(find_model("gpt2"), at(hub.url), nothing)
    hub.broken = ""
    assert load_model(find_model("gpt2"), at(hub.url), nothing).window == 64


def closed_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


@pytest.mark.parametrize("kind", ["closed port", "black hole", "no such name"])
def test_an_unreachable_hub_is_told_within_five_seconds(hub: HubServer, kind: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = {
            "closed port": closed_port(),
            "black hole": f"http://127.0.0.1:{deaf.getsockname()[1]}",
            "no such name": "http://hub.invalid",
        }
        service = LocalService(at(url[kind]))
        began = time.monotonic()
        with pytest.raises(ModelUnavailable, match=r"GPT-2 is not on this machine.*cannot be reached.*work offline: smollm2-135m.*en-fr"):
            list(service.stream(GenerationRequest(TEXT, "gpt2", max_new_tokens=1)))
        assert time.monotonic() - began < 5


def test_a_hub_that_is_switched_off_is_never_asked(hub: HubServer) -> None:
    with pytest.raises(ModelUnavailable, match=r"switched off here \(PLAYGROUND_HUB\).*work offline"):
        LocalService(replace(at(hub.url), hub=False)).run(TokensRequest(TEXT, "gpt2"))
    assert hub.asked == []


def test_no_code_is_ever_trusted() -> None:
    """The written options; the hub test above shows that no .py file is fetched either."""
    source = (Path(__file__).parents[2] / "playground").rglob("*.py")
    assert not [path for path in source if "trust_remote_code=True" in path.read_text("utf-8").replace(" ", "")]
