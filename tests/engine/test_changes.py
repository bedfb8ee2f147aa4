"""Experiments against the same thing done by hand; pairs against the library; what runs lead to against a direct forward."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import tokenizers
import torch

from playground.engine.attention.attention import Run, attend, read_inputs
from playground.engine.attention.dot_product import explain
from playground.engine.attention.outcome import foresee
from playground.engine.forward import body_of, changes_of
from playground.engine.models import Loaded
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.attention.attention import AttentionRequest
from playground.tasks.attention.dot_product import StepsRequest
from playground.tasks.attention.outcome import OutcomeRequest
from playground.tasks.changes import Changes
from playground.tasks.limits import LIMITS
from playground.tasks.precision import unpacked
from playground.tasks.wire import read, write
from tests.conftest import Models

TEXT = "When Mary and John went to the store, John gave a drink to"
PLAIN = Changes()
SLUGS = ["minilm-l6", "smollm2-135m", "en-fr"]
PROJECTION: dict[str, Callable[[Any], Any]] = {
    "minilm-l6": lambda model: model.encoder.layer[2].attention.output.dense,
    "smollm2-135m": lambda model: model.model.layers[2].self_attn.o_proj,
}
BLOCK: dict[str, Callable[[Any], Any]] = {
    "minilm-l6": lambda model: model.encoder.layer[2],
    "smollm2-135m": lambda model: model.model.layers[2],
}


def ask(loaded: Loaded, changes: Changes = PLAIN, **more: str) -> Run:
    return attend(loaded, [AttentionRequest(TEXT, loaded.card.slug, **more, changes=changes)], Watch())[0]


@pytest.mark.parametrize("slug", SLUGS)
def test_hidden_tokens_are_looked_at_by_none_but_themselves(models: Models, slug: str) -> None:
    more = {"target": "Quand Marie et Jean"} if slug == "en-fr" else {}
    plain, run = ask(models[slug], **more), ask(models[slug], Changes(hidden=(2, 3)), **more)
    for shape in run.answer.shapes:
        for before, layer in zip(plain.layers[shape.kind], run.layers[shape.kind], strict=True):
            np.testing.assert_allclose(unpacked(layer).sum(-1), 1, atol=3.1e-5 * len(shape.keys) ** 0.25)
            if shape.kind == "masked" and slug == "en-fr":
                continue
            others = np.ones(layer.shape[1], bool)
            if shape.kind != "cross":
                others[[2, 3]] = False
            assert layer[:, others][:, :, [2, 3]].max() == 0 and before[:, others][:, :, [2, 3]].max() > 0


def test_a_skipped_block_is_skipped_for_its_own_thread_alone(models: Models) -> None:
    """Where a model works for two at once, hooks of one run are called in the other's forward too."""
    loaded = models["minilm-l6"]
    plain, found = ask(loaded), []
    with changes_of(loaded, Changes(blocks=(("self", 2),))):
        other = threading.Thread(target=lambda: found.append(ask(loaded)))
        other.start()
        other.join()
        own = body_of(loaded)(**read_inputs(loaded, AttentionRequest(TEXT, loaded.card.slug)).inputs).last_hidden_state.detach()
    for before, after in zip(plain.layers["self"], found[0].layers["self"], strict=True):
        np.testing.assert_array_equal(before, after)
    whole = body_of(loaded)(**read_inputs(loaded, AttentionRequest(TEXT, loaded.card.slug)).inputs).last_hidden_state.detach()
    assert not torch.allclose(own, whole, atol=0.1)


def test_a_target_that_is_cut_is_told_as_far_as_it_was_read(models: Models) -> None:
    target = "La maison blanche est petite. " * 120
    made = ask(models["en-fr"], target=target).answer
    read = next(shape.queries for shape in made.shapes if shape.kind == "masked").labels
    assert len(read) == LIMITS.attention_tokens and len(made.target) < len(target) and target.startswith(made.target)
    assert made.target.count("maison") - "".join(read).count("maison") in (0, 1), "the last token is what the decoder writes next"


