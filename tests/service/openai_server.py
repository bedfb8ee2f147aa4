"""A small real HTTP server that speaks the OpenAI-compatible protocol, as a test scripts it, and writes down what it was asked."""

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Script = Callable[["Talk"], None]


class Talk:
    """One request as the server got it, and the ways to answer it. `broken` is set once the caller has hung up."""

    def __init__(self, handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        self.handler, self.body, self.path = handler, body, handler.path
        self.key = handler.headers.get("Authorization", "")
        self.broken = threading.Event()

    def answer(self, status: int, body: bytes, kind: str = "application/json", **headers: str) -> None:
        self.handler.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.handler.send_header(name, value)
        self.handler.end_headers()
        self.handler.wfile.write(body)

    def refuse(self, status: int, message: str) -> None:
        self.answer(status, json.dumps({"error": {"message": message}}).encode())

    def begin(self) -> None:
        self.handler.send_response(200)
        self.handler.send_header("Content-Type", "text/event-stream")
        self.handler.end_headers()

    def send(self, data: bytes) -> None:
        try:
            self.handler.wfile.write(data)
            self.handler.wfile.flush()
        except OSError:
            self.broken.set()
            raise

    def piece(self, text: str | None, reason: str | None = None) -> None:
        delta = {} if text is None else {"content": text}
        self.send(b"data: " + json.dumps({"choices": [{"delta": delta, "finish_reason": reason}]}).encode() + b"\n\n")


class OpenAIServer:
    """`with OpenAIServer(script) as server`: `server.url` ends in /v1; `server.talks` are the requests so far."""

    def __init__(self, script: Script) -> None:
        outer, self.talks = self, list[Talk]()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                talk = Talk(self, json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                outer.talks.append(talk)
                try:
                    script(talk)
                except OSError:
                    talk.broken.set()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> "OpenAIServer":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def writes(*pieces: str, reason: str = "stop", pause: float = 0.0) -> Script:
    """Streams `pieces`, then why it ended."""

    def script(talk: Talk) -> None:
        talk.begin()
        for piece in pieces:
            talk.piece(piece)
            time.sleep(pause)
        talk.piece(None, reason)
        talk.send(b"data: [DONE]\n\n")

    return script


def endless(talk: Talk) -> None:
    talk.begin()
    while True:
        talk.piece("on and ")
        time.sleep(0.02)


def silent(talk: Talk) -> None:
    """Takes the call and says nothing until the caller hangs up."""
    talk.handler.connection.settimeout(30)
    if not talk.handler.connection.recv(1):
        talk.broken.set()
