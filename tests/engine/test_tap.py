"""Tapped attention equals transformers' own `output_attentions`, and the tap changes nothing else. Real models and tiny random ones."""

import copy
from typing import Any

import numpy as np
import pytest
import torch
import transformers

from playground.engine.attention.attention import attend
from playground.engine.batches import padded
from playground.engine.source_texts import source_of
from playground.engine.tap import IMPLEMENTATION, open_tap
from playground.engine.watch import Watch
from playground.tasks.attention.attention import AttentionRequest
from playground.tasks.precision import unpacked
from tests.conftest import Models

TEXTS = ["The cat saw the other cat, the big <b>cat</b>.", "Hello"]
KINDS = {"minilm-l6": ("self",), "minilm-sentiment": ("self",), "smollm2-135m": ("masked",), "en-fr": ("self", "masked", "cross")}
TINY = {
    "gpt2": lambda: transformers.GPT2LMHeadModel(transformers.GPT2Config(vocab_size=99, n_positions=64, n_embd=32, n_layer=2, n_head=4)),
    "llama-gqa": lambda: transformers.LlamaForCausalLM(
        transformers.LlamaConfig(
            vocab_size=99, hidden_size=32, intermediate_size=37, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2
        )
    ),
    "distilbert": lambda: transformers.DistilBertModel(
        transformers.DistilBertConfig(vocab_size=99, dim=32, n_layers=2, n_heads=4, hidden_dim=37)
    ),
    "bert": lambda: transformers.BertModel(
        transformers.BertConfig(vocab_size=99, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=37)
    ),
    "t5": lambda: transformers.T5ForConditionalGeneration(
        transformers.T5Config(
            vocab_size=99, d_model=32, d_kv=8, d_ff=37, num_layers=2, num_decoder_layers=3, num_heads=4, decoder_start_token_id=0
        )
    ),
    "marian": lambda: transformers.MarianMTModel(
        transformers.MarianConfig(
            vocab_size=99,
            d_model=32,
            encoder_layers=2,
            decoder_layers=3,
            encoder_attention_heads=4,
            decoder_attention_heads=4,
            encoder_ffn_dim=37,
            decoder_ffn_dim=37,
            pad_token_id=98,
            decoder_start_token_id=98,
            max_position_embeddings=64,
        )
    ),
}


def twin(model: Any, implementation: str) -> Any:
    """A copy of the same weights that runs attention the given way."""
    other = copy.deepcopy(model)
    other.set_attn_implementation(implementation)
    return other.eval()


def inputs_for(model: Any, rows: list[list[int]], pad: int) -> dict[str, torch.Tensor]:
    ids, mask = padded(rows, pad, torch.device("cpu"))
    more = {}
    if model.config.is_encoder_decoder:
        decoder, decoder_mask = padded([[model.config.decoder_start_token_id, *row[::-1]][: len(row)] for row in rows], pad, ids.device)
        more = {"decoder_input_ids": decoder, "decoder_attention_mask": decoder_mask}
    return {"input_ids": ids, "attention_mask": mask, **more}


def in_call_order(out: Any, config: Any) -> list[torch.Tensor]:
    if not config.is_encoder_decoder:
        return list(out.attentions)
    pairs = zip(out.decoder_attentions, out.cross_attentions, strict=True)
    return [*out.encoder_attentions, *(weights for pair in pairs for weights in pair)]


def assert_same_attention(model: Any, inputs: dict[str, torch.Tensor]) -> None:
    """`model` runs with our attention function; rows of padding tokens are nobody's business."""
    reference = twin(model, "eager")
    with torch.inference_mode():
        options = {} if model.config.model_type in ("bert", "distilbert") else {"use_cache": False}
        expected = reference(**inputs, output_attentions=True, **options)
        with open_tap() as tap:
            model(**inputs, **options)
    theirs = in_call_order(expected, model.config)
    assert len(tap.weights) == len(theirs) > 0
    keys, queries = inputs["attention_mask"].bool(), inputs.get("decoder_attention_mask", inputs["attention_mask"]).bool()
    for ours, other in zip(tap.weights, theirs, strict=True):
        for row in range(len(keys)):
            real = queries[row] if ours.shape[2] == queries.shape[1] else keys[row]
            torch.testing.assert_close(ours[row][:, real], other[row][:, real], atol=1e-6, rtol=0)
            torch.testing.assert_close(ours[row][:, real].sum(-1), torch.ones(ours.shape[1], int(real.sum())), atol=1e-5, rtol=0)


