"""The status route and the headers, with and without a password; and how the page is served."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from gradio.routes import App
from starlette.testclient import TestClient

from playground.errors import (
    APOLOGY,
    BadInput,
    Busy,
    ModelUnavailable,
    NotAllowed,
    NotFound,
    OutOfMemory,
    PlaygroundError,
    UnknownModel,
    status_of,
)
from playground.routes import app_kwargs
from playground.service.stream import Job, Stream
from playground.serving import page_address, prepare, serve
from playground.settings import Settings
from playground.tasks.attention.packing import AttentionPackRequest
from playground.ui import build_app
from tests.fake.service import FakeService
from tests.wire import read, read_all


def client(auth: tuple[str, str] | None = None) -> TestClient:
    service = FakeService()
    demo = build_app(service)
    demo.auth = None
    app = App.create_app(demo, app_kwargs=app_kwargs(service))
    if auth:
        app.auth = {auth[0]: auth[1]}
    return TestClient(app)


def test_status_is_json_with_security_headers() -> None:
    answer = client().get("/playground/status")
    assert answer.status_code == 200
    assert answer.json()["models"][0]["model"] == "smollm2-135m"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "hf.space" in answer.headers["content-security-policy"]


def test_headers_are_on_the_page_too() -> None:
    assert client().get("/config").headers["referrer-policy"] == "no-referrer"


def test_status_asks_for_the_password_of_the_page() -> None:
    assert client(("ann", "secret")).get("/playground/status").status_code == 401


@pytest.mark.parametrize(("host", "address"), [("127.0.0.1", "http://127.0.0.1:7860"), ("::1", "http://[::1]:7860")])
def test_address(host: str, address: str) -> None:
    assert page_address(host, 7860) == address


def test_address_for_everyone_is_no_placeholder() -> None:
    assert "0.0.0.0" not in page_address("0.0.0.0", 7860)


def test_prepare_keeps_a_proxy_away_from_this_machine() -> None:
    environ = {"NO_PROXY": "example.org", "SPACE_ID": "someone/space"}
    prepare(environ)
    assert environ["NO_PROXY"].split(",")[:3] == ["example.org", "127.0.0.1", "localhost"]
    assert environ["PLAYGROUND_HOST"] == "0.0.0.0"
    assert environ["GRADIO_ANALYTICS_ENABLED"] == "False"


def test_a_taken_port_is_a_sentence() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        service = FakeService()
        with pytest.raises(PlaygroundError, match="PLAYGROUND_PORT"):
            serve(build_app(service), service, Settings(port=taken.getsockname()[1]))


def test_writing_comes_in_frames_or_as_a_sentence() -> None:
    web = client()
    answer = web.post("/playground/writing", json={"text": "a b c", "model": "smollm2-135m"})
    ((about, arrays),) = read_all(answer.content)
    assert answer.status_code == 200 and about["prompt"] == len(about["side"]["labels"]) == arrays["rows"].shape[2]
    np.testing.assert_allclose(arrays["rows"].sum(axis=-1), 1, atol=1e-4)
    bad = [b"{", b"[]", b'{"text": 3}', b'{"text": "a", "other": 1}', b'{"text": " "}', b'{"text": "\\ud800"}']
    for body in [*bad, b'{"text": "a", "model": "none"}']:
        refused = web.post("/playground/writing", content=body)
        assert refused.status_code == 400 and refused.json()["detail"].endswith((".", ")")), body
    assert client(("ann", "secret")).post("/playground/writing", json={}).status_code == 401


def test_a_text_being_written_comes_with_its_alternatives_or_as_a_sentence() -> None:
    """The fake service writes w tokens, its trace is made by hand in tests/fake; a seed may come as it was typed."""
    web, asked = client(), {"prompt": "a b", "model": "smollm2-135m", "seed": " 3 ", "max_new_tokens": 4}
    sent = read_all(web.post("/playground/generation", json=asked).content)
    about, _ = next(one for one in sent if "asked" in one[0])
    assert about["asked"]["seed"] == 3 and sent[-1][0]["finished"] and sent[-1][0]["figures"]["repeat"] == {"generation-seed": "3"}
    parts = [arrays for _, arrays in sent if arrays]
    ids = np.concatenate([arrays["ids"] for arrays in parts])
    assert len(ids) > 0 and sum(arrays["others"].shape[0] for arrays in parts) == len(ids) and parts[0]["others"].shape[1] == 50
    bad = [b"{", b"[]", b'{"prompt": "a"}', b'{"prompt": " ", "model": "smollm2-135m"}', b'{"prompt": "a", "model": "none"}',
           b'{"prompt": "a", "model": "smollm2-135m", "seed": "x"}', b'{"prompt": "a", "model": "smollm2-135m", "temperature": "hot"}',
           b'{"prompt": "a", "model": "smollm2-135m", "written": [-1]}', b'{"prompt": "a", "model": "smollm2-135m", "other": 1}',
           b'{"prompt": "a", "model": "smollm2-135m", "alternatives": "x", "top_p": 7}', b"x" * 2_000_000]  # fmt: skip
    for body in bad:
        refused = web.post("/playground/generation", content=body)
        assert refused.status_code == 400 and refused.json()["detail"].endswith((".", ")")), body[:60]
    assert client(("ann", "secret")).post("/playground/generation", json=asked).status_code == 401


def test_all_logits_of_a_step_come_as_float32() -> None:
    web, asked = client(), {"prompt": "a b", "model": "smollm2-135m", "written": [1, 2], "seed": 3}
    answer = web.post("/playground/logits", json=asked)
    about, arrays = read(answer.content)
    assert answer.status_code == 200 and arrays["logits"].dtype == np.float32
    assert arrays["logits"].tolist() == [-float(i) for i in range(len(arrays["logits"]))]
    assert about["written"] == 2 and about["words"].startswith("0\t0\t␣word0\n")
    bad = [b"{", b"[]", b"[" * 100_000, b'{"prompt": "a"}', b'{"prompt": " ", "model": "smollm2-135m"}',
           b'{"prompt": "a", "model": "none"}',
           b'{"prompt": "a", "model": "smollm2-135m", "written": "x"}', b'{"prompt": "a", "model": "smollm2-135m", "written": [[1]]}',
           b'{"prompt": "a", "model": "smollm2-135m", "other": 1}', b'{"prompt": "a", "model": "smollm2-135m", "temperature": NaN}',
           b'{"prompt": ["a"], "model": {}}', b"x" * 2_000_000]  # fmt: skip
    for body in bad:
        refused = web.post("/playground/logits", content=body)
        assert refused.status_code == 400 and refused.json()["detail"].endswith((".", ")")), body[:60]
    assert client(("ann", "secret")).post("/playground/logits", json=asked).status_code == 401


def test_weights_of_a_request_that_is_none_are_refused_in_a_sentence() -> None:
    web = client()
    assert web.post("/playground/attention", json={"text": "a b", "model": "smollm2-135m"}).status_code == 200
    for body in (b"{", b"[]", b"[" * 70_000, b'{"text": 3}', b'{"text": "a", "other": 1}', b'{"text": "a", "model": "none"}'):
        refused = web.post("/playground/attention", content=body)
        assert refused.status_code == 400 and refused.json()["detail"].endswith((".", ")")), body[:60]


class Hanging(FakeService):
    """Attention that begins when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.let = threading.Event()

    def stream(self, request: Any) -> Stream[Any]:
        if not isinstance(request, AttentionPackRequest):
            return super().stream(request)
        job: Job[Any] = Job(lambda watch: self.run(request))
        threading.Thread(target=job.execute).start()
        return Stream(job, job.cancel)

    def run(self, request: Any) -> Any:
        if isinstance(request, AttentionPackRequest):
            self.let.wait(30)
        return super().run(request)


