"""A journey's numbers against plain transformers and numpy: weights, lengths, what is added, the lens, and what a cut does."""

from typing import Any

import numpy as np
import pytest
import torch
import transformers

from playground.engine.journey.journey import name, say, travel
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.changes import Changes
from playground.tasks.journey.journey import Journey, JourneyRequest, SayingRequest, WordsRequest, telling_head
from playground.tasks.journey.limits import LIMITS
from playground.tasks.precision import packing_error
from tests.conftest import Models
from tests.views.folders import smollm_folder

TEXT = "The capital of France is"
SMOLLM = "smollm2-135m"


def go(models: Models, text: str = TEXT, slug: str = SMOLLM, changes: Changes | None = None) -> Journey:
    return travel(models[slug], [JourneyRequest(text, slug, changes or Changes())], Watch())[0]


@pytest.fixture(scope="module")
def plain(settings: Any) -> Any:
    """The library's own model and tokenizer, with the weights it hands out itself."""
    folder = smollm_folder(settings)
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32).eval()
    return model, transformers.AutoTokenizer.from_pretrained(folder)


def test_a_decoder_against_plain_transformers(models: Models, plain: Any) -> None:
    model, tokenizer = plain
    made, inputs = go(models), tokenizer(TEXT, return_tensors="pt")
    assert list(made.ids) == inputs["input_ids"][0].tolist() and made.cut == 0
    with torch.inference_mode():
        out = model(**inputs, output_attentions=True, output_hidden_states=True)
    for layer, whole in enumerate(out.attentions):
        for token in range(len(made)):
            wanted = whole[0, :, token, : token + 1].numpy()
            assert (np.abs(made.row(layer, token) - wanted) <= packing_error(wanted.astype(np.float64)) + 2e-5).all()
    states = torch.stack(out.hidden_states[:-1])[:, 0]  # the library's last state is normed already
    np.testing.assert_allclose(made.vectors, states[0].numpy(), atol=1e-5)
    np.testing.assert_allclose(made.stream[:-1], states.norm(dim=-1).numpy(), rtol=1e-4)
    saying = made.saying
    assert saying is not None
    np.testing.assert_allclose(saying.logits, out.logits[0, -1].numpy(), atol=2e-3)
    with torch.inference_mode():
        by_hand = torch.cat([model.lm_head(model.model.norm(states[:, -1])), out.logits[:, -1]])
    best = torch.softmax(by_hand, -1).topk(LIMITS.best)
    np.testing.assert_allclose(saying.probabilities, best.values.numpy(), atol=2e-4)
    assert saying.best[:, 0].tolist() == best.indices[:, 0].tolist()
    final = int(by_hand[-1].argmax())
    places = [1 + int((row > row[final]).sum()) for row in by_hand]
    assert np.abs(np.log(saying.ranks / np.array(places))).max() < 0.02 and saying.ranks[-1] == 1
    assert saying.words.label_of(final) == tokenizer.decode([final]) == " Paris"


def test_what_the_halves_add_is_what_makes_the_stream(models: Models, plain: Any) -> None:
    """By hand: a block's input, plus its attention's output, plus its feed-forward's, is its output."""
    model, tokenizer = plain
    made, seen = go(models), {}
    block = model.model.layers[3]
    for key, module in (("attention", block.self_attn.o_proj), ("forward", block.mlp.down_proj)):
        module.register_forward_hook(lambda _, __, output, key=key: seen.__setitem__(key, output[0]))
    with torch.inference_mode():
        states = model(**tokenizer(TEXT, return_tensors="pt"), output_hidden_states=True).hidden_states
    assert torch.allclose(states[3][0] + seen["attention"] + seen["forward"], states[4][0], atol=1e-3)
    np.testing.assert_allclose(made.added[3], torch.stack([seen["attention"], seen["forward"]]).norm(dim=-1).numpy(), rtol=1e-3)


def test_a_classifier_against_the_library_itself(models: Models) -> None:
    loaded = models["minilm-sentiment"]
    made = go(models, "I love this, it is not bad.", "minilm-sentiment")
    ids = torch.tensor([list(made.ids)])
    loaded.model.set_attn_implementation("eager")
    try:
        with torch.inference_mode():
            out = loaded.model(ids, output_attentions=True, output_hidden_states=True)
    finally:
        loaded.model.set_attn_implementation("playground")
    for layer, whole in enumerate(out.attentions):
        wanted = whole[0, :, 2].numpy()
        assert (np.abs(made.row(layer, 2) - wanted) <= packing_error(wanted.astype(np.float64)) + 2e-5).all()
    np.testing.assert_allclose(made.stream, torch.stack(out.hidden_states)[:, 0].norm(dim=-1).numpy(), rtol=1e-4)
    wanted = torch.softmax(out.logits[0], -1).tolist()
    assert [label for label, _ in made.labels] == ["negative", "neutral", "positive", "unreadable"] and made.saying is None
    np.testing.assert_allclose([share for _, share in made.labels], wanted, atol=1e-5)


