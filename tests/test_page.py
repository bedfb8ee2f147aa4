"""What a visitor costs: the page's blocks are asked for their config once, text goes compressed, frames come one by one."""

import gzip
import json
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr
import httpx
import pytest
from gradio.blocks import Block, BlocksConfig
from gradio.state_holder import SessionState

from playground.engine.watch import Watch
from playground.service.stream import Job, Stream
from playground.serving import serve
from playground.settings import Settings
from playground.tasks.attention.writing import Writing, WritingRequest
from playground.ui import build_app
from tests.fake.service import FakeService


class InSteps(FakeService):
    """Writes its second row when it is told that somebody has the first."""

    def __init__(self) -> None:
        super().__init__()
        self.read = threading.Event()

    def stream(self, request: Any) -> Stream[Any]:
        if not isinstance(request, WritingRequest):
            return super().stream(request)
        whole: Writing = self.run(request)

        def write(watch: Watch) -> Writing:
            watch.report(replace(whole, ended=False))
            assert self.read.wait(30), "the first row was held back"
            return replace(whole, rows=(*whole.rows, whole.rows[0][:, :, -1:]), ended=True)

        job: Job[Any] = Job(write)
        threading.Thread(target=job.execute).start()
        return Stream(job, job.cancel)


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[gr.Blocks, str, InSteps]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    service = InSteps()
    demo = build_app(service)
    yield demo, serve(demo, service, Settings(port=port)), service
    demo.close()


def test_a_session_is_told_what_gradio_would_tell_it(served: tuple[gr.Blocks, str, InSteps]) -> None:
    """Against Gradio's own BlocksConfig; twice, since the first may be the one that is kept."""
    demo = served[0]
    plain = {key: BlocksConfig.config_for_block(key, [], block) for key, block in demo.blocks.items()}
    for _ in range(2):
        assert SessionState(demo).config_values == plain


def test_a_second_session_asks_no_block(served: tuple[gr.Blocks, str, InSteps], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: Counter[str] = Counter()
    real = Block.get_config

    def counted(self: Block, cls: Any = None) -> dict[str, Any]:
        asked[type(self).__name__] += 1
        return real(self, cls)

    SessionState(served[0])
    monkeypatch.setattr(Block, "get_config", counted)
    SessionState(served[0])
    assert asked == {}


def test_what_a_session_shows_stays_its_own(served: tuple[gr.Blocks, str, InSteps]) -> None:
    demo = served[0]
    one, other = SessionState(demo), SessionState(demo)
    key = next(key for key, block in demo.blocks.items() if isinstance(block, gr.Textbox))
    before = other.config_values[key]["props"].get("value")
    one._update_value_in_config(key, "mine alone")
    one[key] = gr.Textbox(label="Another", render=False)
    one._update_config(key)
    assert one.config_values[key]["props"]["label"] == "Another"
    for session in (other, SessionState(demo)):
        assert session.config_values[key]["props"].get("value") == before
        assert session.config_values[key]["props"]["label"] != "Another"


@pytest.mark.parametrize(
    "path", ["/", "/config", "/playground/web/attention/lab/main.js", "/playground/web/attention/lab.css", "/playground/status"]
)
def test_text_goes_compressed(served: tuple[gr.Blocks, str, InSteps], path: str) -> None:
    with httpx.stream("GET", served[1] + path, headers={"Accept-Encoding": "gzip"}, timeout=30) as answer:
        sent = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip" and "accept-encoding" in answer.headers["vary"].lower()
    plain = httpx.get(served[1] + path, headers={"Accept-Encoding": "identity"}, timeout=30)
    assert "content-encoding" not in plain.headers
    assert len(sent) < len(plain.content) / 2 and len(gzip.decompress(sent)) == pytest.approx(len(plain.content), rel=0.01)


def test_weights_go_as_they_are(served: tuple[gr.Blocks, str, InSteps]) -> None:
    answer = httpx.post(served[1] + "/playground/attention", json={"text": "a b " * 40, "model": "smollm2-135m"}, timeout=30)
    assert len(answer.content) > 10_000 and "content-encoding" not in answer.headers


def test_frames_come_one_by_one(served: tuple[gr.Blocks, str, InSteps]) -> None:
    """The second is written only once the first is here, and the reader takes gzip."""
    _, url, service = served
    asked = json.dumps({"text": "a b c", "model": "smollm2-135m"})
    with httpx.stream("POST", url + "/playground/writing", content=asked, headers={"Accept-Encoding": "gzip"}, timeout=15) as answer:
        pieces = answer.iter_bytes()
        first = next(pieces)
        assert int.from_bytes(first[:4], "little") % 8 == 0
        service.read.set()
        assert len(b"".join(pieces)) > 0
