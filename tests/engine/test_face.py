"""What a model says of itself, against transformers' own modules and configurations."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
import transformers

from playground.catalog import find_model
from playground.engine.face import face_of
from playground.engine.models import load_model
from playground.errors import BadInput, ModelUnavailable
from playground.settings import Settings
from tests.engine.tiny import CARDS, tiny


def said(name: str, done: int, total: int) -> None:
    pass


@pytest.mark.parametrize("family", CARDS)
def test_layers_and_heads_are_what_the_library_gives(family: str) -> None:
    """Counted from the attentions that transformers itself returns."""
    loaded = tiny(family)
    loaded.model.set_attn_implementation("eager")
    ids, face = torch.tensor([[1, 2, 3, 4, 5]]), loaded.face
    more = {"decoder_input_ids": ids[:, :3]} if len(face.stacks) == 2 else {}
    with torch.inference_mode():
        out = loaded.model(input_ids=ids, output_attentions=True, **more)
    fields = {"encoder": "encoder_attentions", "decoder": "decoder_attentions"} if more else dict.fromkeys(face.stacks, "attentions")
    for stack, field in fields.items():
        given = getattr(out, field)
        assert (face.layers[stack], face.heads[stack]) == (len(given), given[0].shape[1])
    assert face.width == loaded.model.get_input_embeddings().weight.shape[1]
    assert face.has_cross == bool(getattr(out, "cross_attentions", None))
    assert len(face.kinds) == (3 if face.has_cross else 1)


def test_grouped_keys_are_counted() -> None:
    loaded = tiny("llama-gqa")
    made = loaded.model.base_model.layers[0].self_attn.k_proj.weight.shape[0]
    assert loaded.face.key_heads * loaded.face.head_width == made < loaded.face.width


@pytest.mark.parametrize(("maker", "head"), [
    (lambda: transformers.BertForSequenceClassification(SMALL), "labels"),
    (lambda: transformers.BertForQuestionAnswering(SMALL), "span"),
    (lambda: transformers.BertForMaskedLM(SMALL), "words"),
    (lambda: transformers.BertModel(SMALL), "vectors"),
])  # fmt: skip
def test_the_head_is_asked_of_the_model(maker: Callable[[], torch.nn.Module], head: str) -> None:
    assert face_of(maker(), "tiny").head == head


def test_a_family_that_is_not_known_is_named() -> None:
    config = transformers.RoFormerConfig(vocab_size=99, hidden_size=32, num_hidden_layers=1, num_attention_heads=4, intermediate_size=37)
    with pytest.raises(BadInput, match="roformer"):
        face_of(transformers.RoFormerModel(config), "tiny")


def test_files_of_another_family_than_the_card_says_are_refused() -> None:
    with pytest.raises(ModelUnavailable, match="listed as of the family gpt2, but its files are of bert"):
        load_model(replace(find_model("minilm-l6"), kind="gpt2"), Settings(), said)


SMALL = transformers.BertConfig(vocab_size=99, hidden_size=32, num_hidden_layers=1, num_attention_heads=4, intermediate_size=37)