@pytest.mark.parametrize("slug", PROJECTION)
def test_a_head_that_is_off_gives_zeros_to_the_projection(models: Models, slug: str) -> None:
    """By hand: a hook on the projection of layer 2 that zeroes the head's slice of its input."""
    loaded = models[slug]
    kind = ask(loaded).answer.shapes[0].kind
    run = ask(loaded, Changes(heads=((kind, 2, 1),)))
    size = loaded.model.config.hidden_size // loaded.model.config.num_attention_heads

    def without(module: Any, args: Any) -> Any:
        given = args[0].clone()
        given[..., size : 2 * size] = 0
        return (given,)

    hook = PROJECTION[slug](loaded.model).register_forward_pre_hook(without)
    try:
        wanted = ask(loaded)
    finally:
        hook.remove()
    for layer, other in zip(run.layers[kind], wanted.layers[kind], strict=True):
        np.testing.assert_allclose(layer.astype(int), other.astype(int), atol=2)
    assert (run.layers[kind][2] == ask(loaded).layers[kind][2]).all()
    assert abs(run.layers[kind][3].astype(int) - ask(loaded).layers[kind][3]).max() > 100


@pytest.mark.parametrize("slug", PROJECTION)
def test_a_skipped_block_passes_its_input_on(models: Models, slug: str) -> None:
    """By hand: the list of blocks without it."""
    loaded = models[slug]
    kind = ask(loaded).answer.shapes[0].kind
    run = ask(loaded, Changes(blocks=((kind, 2),)))
    blocks = loaded.model.encoder.layer if slug == "minilm-l6" else loaded.model.model.layers
    owner, name = (loaded.model.encoder, "layer") if slug == "minilm-l6" else (loaded.model.model, "layers")
    count = len(blocks)
    try:
        setattr(owner, name, torch.nn.ModuleList([block for i, block in enumerate(blocks) if i != 2]))
        loaded.model.config.num_hidden_layers = count - 1
        wanted = ask(loaded)
    finally:
        setattr(owner, name, blocks)
        loaded.model.config.num_hidden_layers = count
    kept = [layer for i, layer in enumerate(run.layers[kind]) if i != 2]
    for layer, other in zip(kept, wanted.layers[kind], strict=True):
        np.testing.assert_allclose(layer.astype(int), other.astype(int), atol=2)