@pytest.mark.parametrize("slug", KINDS)
def test_real_models_padded(models: Models, slug: str) -> None:
    loaded = models[slug]
    rows = [loaded.codec.ids(text) for text in TEXTS]
    assert len(rows[0]) != len(rows[1])
    pad = loaded.model.config.pad_token_id or 0
    assert_same_attention(loaded.model, inputs_for(loaded.model, rows, pad))


@pytest.mark.parametrize("name", TINY)
def test_tiny_random_models(name: str) -> None:
    torch.manual_seed(0)
    model = TINY[name]().eval()  # type: ignore[no-untyped-call]
    model.set_attn_implementation(IMPLEMENTATION)
    rows = [[5, 6, 7, 5, 6, 7, 8, 9], [11, 12, 13]]
    assert_same_attention(model, inputs_for(model, rows, 98))


@pytest.mark.parametrize("slug", KINDS)
def test_what_is_shown_is_output_attentions(models: Models, slug: str) -> None:
    """The whole way: text to packed weights by kind, against eager attention of the same weights."""
    loaded, text = models[slug], TEXTS[0]
    (run,) = attend(loaded, [AttentionRequest(text, slug, "Le chat a vu l'autre chat." if slug == "en-fr" else "")], Watch())
    assert tuple(shape.kind for shape in run.answer.shapes) == KINDS[slug]
    inputs = {"input_ids": torch.tensor([loaded.codec.ids(source_of(loaded, text).read)])}  # the translator reads a slot for each tag
    if slug == "en-fr":
        target = loaded.codec.encode("Le chat a vu l'autre chat.", target=True).ids.tolist()  # type: ignore[call-arg]
        inputs["decoder_input_ids"] = torch.tensor([[loaded.model.config.decoder_start_token_id, *target[:-1]]])
    with torch.inference_mode():
        out = twin(loaded.model, "eager")(**inputs, output_attentions=True)
    if slug == "en-fr":
        theirs = {"self": out.encoder_attentions, "masked": out.decoder_attentions, "cross": out.cross_attentions}
    else:
        theirs = {KINDS[slug][0]: out.attentions}
    for shape in run.answer.shapes:
        layers = run.layers[shape.kind]
        assert (shape.layers, shape.heads) == (len(layers), len(layers[0])) == (len(theirs[shape.kind]), theirs[shape.kind][0].shape[1])
        for layer, other in zip(layers, theirs[shape.kind], strict=True):
            assert layer.shape[1:] == (len(shape.queries), len(shape.keys))
            np.testing.assert_allclose(unpacked(layer), other[0].numpy(), atol=3.2e-5, rtol=1e-3)
            np.testing.assert_allclose(unpacked(layer).sum(-1), 1, atol=1e-4)
            if shape.kind == "masked":
                assert (layer[:, *np.triu_indices(layer.shape[1], 1)] == 0).all()


def test_axes_name_the_tokens(models: Models) -> None:
    (run,) = attend(models["minilm-l6"], [AttentionRequest("The cat sat, the <b>", "minilm-l6")], Watch())
    side = run.answer.shapes[0].keys
    assert side.labels == ("[CLS]", "The", "cat", "sat", ",", "the", "<", "b", ">", "[SEP]")
    assert side.pieces[1] == side.pieces[5] == "the"
    assert side.special == (True, *[False] * 8, True)
    (run,) = attend(models["smollm2-135m"], [AttentionRequest("a 🦙", "smollm2-135m")], Watch())
    assert all("\ufffd" not in label for label in run.answer.shapes[0].keys.labels)
    assert b"".join(bytes.fromhex(label[1:-1]) for label in run.answer.shapes[0].keys.labels[1:]) in (" 🦙".encode(), "🦙".encode())
    (run,) = attend(models["en-fr"], [AttentionRequest("How are you?", "en-fr")], Watch())
    cross = run.answer.shapes[2]
    assert cross.queries.labels[0] == "⟨start⟩"
    assert cross.keys.pieces[-1] == "</s>"
    assert run.answer.target


