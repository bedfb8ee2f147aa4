"""The tree of branches as the page keeps it, run in node: tokens as they were sent, sums by numpy, a tree worked out by hand."""

import base64
from dataclasses import replace

import numpy as np
import pytest

from playground.tasks.generation.generation import GenerationRequest
from playground.views.generation.trace import TraceMessages
from tests.fake.service import FakeService
from tests.web.node import run

FILE = "generation/trace/branches.js"
ASKED = GenerationRequest("a b c", "smollm2-135m", max_new_tokens=3, seed=7, alternatives=50)
TOKENS = """const asked = { prompt: "p", model: "m", chat: true, temperature: 1, beams: 1, seed: 3 };
  const token = (id, logit) => ({ id, rank: 1, logit, lse: 0, after: 1, drawn: 0.5, others: {}, seed: 3 });
  const other = { id: 9, logit: -2, after: 0.1, rank: 5 };
  const names = (branches) => branches.ordered().map((one) => `${"-".repeat(branches.depth(one))}${one.number}`);
"""


def test_tokens_are_the_traces_own() -> None:
    """What numpy holds on the server: every token, its numbers and its alternatives in order."""
    made = FakeService().run(ASKED)
    assert made.trace is not None
    trace = replace(made.trace, uniforms=np.array([0.25, np.nan, 0.75]))
    sent = b"".join(TraceMessages(ASKED)(replace(made, trace=trace)))
    code = """const { arrays } = read(bytesOf(given));
      return tokensOf(arrays, 7).map((one) => [one.id, one.rank, one.logit, one.lse, one.after, one.drawn, one.seed, alternatives(one)]);"""
    found = run({"wire.js": "bytesOf, read", FILE: "alternatives, tokensOf"}, code, base64.b64encode(sent).decode())
    assert len(found) == 3
    for i, (*numbers, drawn, seed, others) in enumerate(found):
        assert numbers == [float(getattr(trace, name)[i]) for name in ("ids", "ranks", "logits", "normalisers", "after")]
        assert (drawn, seed) == ([0.25, None, 0.75][i], 7)
        assert [one["id"] for one in others] == trace.others[i].tolist() and [one["rank"] for one in others] == list(range(1, 51))
        assert [one["logit"] for one in others] == trace.other_logits[i].tolist()


def test_sums_are_those_of_the_log_probabilities() -> None:
    rng = np.random.default_rng(1)
    logits, lse = rng.normal(0, 5, 40), rng.normal(12, 1, 40)
    code = "return sums({ tokens: given.map(([logit, lse]) => ({ logit, lse })) });"
    found = run({FILE: "sums"}, code, np.stack([logits, lse], axis=1).tolist())
    assert found["total"] == pytest.approx((logits - lse).sum()) and found["perplexity"] == pytest.approx(np.exp(-(logits - lse).mean()))


def test_a_tree_grows_and_loses_branches() -> None:
    """1 is written, 2 takes another token at 1, 3 is 2 with another seed, 4 is 1 with another seed; then 2 goes."""
    code = (
        TOKENS
        + """
      const branches = new Branches(10), one = branches.root(asked).branch;
      one.tokens.push(token(1, -1), token(2, -1), token(3, -1));
      const two = branches.choose(one, 1, other).branch;
      two.tokens.push(token(4, -1));
      const three = branches.again(two).branch, four = branches.again(one).branch, before = names(branches);
      branches.forget(two);
      return [before, names(branches), written(two), two.tokens[1].chosen, written(three), three.asked.seed, written(four),
        differs(one, two),
        differs(three, two), branches.view.number];"""
    )
    found = run({FILE: "Branches, differs, written"}, code)
    assert found == [["1", "-2", "-3", "4"], ["1", "-3", "4"], [1, 9, 4], True, [1, 9], None, [], 1, 2, 4]


def test_the_oldest_without_a_name_makes_room_and_another_prompt_begins_anew() -> None:
    code = (
        TOKENS
        + """
      const branches = new Branches(3), first = branches.root(asked).branch;
      first.name = "Kept";
      branches.root(asked); branches.root(asked);
      const { removed } = branches.root(asked), kept = branches.list.map((one) => one.name);
      branches.root({ ...asked, prompt: "another" });
      return [removed.name, kept, branches.list.map((one) => one.name)];"""
    )
    assert run({FILE: "Branches"}, code) == ["Branch 2", ["Kept", "Branch 3", "Branch 4"], ["Branch 1"]]
