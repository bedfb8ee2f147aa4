"""The masked-word trainer's text and head: against hand-made sums, plain torch and a plain load with PEFT."""

import math
import random
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from peft import PeftModel
from torch.nn.functional import cross_entropy
from transformers import BertConfig, BertForMaskedLM

from playground.training import blanks, masked, minilm
from playground.training.blanks import Masker


def test_thirty_probes_have_one_mask_each_and_answers_of_one_word() -> None:
    found = blanks.probes()
    assert len(found) == 30 == len({text for text, _ in found})
    assert all(text.count("[MASK]") == 1 and right and all(word.isalpha() and word.islower() for word in right) for text, right in found)


def test_text_that_tells_a_probe_is_left_out_in_whatever_order() -> None:
    asked = [("The capital of France is [MASK].", ["paris"])]
    told = ["Paris is the capital of France.", "The capital city of France is Paris, of course."]
    other = ["Paris is in France.", "The capital of Spain is Madrid.", "Comparison is no capital of France."]
    assert blanks.kept_apart([*told, *other], asked) == other


def test_pieces_lose_nothing_but_spaces() -> None:
    text = "One two three. Four five six!  Seven eight nine? " + "long " * 50 + "end. Ten eleven twelve."
    made = blanks.pieces(text, 7)
    assert " ".join(made) == " ".join(text.split())
    assert [len(piece.split()) for piece in made] == [6, 3, 51, 3]


def test_held_out_texts_are_not_trained_on() -> None:
    trained, held = blanks.split([str(i) for i in range(101)])
    assert held == ["0", "50", "100"] and len(trained) == 98 and not set(trained) & set(held)


def test_common_tokens_are_hidden_less_often_special_ones_never(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blanks, "COMMON", 1)
    masker, rng, ids = Masker(Counter({5: 9, 6: 2}), 103, [101, 102]), random.Random(0), [101, 5, 6, 5, 6, 102]
    draws = [masker.hidden(ids, rng) for _ in range(4000)]
    assert all(draw and set(draw) <= {1, 2, 3, 4} for draw in draws)
    shares = [sum(place in draw for draw in draws) / len(draws) for place in (1, 2)]
    # at least one is hidden: where none was drawn, one of the four is taken
    none = (1 - blanks.COMMON_SHARE) ** 2 * (1 - blanks.OTHER_SHARE) ** 2
    assert shares == pytest.approx([blanks.COMMON_SHARE + none / 4, blanks.OTHER_SHARE + none / 4], abs=0.03)
    assert masker.row(ids, [1, 4]) == {"input_ids": [101, 103, 6, 5, 103, 102], "wanted": [0, 5, 0, 0, 6, 0]}


def test_shares_of_tokens_sum_to_one_and_special_ones_count_nothing() -> None:
    counts = masked.counts_of([[101, 7, 7, 8, 102]], [101, 102])
    assert counts == {7: 2, 8: 1}
    made = masked.log_chances(counts, 10)
    assert made.exp().sum().item() == pytest.approx(1) and made[7].item() == pytest.approx(math.log(2.5 / 8))


def test_the_bias_is_evened_by_how_often_a_token_was_hidden() -> None:
    """Bayes: with shares a and b of two tokens and chances p and q to be hidden, what is hidden is the first with odds ap : bq."""
    odds = torch.log(torch.tensor([0.7 * masked.COMMON_SHARE, 0.3 * masked.OTHER_SHARE]))
    assert masked.evened(odds, {0}).softmax(-1).tolist() == pytest.approx([0.7, 0.3])


def _model() -> Any:
    torch.manual_seed(0)
    config = BertConfig(vocab_size=30, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32)
    return BertForMaskedLM(config).eval()


def test_the_loss_is_that_of_the_whole_model_where_something_is_masked() -> None:
    model = _model()
    batch = minilm.collate([{"input_ids": [1, 2, 3, 4], "wanted": [0, 9, 0, 8]}, {"input_ids": [1, 5], "wanted": [0, 7]}])
    logits = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits
    expected = cross_entropy(torch.stack([logits[0, 1], logits[0, 3], logits[1, 1]]), torch.tensor([9, 8, 7]))
    assert masked.loss_of(model, batch).item() == pytest.approx(expected.item(), rel=1e-5)
    told = masked.measured(model, [batch], "cpu")
    assert told["perplexity"] == pytest.approx(expected.exp().item(), rel=1e-4) and told["masked"] == 3


def test_the_head_begins_as_the_likeness_of_a_place_and_a_word_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Against numpy: embeddings times the least-squares matrix times the state, up to what GELU and the layer norm bend."""
    monkeypatch.setattr(masked, "CLS", 1)
    monkeypatch.setattr(masked, "SEP", 2)
    model, ids = _model(), list(range(5, 30))
    batch = minilm.collate([{"input_ids": [i, i + 1, i + 2], "wanted": [0, 9, 8]} for i in range(5, 25)])
    masked.begin_head(model, ids, batch)
    with torch.inference_mode():
        alone = torch.stack([model.bert(input_ids=torch.tensor([[1, i, 2]])).last_hidden_state[0].mean(0) for i in ids]).numpy()
        places = model.bert(input_ids=batch["input_ids"]).last_hidden_state[batch["wanted"] > 0]
        made = model.cls(places)[:, ids].numpy()
    alone /= np.linalg.norm(alone, axis=1, keepdims=True)
    rows, states = model.get_input_embeddings().weight.detach().numpy()[ids], places.numpy()
    matrix = np.linalg.lstsq(rows, alone - alone.mean(0), rcond=None)[0]
    expected = (states - states.mean(0)) @ matrix.T @ rows.T
    likeness = [np.corrcoef(one, two)[0, 1] for one, two in zip(made, expected, strict=True)]
    assert np.median(likeness) > 0.9


def test_what_is_published_loads_with_peft_alone_bias_and_tied_head_included(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masked, "bare", lambda base, mask_from=None, **more: _model())
    monkeypatch.setattr(masked, "CLS", 1)
    monkeypatch.setattr(masked, "SEP", 2)
    monkeypatch.setattr(masked, "log_chances", lambda counts, size: torch.linspace(-3, 0, size))
    batch = minilm.collate([{"input_ids": [1, 2, 3, 4], "wanted": [0, 9, 0, 8]}])
    tuned = masked.adapted(Path("none"), 2, SimpleNamespace(whole_words=range(5, 30), held=[batch], counts=Counter()))
    inner = tuned.base_model.model
    names = {name for name, weight in tuned.named_parameters() if weight.requires_grad}
    assert any("lora_A" in name for name in names) and any("transform" in name for name in names)
    assert not any("embeddings" in name or "decoder.weight" in name for name in names)
    tuner = minilm.Tuner(tuned, "cpu", 1e-2)
    losses = [tuner.update(batch, masked.loss_of, 1.0) for _ in range(40)]
    assert losses[-1] < losses[0] - 0.5
    minilm.publish(tuner.master, tmp_path, {masked.BIAS: inner.cls.predictions.bias.detach()})
    again = PeftModel.from_pretrained(_model(), str(tmp_path)).merge_and_unload().eval()
    assert again.cls.predictions.decoder.weight is again.bert.embeddings.word_embeddings.weight
    ids = torch.tensor([[1, 2, 3, 4]])
    assert again(input_ids=ids).logits == pytest.approx(tuner.master.eval()(input_ids=ids).logits.detach(), abs=2e-2)
    assert again.cls.predictions.bias == pytest.approx(inner.cls.predictions.bias.detach(), abs=2e-3)
