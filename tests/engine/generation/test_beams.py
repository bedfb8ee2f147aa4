"""The beam tree ends with what transformers' own beam search finds, with its scores, and every node adds up."""

from dataclasses import replace
from typing import Any

import pytest
import torch

from playground.engine.generation.beams import grow_beams
from playground.engine.generation.generation import known_ids
from playground.engine.models import Loaded
from playground.engine.watch import Watch
from playground.errors import BadInput, Cancelled
from playground.tasks.generation.beams import ROOT, BeamTree, BeamTreeRequest
from playground.tasks.generation.generation import GenerationRequest
from tests.conftest import Models

SLUG = "smollm2-135m"
BASE = GenerationRequest("The capital of France is", SLUG, chat=False, repetition_penalty=1.0, beams=3, max_new_tokens=8)
CHAT = replace(BASE, prompt="What is the capital of France? Answer with one word.", chat=True, max_new_tokens=14)


@pytest.fixture(scope="module")
def smol(models: Models) -> Loaded:
    return models[SLUG]


def searched(loaded: Loaded, request: GenerationRequest) -> tuple[BeamTree, list[Any]]:
    items: list[Any] = []
    (tree,) = grow_beams(loaded, [BeamTreeRequest(request)], Watch(items.append))
    return tree, items


def theirs(loaded: Loaded, request: GenerationRequest) -> tuple[list[list[int]], list[float]]:
    prompt, written = known_ids(loaded, request)
    ids = torch.tensor([prompt + written])
    with torch.inference_mode():
        made = loaded.model.generate(
            ids, attention_mask=torch.ones_like(ids), num_beams=request.beams, num_return_sequences=request.beams, do_sample=False,
            max_new_tokens=request.max_new_tokens, length_penalty=1.0, early_stopping=False, output_scores=True,
            repetition_penalty=request.repetition_penalty, return_dict_in_generate=True, temperature=None, top_p=None, top_k=None,
        )  # fmt: skip
    return made.sequences[:, ids.shape[1] :].tolist(), made.sequences_scores.tolist()


@pytest.mark.parametrize(
    "asked",
    [BASE, replace(BASE, beams=5, written=(260, 1338)), CHAT, replace(CHAT, repetition_penalty=1.3)],
    ids=["plain", "five beams, going on", "chat that ends", "with a penalty"],
)
def test_answers_and_scores_equal_transformers(smol: Loaded, asked: GenerationRequest) -> None:
    tree, _ = searched(smol, asked)
    sequences, scores = theirs(smol, asked)
    assert len(tree.finished) == asked.beams
    for found, expected, score in zip(tree.finished, sequences, scores, strict=True):
        ids = [tree.nodes[node].id for node in found.nodes]
        assert ids == expected[: len(ids)], "what follows is padding"
        assert found.score == pytest.approx(score, abs=2e-4)


def test_the_tree_adds_up(smol: Loaded) -> None:
    tree, items = searched(smol, CHAT)
    assert [item.steps for item in items] == list(range(1, tree.steps))
    assert all(item.nodes == tree.nodes[: len(item.nodes)] and not item.finished for item in items)
    for node in tree.nodes:
        before = 0.0 if node.parent == ROOT else tree.nodes[node.parent].total
        assert node.total == pytest.approx(before + node.log_probability, abs=1e-3)
        if node.parent != ROOT:
            assert tree.nodes[node.parent].fate == "kept" and tree.nodes[node.parent].step == node.step - 1
    for step in range(1, tree.steps + 1):
        some = [node for node in tree.nodes if node.step == step]
        assert [node.rank for node in some] == list(range(1, 2 * tree.beams + 1))
        assert sorted((node.total for node in some), reverse=True) == [node.total for node in some]
        assert sum(node.fate == "kept" for node in some) <= tree.beams
    assert {node.fate for node in tree.nodes} == {"kept", "ended", "pruned"}


def test_limits_and_stop(smol: Loaded) -> None:
    with pytest.raises(BadInput, match="2 to 8"):
        BeamTreeRequest(replace(BASE, beams=1)).check()
    with pytest.raises(BadInput, match="1 to 40"):
        BeamTreeRequest(replace(BASE, max_new_tokens=41)).check()
    watch = Watch(lambda item: watch.cancel())
    with pytest.raises(Cancelled):
        grow_beams(smol, [BeamTreeRequest(BASE)], watch)