def test_a_cut_block_passes_its_input_on(models: Models, plain: Any) -> None:
    """By hand: the library's model without that layer."""
    model, tokenizer = plain
    made = go(models, changes=Changes(blocks=(("masked", 15),)))
    layers = model.model.layers
    model.model.layers = torch.nn.ModuleList([one for i, one in enumerate(layers) if i != 15])
    try:
        with torch.inference_mode():
            logits = model(**tokenizer(TEXT, return_tensors="pt"), use_cache=False).logits[0, -1]
    finally:
        model.model.layers = layers
    assert made.saying is not None
    np.testing.assert_allclose(made.saying.logits, logits.numpy(), atol=2e-3)
    assert made.added[15].max() == 0 and (made.stream[16] == made.stream[15]).all() and made.added[14].min() > 0


def test_a_cut_head_and_a_cut_token(models: Models) -> None:
    whole, head, token = go(models), go(models, changes=Changes(heads=(("masked", 23, 4),))), go(models, changes=Changes(hidden=(3,)))
    assert whole.added[23, 0, 4] != head.added[23, 0, 4] and (whole.weights[23] == head.weights[23]).all()
    assert token.row(23, 4)[:, 3].max() == 0 and whole.row(23, 4)[4, 3] > 0.5
    with pytest.raises(BadInput, match="tokens 0 to 4"):
        go(models, changes=Changes(hidden=(5,)))


def test_another_token_says_what_its_own_text_would(models: Models) -> None:
    """A causal model: what is said after a token does not depend on what follows."""
    made = say(models[SMOLLM], [SayingRequest(JourneyRequest(TEXT, SMOLLM), 2)], Watch())[0]
    alone = go(models, "The capital of").saying
    assert alone is not None and made.position == 2
    np.testing.assert_allclose(made.logits, alone.logits, atol=2e-3)
    assert made.best[-1, 0] == alone.best[-1, 0]
    with pytest.raises(BadInput, match="tokens 0 to 4"):
        say(models[SMOLLM], [SayingRequest(JourneyRequest(TEXT, SMOLLM), 5)], Watch())


def test_the_default_opens_on_the_head_in_which_is_looks_at_france(models: Models, plain: Any) -> None:
    model, tokenizer = plain
    with torch.inference_mode():
        whole = torch.stack(model(**tokenizer(TEXT, return_tensors="pt"), output_attentions=True).attentions)[:, 0, :, -1, 1:-1].numpy()
    layer, head, key = np.unravel_index(int(whole.argmax()), whole.shape)
    assert telling_head(go(models)) == (layer, head) and tokenizer.tokenize(TEXT)[1 + key] == "ĠFrance"
    assert whole.max() > 0.8


def test_of_a_longer_text_a_decoder_reads_the_end(models: Models) -> None:
    text = " ".join(f"word {i}" for i in range(100))
    made = go(models, text)
    ids = models[SMOLLM].codec.ids(text)
    assert list(made.ids) == ids[-LIMITS.tokens :] and made.cut == len(ids) - LIMITS.tokens
    assert made.weights[0].shape == (9, LIMITS.tokens * (LIMITS.tokens + 1) // 2)


def test_of_a_longer_text_an_encoder_reads_the_beginning(models: Models) -> None:
    made = go(models, "good " * 300, "minilm-sentiment")
    assert len(made) == LIMITS.tokens and made.side.pieces[0] == "[CLS]" and made.side.pieces[-1] == "[SEP]"
    assert made.side.pieces[1:-1] == ("good",) * (LIMITS.tokens - 2)


def test_words_are_the_tokenizers_own(models: Models, plain: Any) -> None:
    loaded = models[SMOLLM]
    made = name(loaded.card, loaded.codec, [WordsRequest(SMOLLM, (7042, 314))], Watch())[0]
    assert made.labels == tuple(plain[1].decode([i]) for i in (7042, 314)) and made.labels[1] == " is"
    with pytest.raises(BadInput, match="ids 0 to 49,151"):
        name(loaded.card, loaded.codec, [WordsRequest(SMOLLM, (49_152,))], Watch())
