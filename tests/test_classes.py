"""Classes: who may lead, what ends them, what bounds them; and over HTTP, that followers hear at once and hear the newest."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
import uvicorn
from gradio.routes import App
from starlette.applications import Starlette
from starlette.testclient import TestClient

from playground.class_routes import class_routes
from playground.classes import MOST_FOLLOWERS, MOST_STATE_BYTES, SILENCE_SECONDS, Register
from playground.errors import BadInput, Busy, NotAllowed
from playground.routes import app_kwargs
from playground.ui import build_app
from tests.api.running_app import free_port
from tests.fake.service import FakeService


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_ids_and_keys_cannot_be_guessed_and_are_never_the_same() -> None:
    register = Register()
    made = [register.open() for _ in range(50)]
    assert len({one.id for one in made} | {one.key for one in made}) == 100
    assert all(len(one.id) >= 12 and len(one.key) >= 32 for one in made)


def test_only_the_opener_leads() -> None:
    register = Register()
    made, other = register.open(), register.open()
    assert register.tell(made.id, made.key, b"{}").version == 1
    for key in ("", made.key[:-1], other.key, "\ud800"):
        with pytest.raises(NotAllowed, match="opened"):
            register.tell(made.id, key, b"{}")
        with pytest.raises(NotAllowed):
            register.end(made.id, key)
    assert register.find(made.id).version == 1


def test_a_class_ends_after_an_hour_of_silence_and_not_before() -> None:
    clock = Clock()
    register = Register(clock)
    made = register.open()
    clock.now = SILENCE_SECONDS - 1
    register.tell(made.id, made.key, b"{}")
    clock.now += SILENCE_SECONDS - 1
    assert register.find(made.id) is made
    clock.now += 2
    with pytest.raises(BadInput, match="over"):
        register.find(made.id)
    assert made.over


def test_numbers_and_bytes_are_bounded() -> None:
    clock = Clock()
    register = Register(clock, most=3)
    made = [register.open() for _ in range(3)]
    followed = [register.join(one.id) for one in made]
    with pytest.raises(Busy, match="3 classes"):
        register.open()
    for one in followed:
        register.leave(one)
    with pytest.raises(BadInput, match="Shorten"):
        register.tell(made[0].id, made[0].key, b"x" * (MOST_STATE_BYTES + 1))
    followers = [register.join(made[0].id) for _ in range(MOST_FOLLOWERS)]
    with pytest.raises(Busy, match=str(MOST_FOLLOWERS)):
        register.join(made[0].id)
    register.leave(followers[0])
    register.join(made[0].id)
    register.end(made[1].id, made[1].key)
    register.open()
    clock.now = 2 * SILENCE_SECONDS
    assert len({register.open().id for _ in range(3)}) == 3


def test_where_there_are_too_many_the_one_that_nobody_follows_makes_room() -> None:
    """Or one caller who opens a hundred would keep every instructor out for an hour."""
    clock = Clock()
    register = Register(clock, most=3)
    made = [register.open() for _ in range(3)]
    register.join(made[0].id)
    clock.now = 5
    register.tell(made[1].id, made[1].key, b"{}")
    register.join(made[2].id, counted=False)
    new = register.open()
    assert [one.over for one in made] == [False, False, True] and register.find(new.id) is new


def test_the_leaders_own_page_is_not_counted() -> None:
    register = Register()
    made = register.open()
    register.join(made.id, counted=False)
    one = register.join(made.id)
    assert made.people == 1
    register.leave(one)
    assert made.people == 0


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, Register, Clock]]:
    """The routes alone, on a real socket: a test client hands over a stream only when it is over."""
    clock, port = Clock(), free_port()
    register = Register(clock)
    app = Starlette(routes=class_routes(register, heartbeat=0.1))
    running = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        thread.join(0.02)
    yield f"http://127.0.0.1:{port}/playground/classes", register, clock
    running.should_exit = True
    thread.join(10)


async def heard(lines: AsyncIterator[str], kind: str) -> str:
    """The data of the next event of this kind. `lines` stays open: leaving a loop over a response would close it."""
    now = ""
    while True:
        line = await anext(lines)
        if line.startswith("event: "):
            now = line.removeprefix("event: ")
        elif line.startswith("data: ") and now == kind:
            return line.removeprefix("data: ")


def test_followers_hear_the_newest_at_once_every_change_and_the_end(server: tuple[str, Register, Clock]) -> None:
    base, register, _ = server

    async def story() -> None:
        async with httpx.AsyncClient(timeout=10) as web:
            made = (await web.post(base)).json()
            where = f"{base}/{made['id']}"

            async def tell(**state: object) -> httpx.Response:
                return await web.post(f"{where}/state", json={"key": made["key"], "state": state})

            await tell(tab="first")
            await tell(tab="tokens", text="a\nb </script> é")
            async with web.stream("GET", f"{where}/events") as early, web.stream("GET", f"{where}/events?quiet=1") as own:
                assert early.headers["content-type"].startswith("text/event-stream")
                lines, led = early.aiter_lines(), own.aiter_lines()
                assert json.loads(await heard(lines, "state")) == {"tab": "tokens", "text": "a\nb </script> é"}
                while await heard(led, "people") != "1":
                    pass
                assert (await tell(tab="attention")).json() == {"people": 1, "version": 3}
                assert json.loads(await heard(lines, "state")) == {"tab": "attention"}
            for _ in range(50):
                if register.find(made["id"]).people == 0:
                    break
                await asyncio.sleep(0.1)
            assert register.find(made["id"]).people == 0
            async with web.stream("GET", f"{where}/events") as late:
                await web.post(f"{where}/end", json={"key": made["key"]})
                assert await heard(late.aiter_lines(), "over") == "1"
            assert (await web.get(f"{where}/events")).status_code == 404

    asyncio.run(story())


def test_a_silent_class_ends_for_those_who_listen(server: tuple[str, Register, Clock]) -> None:
    base, _, clock = server

    async def story() -> None:
        async with httpx.AsyncClient(timeout=10) as web:
            made = (await web.post(base)).json()
            async with web.stream("GET", f"{base}/{made['id']}/events") as late:
                clock.now += SILENCE_SECONDS + 1
                assert await heard(late.aiter_lines(), "over") == "1"

    asyncio.run(story())


def test_what_is_refused_is_refused_with_a_sentence(server: tuple[str, Register, Clock]) -> None:
    base, _, _ = server
    with httpx.Client(timeout=10) as web:
        made = web.post(base).json()
        where = f"{base}/{made['id']}"
        for body in (b"", b"{", b"[]", b"7", b"[" * 100_000, b'{"key": 3, "state": []}', b'{"state": "x"}'):
            assert web.post(f"{where}/state", content=body).status_code == 400, body[:20]
        assert web.post(f"{where}/state", json={"key": "wrong", "state": {}}).status_code == 403
        assert web.post(f"{where}/state", json={"key": made["key"], "state": {"text": "x" * 70_000}}).status_code == 400
        for odd, code in ((b'"\\ud800"', 200), (b"NaN", 400), (b"1e999", 400)):
            body = b'{"key": "%b", "state": {"a": %b}}' % (made["key"].encode(), odd)
            assert web.post(f"{where}/state", content=body).status_code == code, odd
        huge = web.post(f"{where}/state", content=b'{"state": "' + b"x" * 10 * MOST_STATE_BYTES)
        assert huge.status_code == 400 and huge.json()["detail"].endswith(".")
        assert web.post(f"{base}/none/state", json={"key": "", "state": {}}).status_code == 400
        assert "new link" in web.get(f"{base}/none/events").json()["detail"]


def test_the_password_of_the_page_holds_for_classes_too() -> None:
    service = FakeService()
    demo = build_app(service)
    app = App.create_app(demo, app_kwargs=app_kwargs(service, "http://10.0.0.7:7860"))
    with TestClient(app) as open_to_all:
        assert open_to_all.post("/playground/classes").status_code == 200
        assert open_to_all.get("/playground/address").json() == {"address": "http://10.0.0.7:7860"}
    app.auth = {"ann": "secret"}
    with TestClient(app) as web:
        for path in ("/playground/classes", "/playground/classes/x/state", "/playground/classes/x/end", "/playground/qr"):
            assert web.post(path, json={}).status_code == 401, path
        for path in ("/playground/classes/x/events", "/playground/address"):
            assert web.get(path).status_code == 401, path
        assert web.post("/login", data={"username": "ann", "password": "secret"}).status_code == 200
        assert web.post("/playground/classes").status_code == 200
