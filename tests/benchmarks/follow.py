"""A class of 50 on the running app, over real HTTP: how late a move of the instructor's arrives, and what the server spends meanwhile.

Each follower is a server-sent event stream of its own connection; moves are a panel's state with a text of 500 characters.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from functools import cache

import httpx
import psutil

from tests.api.running_app import free_port
from tests.benchmarks.harness import ROOT, Measured, measured

FOLLOWERS, MOVES, EACH_SECOND, LIMIT_S = 50, 100, 5.0, 1.0
LONGEST_START = 120.0


def delay_p95() -> Measured:
    """Seconds from the instructor's request to a follower's event, 95th percentile over all moves and followers; the reference is
    the aim of 1 s."""
    delays, _, _ = followed()
    return measured([(statistics.quantiles(delays, n=20)[-1], LIMIT_S)], "s")


def load() -> Measured:
    """CPU seconds of the server's process while the class is led, against the seconds that took: the share of one core."""
    _, spent, took = followed()
    return measured([(spent, took)], "CPU s")


@cache
def followed() -> tuple[list[float], float, float]:
    """(every delay, CPU seconds, seconds), one run for both rows."""
    port = free_port()
    told = {"PLAYGROUND_PORT": str(port), "PLAYGROUND_WARM": "0", "PLAYGROUND_HUB": "0", "NO_PROXY": "127.0.0.1,localhost"}
    process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=os.environ | told, stdout=subprocess.DEVNULL)
    try:
        base = f"http://127.0.0.1:{port}/playground"
        _wait(f"{base}/status", process)
        return asyncio.run(_lesson(f"{base}/classes", psutil.Process(process.pid)))
    finally:
        process.kill()
        process.wait()


def _wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    began = time.monotonic()
    while process.poll() is None and time.monotonic() - began < LONGEST_START:
        try:
            httpx.get(url, timeout=5)
            return
        except httpx.TransportError:
            time.sleep(0.2)
    raise RuntimeError("app.py did not answer")


async def _lesson(base: str, server: psutil.Process) -> tuple[list[float], float, float]:
    sent: dict[int, float] = {}
    delays: list[float] = []
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(timeout=30, limits=limits) as web:
        made = (await web.post(base)).json()
        where = f"{base}/{made['id']}"
        ready = [asyncio.Event() for _ in range(FOLLOWERS)]
        followers = [asyncio.create_task(_follow(web, f"{where}/events", one, sent, delays)) for one in ready]
        await asyncio.gather(*(one.wait() for one in ready))
        began, before = time.perf_counter(), _spent(server)
        for number in range(MOVES):
            state = {"tab": "attention", "values": {"attention-text": "word " * 100}, "views": {"lab": {"number": number}}}
            sent[number] = time.perf_counter()
            (await web.post(f"{where}/state", json={"key": made["key"], "state": state})).raise_for_status()
            await asyncio.sleep(max(0.0, began + (number + 1) / EACH_SECOND - time.perf_counter()))
        took, spent = time.perf_counter() - began, _spent(server) - before
        await web.post(f"{where}/end", json={"key": made["key"]})
        await asyncio.gather(*followers)
    if len(delays) < 0.99 * FOLLOWERS * MOVES:
        raise RuntimeError(f"{len(delays)} of {FOLLOWERS * MOVES} events arrived")
    said = f"median {statistics.median(delays):.3f} s, largest {max(delays):.3f} s, {spent:.2f} CPU s in {took:.1f} s"
    print(f"  {len(delays)} events, {said}", flush=True)
    return delays, spent, took


def _spent(server: psutil.Process) -> float:
    times = server.cpu_times()
    return times.user + times.system


async def _follow(web: httpx.AsyncClient, url: str, ready: asyncio.Event, sent: dict[int, float], delays: list[float]) -> None:
    async with web.stream("GET", url) as answer:
        ready.set()
        async for line in answer.aiter_lines():
            if line.startswith("data: {"):
                number = json.loads(line[6:])["views"]["lab"]["number"]
                delays.append(time.perf_counter() - sent[number])