def test_many_who_wait_for_weights_keep_nobody_from_the_page() -> None:
    service = Hanging()
    with TestClient(App.create_app(build_app(service), app_kwargs=app_kwargs(service))) as web, ThreadPoolExecutor(50) as pool:
        asked = [pool.submit(web.post, "/playground/attention", json={"text": f"a {i}", "model": "smollm2-135m"}) for i in range(45)]
        page = pool.submit(web.get, "/config").result(10)
        assert page.status_code == 200 and not any(one.done() for one in asked)
        service.let.set()
        assert {one.result(30).status_code for one in asked} == {200}


class Broken(FakeService):
    """What nobody foresaw."""

    def stream(self, request: Any) -> Stream[Any]:
        raise RuntimeError("a secret path: /root/models")


@pytest.mark.parametrize("path", ["attention", "writing", "logits"])
def test_what_nobody_foresaw_is_an_apology_in_json(path: str) -> None:
    service = Broken()
    asked = {"prompt": "a", "model": "smollm2-135m"} if path == "logits" else {"text": "a", "model": "smollm2-135m"}
    answer = TestClient(App.create_app(build_app(FakeService()), app_kwargs=app_kwargs(service))).post(f"/playground/{path}", json=asked)
    assert answer.status_code == 500 and answer.json() == {"detail": APOLOGY}


def test_every_route_of_ours_is_behind_the_password() -> None:
    """But the files of the page, which are the same for everybody."""
    web = client(("ann", "secret"))
    ours = [one for one in app_kwargs(FakeService())["routes"] if not one.path.startswith("/playground/web")]
    assert len(ours) >= 10
    for one in ours:
        for method in one.methods - {"HEAD"}:
            assert web.request(method, one.path.replace("{id}", "x")).status_code == 401, one.path


@pytest.mark.parametrize(("error", "status"), [
    (BadInput("a"), 400), (UnknownModel("a"), 400), (NotFound("a"), 404), (NotAllowed("a"), 403), (Busy("a"), 503),
    (ModelUnavailable("a"), 503), (OutOfMemory("a"), 503), (ValueError("a"), 500),
])  # fmt: skip
def test_one_table_from_errors_to_statuses(error: Exception, status: int) -> None:
    assert status_of(error) == status


def test_only_scripts_and_styles_are_served() -> None:
    web = client()
    assert "export class Run" in web.get("/playground/web/attention/lab/data.js").text
    assert web.get("/playground/web/attention/lab.css").headers["content-type"].startswith("text/css")
    for name in ("component.py", "attention/lab/../component.py", "..%2f..%2fsettings.py", "attention/lab/none.js", "", "attention/lab/"):
        assert web.get(f"/playground/web/{name}").status_code == 404, name