@pytest.mark.parametrize("slug", SLUGS)
def test_nothing_stays_changed(models: Models, slug: str) -> None:
    before = ask(models[slug])
    kind = before.answer.shapes[0].kind
    ask(models[slug], Changes((1,), ((kind, 0, 0),), ((kind, 1),)))
    with pytest.raises(BadInput):
        ask(models[slug], Changes(heads=((kind, 0, 0), (kind, 99, 0))))
    after = ask(models[slug])
    for some, other in zip(before.layers[kind], after.layers[kind], strict=True):
        assert (some == other).all()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (Changes(hidden=(99,)), "tokens 0 to"),
        (Changes(hidden=tuple(range(16))), "least one"),
        (Changes(heads=(("self", 0, 12),)), "heads 0 to 11"),
        (Changes(heads=(("masked", 0, 0),)), "It has: self"),
        (Changes(blocks=(("self", 6),)), "layers 0 to 5"),
    ],
)
def test_what_a_model_has_not_is_said(models: Models, changes: Changes, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        ask(models["minilm-l6"], changes)


def test_a_translation_under_a_change_is_another(models: Models) -> None:
    loaded = models["en-fr"]
    request = AttentionRequest("The white house is small.", "en-fr")
    plain, changed = foresee(loaded, [OutcomeRequest(request), OutcomeRequest(replace(request, changes=Changes(hidden=(1,))))], Watch())
    assert "blanche" in plain.items[0][0] and "blanche" not in changed.items[0][0]
    assert 0 < plain.items[0][1] <= 1


def test_the_next_token_is_that_of_a_direct_forward(models: Models) -> None:
    loaded = models["smollm2-135m"]
    (made,) = foresee(loaded, [OutcomeRequest(AttentionRequest(TEXT, "smollm2-135m"), 3)], Watch())
    with torch.inference_mode():
        shares = torch.softmax(loaded.model(torch.tensor([loaded.codec.ids(TEXT)])).logits[0, -1].float(), -1)
    assert [p for _, p in made.items] == pytest.approx(shares.topk(3).values.tolist(), abs=1e-5)
    assert made.items[0][0] == loaded.codec.decode([int(shares.argmax())])


def test_labels_and_vectors(models: Models) -> None:
    (made,) = foresee(models["minilm-sentiment"], [OutcomeRequest(AttentionRequest("A wonderful film.", "minilm-sentiment"))], Watch())
    assert made.kind == "label" and made.items[0][0] == "positive" and sum(p for _, p in made.items) == pytest.approx(1)
    request = AttentionRequest(TEXT, "minilm-l6")
    same, moved = foresee(
        models["minilm-l6"], [OutcomeRequest(request), OutcomeRequest(replace(request, changes=Changes(blocks=(("self", 1),))))], Watch()
    )
    assert same.items[0][1] == pytest.approx(1, abs=1e-5) and moved.items[0][1] < 0.999


def test_a_pair_is_read_as_the_library_reads_it(models: Models) -> None:
    loaded = models["minilm-l6"]
    run = ask(loaded, pair="Who gave a drink?")
    (shape,) = run.answer.shapes
    theirs: tokenizers.Encoding = loaded.codec.tokenizer.encode(TEXT, "Who gave a drink?")  # type: ignore[attr-defined]
    assert list(shape.keys.pieces) == theirs.tokens and shape.second == theirs.type_ids.index(1)
    with torch.inference_mode():
        given = {"input_ids": torch.tensor([theirs.ids]), "token_type_ids": torch.tensor([theirs.type_ids])}
        hidden = loaded.model(**given).last_hidden_state
        other = loaded.model(**given | {"token_type_ids": torch.zeros_like(given["token_type_ids"])}).last_hidden_state

    with torch.inference_mode():
        ours = body_of(loaded)(
            **read_inputs(loaded, AttentionRequest(TEXT, "minilm-l6", pair="Who gave a drink?")).inputs
        ).last_hidden_state
    assert torch.allclose(ours, hidden, atol=1e-5) and not torch.allclose(ours, other, atol=1e-3)


def test_of_a_long_pair_the_longer_text_is_cut(models: Models) -> None:
    run = attend(models["minilm-l6"], [AttentionRequest("cat " * 600, "minilm-l6", pair="dog " * 20)], Watch())[0]
    (shape,) = run.answer.shapes
    assert len(shape.keys) == 512 and run.answer.cut == 602 + 22 - 1 - 512 and shape.keys.labels.count("dog") == 20
    with pytest.raises(BadInput, match="reads one text"):
        ask(models["smollm2-135m"], pair="x")


def test_steps_of_a_run_with_hidden_tokens_show_them_as_masked(models: Models) -> None:
    of = AttentionRequest(TEXT, "minilm-l6", changes=Changes(hidden=(2,)))
    (made,) = explain(models["minilm-l6"], [StepsRequest(of, "self", 1, 0, 4)], Watch())
    assert made.mask[2] == -np.inf and made.weights[2] == 0
    with pytest.raises(BadInput, match="no head and no block is off"):
        explain(models["minilm-l6"], [StepsRequest(replace(of, changes=Changes(heads=(("self", 0, 0),))), "self", 1, 0, 4)], Watch())


IMPOSSIBLE: list[Any] = [
    3, [], {"x": []}, {"hidden": 3}, {"hidden": ["a"]}, {"hidden": [-1]}, {"heads": [["self", 0]]}, {"heads": [[[], 0, 0]]},
    {"blocks": [["cross", 0]]}, {"hidden": [True]}, {"hidden": list(range(65))},
]  # fmt: skip


@pytest.mark.parametrize("value", IMPOSSIBLE)
def test_changes_that_cannot_be_are_refused(value: object) -> None:
    with pytest.raises(BadInput):
        read(Changes, value, "Changes").check()


def test_changes_come_back_from_json() -> None:
    changes = Changes((1, 2), (("self", 0, 3),), (("masked", 4),))
    assert read(Changes, write(changes)) == changes and write(Changes()) == {}
