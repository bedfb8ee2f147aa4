"""Hosted models: the connector against a real HTTP server that speaks the protocol, and against `transformers serve`."""

import dataclasses
import importlib.util
import itertools
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from playground.engine.learn.hosted import Connection, ask
from playground.engine.watch import Watch
from playground.errors import BadInput, ModelUnavailable
from playground.service.hosted import HostedService
from playground.service.start import open_service
from playground.settings import Settings
from playground.tasks.learn.hosted import Hosted, HostedRequest
from playground.tasks.request import Progress
from playground.tasks.sentiment.sentiment import SentimentRequest
from tests.api.running_app import free_port
from tests.fake.service import FakeService
from tests.service.openai_server import OpenAIServer, Script, Talk, endless, silent, writes

ROOT = Path(__file__).parents[2]
SERVING = ROOT / "build" / "serve"
KEY = "sk-secret-0123456789"
ASKED = HostedRequest("Say hello.", 0.5, 16)


def service_for(server: OpenAIServer, key: str = KEY) -> HostedService:
    return HostedService(FakeService(), Connection(server.url, "far-model", key))


def wait_until(true: Callable[[], bool], seconds: float = 5.0) -> float:
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, "it never came true"
        time.sleep(0.01)
    return time.monotonic() - began


def test_the_request_is_what_the_protocol_wants() -> None:
    with OpenAIServer(writes("Hel", "lo")) as server:
        made = service_for(server).run(ASKED)
    (talk,) = server.talks
    assert (made.text, made.pieces, made.stopped, made.finished, made.model) == ("Hello", 2, "stop", True, "far-model")
    assert talk.path == "/v1/chat/completions"
    assert talk.key == f"Bearer {KEY}"
    assert talk.body == {
        "model": "far-model", "messages": [{"role": "user", "content": "Say hello."}], "stream": True, "max_tokens": 16, "temperature": 0.5,
    }  # fmt: skip


def test_partial_answers_are_cumulative_and_something_comes_meanwhile() -> None:
    with OpenAIServer(writes("a", "b", "c", pause=0.5)) as server:
        items, stream = [], service_for(server).stream(ASKED)
        began = time.monotonic()
        for item in stream:
            assert time.monotonic() - began < 0.6
            items.append(item)
            began = time.monotonic()
    answers = [item for item in items if isinstance(item, Hosted)]
    assert any(isinstance(item, Progress) for item in items)
    assert [one.finished for one in answers] == [False] * (len(answers) - 1) + [True]
    assert all(after.text.startswith(before.text) for before, after in itertools.pairwise(answers))
    assert 0 < answers[-1].first_piece_seconds < answers[-1].seconds


def test_without_a_key_none_is_sent() -> None:
    with OpenAIServer(writes("ok")) as server:
        assert service_for(server, key="").run(ASKED).text == "ok"
    assert server.talks[0].key == ""


@pytest.mark.parametrize("script", [endless, silent])
def test_stop_hangs_up_and_frees_the_place(script: Script) -> None:
    with OpenAIServer(script) as server:
        service = service_for(server)
        stream = service.stream(ASKED)
        for item in stream:
            if server.talks and (script is silent or isinstance(item, Hosted)):
                break
        began = time.monotonic()
        stream.close()
        wait_until(lambda: service._lane.working == 0)
        assert time.monotonic() - began < 0.3
        wait_until(server.talks[0].broken.is_set)


def refuses(status: int, message: str) -> Script:
    return lambda talk: talk.refuse(status, message)


