"""The journey's own reckoning in the page, run by node: what Python wrote, what numpy samples, windows, sentences."""

import base64
from typing import Any

import numpy as np
import pytest

from playground.tasks.generation.sampling import Knobs, rank_order
from playground.tasks.journey.journey import JourneyRequest
from playground.views.journey.messages import JourneyMessages
from tests.fake.service import FakeService
from tests.oracles import run_pipeline
from tests.web.node import run

READ = """
const buffer = bytesOf(given);
let at = 0, journey = null;
while (at < buffer.byteLength) {
  const { about, arrays, end } = read(buffer, at);
  if (!journey) journey = new Journey(about, arrays); else journey.add(about.layer, arrays);
  at = end;
}
"""
DATA = {"journey/picture/data.js": "Journey", "wire.js": "bytesOf, read"}


def sent(text: str, model: str) -> str:
    return base64.b64encode(b"".join(JourneyMessages()(FakeService().run(JourneyRequest(text, model))))).decode()


@pytest.mark.parametrize("model", ["smollm2-135m", "minilm-sentiment"])
def test_the_page_reads_what_python_measured(model: str) -> None:
    made = FakeService().run(JourneyRequest("one two three four", model))
    code = READ + "return [0, 3].map((token) => [0, 1, 2].map((head) => [...journey.row(1, head, token)])).concat([journey.whole]);"
    first, last, whole = run(DATA, code, sent("one two three four", model))
    for token, found in ((0, first), (3, last)):
        wanted = made.row(1, token)
        np.testing.assert_allclose(np.array(found)[:, : wanted.shape[1]], wanted, rtol=1e-6)
    assert whole is True
    code = READ + "return [journey.share(1, 0, 2), journey.length(2, 3), [...journey.row(0, 'mean', 3)]];"
    share, length, mean = run(DATA, code, sent("one two three four", model))
    assert share == pytest.approx(made.added[1, 0, 2] / made.stream[2, 2], rel=1e-6) and length == pytest.approx(made.stream[2, 3])
    np.testing.assert_allclose(mean, made.row(0, 3).mean(0), rtol=1e-5)


@pytest.mark.parametrize("knobs", [Knobs(), Knobs(temperature=0.6, top_k=7), Knobs(temperature=1.7, top_p=0.8), Knobs(temperature=0.0)])
def test_the_next_tokens_are_what_numpy_makes_of_the_logits(knobs: Knobs) -> None:
    logits = np.random.default_rng(3).normal(0, 3, 400).astype(np.float32)
    wanted = run_pipeline(logits, np.array([], np.int32), knobs).probabilities
    given: dict[str, Any] = {"logits": logits.tolist(), "knobs": {"repetition_penalty": 1, "min_p": 0, "temperature": knobs.temperature,
                             "top_k": knobs.top_k, "top_p": knobs.top_p}}  # fmt: skip
    code = "const made = pipeline(Float32Array.from(given.logits), [], given.knobs); return [[...made.order], [...made.chances]];"
    order, chances = run({"stages.js": "pipeline"}, code, given)
    assert len(chances) == np.count_nonzero(wanted) and order[: len(chances)] == rank_order(wanted)[: len(chances)].tolist()
    np.testing.assert_allclose(chances, wanted[order[: len(chances)]], atol=1e-6)


def test_of_many_tokens_a_window_holds_the_chosen_one() -> None:
    code = "return given.map(([size, chosen, start]) => windowOf(size, 340, 14, chosen, start)).map((w) => [w.first, w.count, w.row]);"
    found = run({"journey/picture/flow.js": "windowOf"}, code, [[5, 4, 0], [128, 127, 0], [128, 3, 60], [128, 70, 60]])
    assert [one[:2] for one in found] == [[0, 5], [108, 20], [3, 20], [60, 20]]
    assert all(17 <= row <= 58 for *_, row in found)


def test_the_sentence_says_how_the_answer_climbs() -> None:
    code = """return given.map((ranks) => {
      let settled = ranks.length - 1;
      while (settled > 0 && ranks[settled - 1] === 1) settled--;
      return climb({ rows: ranks.length, ranks, settled, guesses: () => [{ text: " Paris" }] });
    });"""
    ranks = [[4316, 396, 34, 7, 1], [4316, 34, 1, 1], [1, 1], [3, 1]]
    found = run({"journey/picture/lens.js": "climb"}, code, ranks)
    assert found == [
        "“Paris” is number 4,316 before the first block, 34 after block 1, and first only after the last block.",
        "“Paris” is number 4,316 before the first block, 34 after block 0, and first from block 1 on.",
        "“Paris” is first before the first block already, and stays first.",
        "“Paris” is number 3 before the first block, and first only after the last block.",
    ]
