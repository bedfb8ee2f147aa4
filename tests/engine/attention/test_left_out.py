"""A text of more tokens than are read: the answer says how many were left out, and its rows sum to 1 as it says."""

import json

import numpy as np
import torch

from playground.service.port import Service
from playground.tasks.attention.attention import AttentionMapRequest, AttentionRequest
from playground.views.attention.attention import attention_weights
from tests.conftest import Models
from tests.engine.test_tap import twin


def test_attention_says_what_it_left_out_and_its_rows_sum_to_1(models: Models, service: Service) -> None:
    """“word” is one entry of BERT's vocabulary, so with [CLS] and [SEP] the text has 602 tokens: 90 over 512."""
    text = "word " * 600
    found = json.loads(json.dumps(attention_weights(service.run(AttentionMapRequest(AttentionRequest(text, "minilm-l6"), 5, 3)))))
    assert found["left_out"] == 90 and found["note"] == "The text was too long: its last 90 tokens were left out."
    assert len(found["weights"]) == 512
    loaded = models["minilm-l6"]
    ids = loaded.codec.ids(text)
    with torch.inference_mode():
        theirs = twin(loaded.model, "eager")(input_ids=torch.tensor([[*ids[:511], ids[-1]]]), output_attentions=True).attentions[5][0, 3]
    weights = np.array(found["weights"])
    assert abs(weights.sum(axis=1) - 1).max() < 1e-3
    assert abs(weights - theirs.numpy()).max() < 1e-4


def test_a_target_that_is_cut_is_told_of_too(service: Service) -> None:
    made = service.run(AttentionMapRequest(AttentionRequest("a house", "en-fr", "la maison " * 300), 0, 0, "cross"))
    found = attention_weights(made)
    assert made.cut == 0 and made.target_cut > 0 and found["left_out"] == made.target_cut
    assert found["note"] == f"The target text was too long: its last {made.target_cut} tokens were left out."