def streams(data: bytes) -> Script:
    def script(talk: Talk) -> None:
        talk.begin()
        talk.send(data)

    return script


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (refuses(401, f"Incorrect API key provided: {KEY}"), r"refused the key \(401\). Set OPENAI_API_KEY"),
        (refuses(403, "no"), r"refused the key \(403\). Set OPENAI_API_KEY"),
        (refuses(404, "The model does not exist"), r"\(404\).*PLAYGROUND_OPENAI_BASE_URL and PLAYGROUND_OPENAI_MODEL.*does not exist"),
        (refuses(429, f"Over the limit of {KEY}"), r"no more requests now \(429\)"),
        (refuses(500, "oops"), r"refused the request \(500\). oops"),
        (lambda talk: talk.answer(302, b"", Location="http://127.0.0.1:9/steal"), r"refused the request \(302\)"),
        (lambda talk: talk.answer(200, b"<html>hello</html>", "text/html"), "not as an OpenAI-compatible address does"),
        (lambda talk: talk.answer(200, b"[" * 100_000), "not as an OpenAI-compatible address does"),
        (streams(b""), "not as an OpenAI-compatible address does"),
        (streams(b'data: {"error": {"message": "overloaded"}}\n\n'), "ended with an error: overloaded"),
        (streams(b"x" * 5_000_000), "far more than was asked for"),
    ],
)
def test_what_goes_wrong_is_a_sentence_without_the_key(script: Script, told: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with OpenAIServer(script) as server, pytest.raises(ModelUnavailable, match=told) as caught:
        service_for(server).run(ASKED)
    assert KEY not in str(caught.value)
    assert KEY not in caplog.text


def test_a_stream_of_odd_lines_is_read() -> None:
    odd = b"\n\n".join((
        b": comment", b'data:{"choices":[]}', b"data: nonsense", b"data: 7",
        b'event: x\ndata: {"choices":[{"delta":{"content":"caf\xc3\xa9"},"finish_reason":null}]}\r',
        b'data: {"choices":[{"delta":{},"finish_reason":"length"}]}', b"data: [DONE]", b"",
    ))  # fmt: skip
    with OpenAIServer(streams(odd)) as server:
        made = service_for(server).run(ASKED)
    assert (made.text, made.stopped) == ("café", "length")


def test_a_server_that_does_not_stream() -> None:
    whole = b'{"choices": [{"message": {"content": "All at once."}, "finish_reason": "stop"}]}'
    with OpenAIServer(lambda talk: talk.answer(200, whole)) as server:
        assert service_for(server).run(ASKED).text == "All at once."


def test_a_model_that_wants_other_parameters_is_asked_again() -> None:
    def script(talk: Talk) -> None:
        if "max_tokens" in talk.body:
            talk.refuse(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
        else:
            writes("fine")(talk)

    with OpenAIServer(script) as server:
        assert service_for(server).run(ASKED).text == "fine"
    assert [sorted(talk.body) for talk in server.talks][1] == ["max_completion_tokens", "messages", "model", "stream"]


@pytest.mark.parametrize(
    ("connection", "told"),
    [
        (Connection("", "", ""), "PLAYGROUND_OPENAI_BASE_URL .*PLAYGROUND_OPENAI_MODEL and the key in OPENAI_API_KEY"),
        (Connection("https://api.openai.com/v1", "", KEY), "PLAYGROUND_OPENAI_MODEL"),
        (Connection("https://api.openai.com/v1", "gpt", ""), "OPENAI_API_KEY is not set"),
        (Connection("ftp://x", "gpt", KEY), "BASE_URL is no address"),
        (Connection("http://example.com/v1", "gpt", KEY), "Use https://"),
    ],
)
def test_what_is_not_set_up_is_told_before_anything_is_sent(connection: Connection, told: str) -> None:
    service = HostedService(FakeService(), connection)
    for request in (ASKED, dataclasses.replace(ASKED, only_check=True)):
        with pytest.raises(ModelUnavailable, match=told):
            service.stream(request)
        with pytest.raises(ModelUnavailable, match=told):
            service.run(request)


def test_only_check_sends_nothing() -> None:
    with OpenAIServer(writes("x")) as server:
        assert service_for(server).run(dataclasses.replace(ASKED, only_check=True)).text == ""
    assert server.talks == []


def test_an_address_nobody_listens_on() -> None:
    with pytest.raises(ModelUnavailable, match=r"cannot be reached.*Check PLAYGROUND_OPENAI_BASE_URL"):
        ask(Connection(f"http://127.0.0.1:{free_port()}/v1", "m"), ASKED, Watch())


@pytest.mark.parametrize("bad", [HostedRequest(""), HostedRequest("x" * 4_001), HostedRequest("x", 9.0), HostedRequest("x", 0.5, 10_000)])
def test_limits_hold_in_the_service(bad: HostedRequest) -> None:
    with OpenAIServer(writes("x")) as server, pytest.raises(BadInput):
        service_for(server).run(bad)
    assert server.talks == []


def test_everything_else_goes_on_to_the_service_behind() -> None:
    inner = FakeService()
    service = HostedService(inner, Connection("", ""))
    assert service.run(SentimentRequest("I love it", "minilm-sentiment")).label == "positive"
    assert inner.calls == 1


def test_the_key_is_in_no_text_of_the_settings() -> None:
    settings = Settings.from_environ({"OPENAI_API_KEY": KEY, "PLAYGROUND_OPENAI_BASE_URL": "https://x/v1", "PLAYGROUND_OPENAI_MODEL": "m"})
    assert settings.openai_key == KEY
    assert KEY not in repr(settings) + repr(Connection("u", "m", KEY))


def test_it_is_off_unless_configured(settings: Settings) -> None:
    with pytest.raises(ModelUnavailable, match="No hosted model is set up here"):
        open_service(settings).run(ASKED)


@pytest.fixture(scope="module")
def served(settings: Settings) -> Iterator[tuple[str, str]]:
    """(address, model) of `transformers serve` on the embedded SmolLM2; its extra packages lie in build/serve (`make build/serve`)."""
    if not SERVING.exists() and importlib.util.find_spec("openai") is None:
        told = "transformers serve needs openai, which `make build/serve` installs beside the environment"
        if os.environ.get("CI") == "true":
            pytest.fail(told)
        pytest.skip(told)
    folder = next(settings.cache_folder().glob("SmolLM2-135M-Instruct.Q4_1-*-v2/config.json")).parent
    port = free_port()
    program = [sys.executable, "-c", "from transformers.cli.transformers import main; main()", "serve"]
    environ = os.environ | {"PYTHONPATH": str(SERVING), "HF_HUB_OFFLINE": "1"}
    process = subprocess.Popen(
        [*program, "--host", "127.0.0.1", "--port", str(port), "--device", "cpu", str(folder)],
        env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_until(lambda: process.poll() is not None or _answers(port), 120)
        assert process.poll() is None, "transformers serve ended by itself"
        yield f"http://127.0.0.1:{port}/v1", str(folder)
    finally:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health", timeout=2).status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.models
@pytest.mark.slow
def test_transformers_serve(served: tuple[str, str]) -> None:
    """The real server, the real model: it answers, in pieces, and a stopped answer frees the place."""
    service = HostedService(FakeService(), Connection(*served))
    items = list(service.stream(HostedRequest("What is the capital of France? One sentence.", 0.0, 24)))
    answers = [item for item in items if isinstance(item, Hosted)]
    assert "Paris" in answers[-1].text
    assert len(answers) > 3
    assert answers[-1].finished and answers[-1].stopped in ("stop", "length")
    stream = service.stream(HostedRequest("Tell me a very long story about the sea.", 0.7, 400))
    next(item for item in stream if isinstance(item, Hosted))
    stream.close()
    assert wait_until(lambda: service._lane.working == 0) < 0.3
