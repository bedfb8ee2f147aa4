"""How the page asks its own server, in node with a server made by hand: what goes wrong is a sentence, and who stops hears nothing."""

import base64

import numpy as np
import pytest

from playground.views.wire import message
from tests.web.node import WEB, run

FILE = {"ask.js": "post, stream, stopped"}
BEFORE = """globalThis.window = { gradio_config: { root: "/behind" } };
  const heard = [];
  const tell = async (asking) => {
    try { await asking; return "answered"; } catch (error) { return stopped(error) ? "stopped" : error.message; }
  };
"""


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ('new Response(JSON.stringify({ detail: "Choose a model." }), { status: 400 })', "Choose a model."),
        ('new Response("<html>Bad gateway</html>", { status: 502 })', "The server answered with error 502. Try again."),
        ('Promise.reject(new TypeError("Failed to fetch"))', "The server cannot be reached. Check the connection, then try again."),
        ('Promise.reject(new DOMException("The user aborted a request.", "AbortError"))', "stopped"),
        ('new Response("{}")', "answered"),
    ],
)
def test_every_answer_that_is_none_is_a_sentence(answer: str, said: str) -> None:
    code = BEFORE + f"globalThis.fetch = async (...asked) => {{ heard.push(asked); return {answer}; }};"
    code += 'const how = await tell(post("/playground/x", { a: 1 })); return [how, heard[0][0], heard[0][1].method, heard[0][1].body];'
    assert run(FILE, code) == [said, "/behind/playground/x", "POST", '{"a":1}']


def test_a_stream_is_read_to_its_end_its_sentence_or_a_stop() -> None:
    """Three messages; a sentence after the second; a line that breaks; and stopped after the first, when the rest is here already."""
    numbers = [message({"n": i}, {"a": np.full(2, i, np.uint8)}) for i in range(3)]
    ends = [b"".join(numbers), b"".join([*numbers[:2], message({"detail": "The model is gone."}, {})])]
    code = (
        BEFORE
        + """
      const { bytesOf } = await import(given.wire);
      const body = (text, broken) => new Response(new ReadableStream({ start(stream) {
        stream.enqueue(new Uint8Array(bytesOf(text)));
        if (broken) setTimeout(() => stream.error(new TypeError("network error")), 20); else stream.close();
      } }));
      const read = async (answer, stopAfter) => {
        const seen = [], own = new AbortController();
        globalThis.fetch = async () => answer;
        const all = async () => {
          for await (const { about, arrays } of stream("/x", {}, own.signal)) {
            seen.push([about.n, ...arrays.a.data]);
            if (about.n === stopAfter) own.abort();
          }
        };
        return [await tell(all()), seen.length];
      };
      return [
        await read(body(given.ends[0])), await read(body(given.ends[1])), await read(body(given.ends[0], true)),
        await read(body(given.ends[0]), 0)];"""
    )
    given = {"wire": (WEB / "wire.js").as_uri(), "ends": [base64.b64encode(one).decode() for one in ends]}
    unreached = "The server cannot be reached. Check the connection, then try again."
    assert run(FILE, code, given) == [["answered", 3], ["The model is gone.", 2], [unreached, 3], ["stopped", 1]]