@pytest.mark.parametrize("slug", ["minilm-sentiment", "smollm2-135m", "en-fr"])
def test_with_the_tap_closed_or_open_the_logits_are_those_of_sdpa(models: Models, slug: str) -> None:
    loaded = models[slug]
    rows = [loaded.codec.ids(text) for text in TEXTS]
    inputs = inputs_for(loaded.model, rows, loaded.model.config.pad_token_id or 0)
    real = inputs.get("decoder_attention_mask", inputs["attention_mask"]).bool()
    with torch.inference_mode():
        plain = twin(loaded.model, "sdpa")(**inputs).logits
        closed = loaded.model(**inputs).logits
        with open_tap():
            opened = loaded.model(**inputs).logits
    for ours, atol in ((closed, 1e-5), (opened, 1e-3)):
        if ours.ndim == 3:
            torch.testing.assert_close(ours[real], plain[real], atol=atol, rtol=1e-5)
        else:
            torch.testing.assert_close(ours, plain, atol=atol, rtol=1e-5)


@pytest.mark.parametrize("slug", ["smollm2-135m", "en-fr"])
def test_generate_gives_the_same_tokens_with_the_tap_open(models: Models, slug: str) -> None:
    loaded = models[slug]
    inputs = {"input_ids": torch.tensor([loaded.codec.ids("The cat sat on the")])}
    inputs["attention_mask"] = torch.ones_like(inputs["input_ids"])
    options = {"do_sample": False, "num_beams": 1, "max_new_tokens": 10}
    with torch.inference_mode():
        closed = loaded.model.generate(**inputs, **options)
        with open_tap() as tap:
            opened = loaded.model.generate(**inputs, **options)
    assert closed.tolist() == opened.tolist()
    assert tap.weights[-1].shape[2] == 1


def test_a_closed_tap_takes_nothing(models: Models) -> None:
    with open_tap() as tap:
        pass
    models["minilm-l6"].model(input_ids=torch.tensor([[101, 102]]))
    assert tap.weights == []


def test_gradients_pass_through_an_open_tap() -> None:
    torch.manual_seed(0)
    model = TINY["gpt2"]()  # type: ignore[no-untyped-call]
    model.set_attn_implementation(IMPLEMENTATION)
    with open_tap() as tap:
        model(input_ids=torch.tensor([[1, 2, 3]])).logits.sum().backward()
    assert tap.weights[0].requires_grad
    assert model.transformer.wte.weight.grad.abs().sum() > 0


def test_too_many_tokens_are_cut_and_the_answer_says_so(models: Models) -> None:
    (run,) = attend(models["minilm-l6"], [AttentionRequest("cat " * 600, "minilm-l6")], Watch())
    (shape,) = run.answer.shapes
    assert (len(shape.keys), run.answer.cut, shape.keys.pieces[-1]) == (512, 90, "[SEP]")
    (run,) = attend(models["smollm2-135m"], [AttentionRequest("cat " * 600, "smollm2-135m")], Watch())
    assert len(run.answer.shapes[0].keys) == 512 and run.answer.cut > 80
    (run,) = attend(models["en-fr"], [AttentionRequest("cat", "en-fr", "chat " * 600)], Watch())
    assert len(run.answer.shapes[1].keys) == 512


def test_exactly_512_tokens_pass(models: Models) -> None:
    (run,) = attend(models["minilm-l6"], [AttentionRequest("cat " * 510, "minilm-l6")], Watch())
    assert run.layers["self"][0].shape == (12, 512, 512)
