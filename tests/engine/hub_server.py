"""A small server that speaks the hub's file protocol over real HTTP, and a tiny GPT-2 made on the spot for it to serve."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class HubServer:
    """`repositories[id]` is the folder served as that model; `asked` lists every (method, path) without its query.

    `broken`: "answers 500" or "hangs up" for everything but the front page.
    """

    def __init__(self, repositories: dict[str, Path]) -> None:
        self.repositories, self.asked = repositories, list[tuple[str, str]]()
        self.broken = ""
        handler = type("Handler", (_Handler,), {"hub": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def fetched(self) -> set[str]:
        """Names of the files whose bytes were asked for."""
        return {path.rsplit("/", 1)[1] for method, path in self.asked if method == "GET" and "/resolve/" in path}

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def serving(repositories: dict[str, Path]) -> Iterator[HubServer]:
    hub = HubServer(repositories)
    try:
        yield hub
    finally:
        hub.close()


class _Handler(BaseHTTPRequestHandler):
    hub: HubServer
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, body: bool) -> None:
        path = unquote(urlsplit(self.path).path)
        self.hub.asked.append((self.command, path))
        if path == "/":
            return self._send(b"hub", {}, body)
        if self.hub.broken == "hangs up":
            self.close_connection = True
            return None
        if self.hub.broken:
            return self._send(b"Internal error", {}, body, 500)
        for name, folder in self.hub.repositories.items():
            if path.startswith((f"/api/models/{name}/revision/", f"/api/models/{name}/tree/")) or path == f"/api/models/{name}":
                return self._send(json.dumps(_tree(folder) if "/tree/" in path else _info(name, folder)).encode(), {}, body)
            if path.startswith(f"/{name}/resolve/"):
                file = folder / path.split("/", 5)[5]
                if file.is_file():
                    data = file.read_bytes()
                    return self._send(data, {"ETag": f'"{_blob(data)}"', "X-Repo-Commit": COMMIT}, body)
                return self._send(b'{"error": "Entry not found"}', {"X-Error-Code": "EntryNotFound"}, body, 404)
        return self._send(b'{"error": "Repository not found"}', {"X-Error-Code": "RepoNotFound"}, body, 404)

    def _send(self, data: bytes, headers: dict[str, str], body: bool, code: int = 200) -> None:
        self.send_response(code)
        for name, value in {**headers, "Content-Length": str(len(data)), "Content-Type": "application/json"}.items():
            self.send_header(name, value)
        self.end_headers()
        if body:
            self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed."""


def _blob(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def _info(name: str, folder: Path) -> dict[str, Any]:
    files = [{"rfilename": f.name, "size": f.stat().st_size, "blobId": _blob(f.read_bytes())} for f in sorted(folder.iterdir())]
    return {"id": name, "modelId": name, "sha": COMMIT, "private": False, "tags": [], "downloads": 0, "likes": 0, "siblings": files}


def _tree(folder: Path) -> list[dict[str, Any]]:
    return [{"type": "file", "path": f.name, "size": f.stat().st_size, "oid": _blob(f.read_bytes())} for f in sorted(folder.iterdir())]


def make_tiny_gpt2(folder: Path) -> Path:
    """config, safetensors and tokenizer of a random GPT-2, beside files that must never be fetched."""
    import tokenizers
    import torch
    import transformers

    words = ["The quick brown fox jumps over the lazy dog.", "Hello, world! A hub is a place to fetch models from."]
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE())
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.post_processor = tokenizers.processors.ByteLevel(trim_offsets=True)  # as GPT-2's own file says
    tokenizer.decoder = tokenizers.decoders.ByteLevel()
    alphabet = tokenizers.pre_tokenizers.ByteLevel.alphabet()
    trainer = tokenizers.trainers.BpeTrainer(vocab_size=300, special_tokens=["<|endoftext|>"], initial_alphabet=alphabet)
    tokenizer.train_from_iterator(words, trainer)
    torch.manual_seed(0)
    config = transformers.GPT2Config(
        vocab_size=tokenizer.get_vocab_size(), n_positions=64, n_embd=32, n_layer=2, n_head=4, bos_token_id=0, eos_token_id=0
    )
    transformers.GPT2LMHeadModel(config).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "GPT2Tokenizer", "eos_token": "<|endoftext|>"}))
    for name in ("pytorch_model.bin", "modeling_gpt2.py", "rust_model.ot", "README.md"):
        (folder / name).write_bytes(b"raise SystemExit('this must never be fetched')")
    return folder
