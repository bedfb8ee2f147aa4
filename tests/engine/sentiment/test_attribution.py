"""Attributions on the real model: occlusion equals running the changed text by hand, integrated gradients add up and equal captum's own."""

import numpy as np
import pytest
import torch

from playground.engine.models import Loaded
from playground.engine.sentiment.attribution import explain
from playground.engine.sentiment.sentiment import classify
from playground.engine.watch import Watch
from playground.errors import BadInput, Cancelled
from playground.tasks.sentiment.attribution import Attribution, AttributionRequest, log_odds, merged
from playground.tasks.sentiment.sentiment import SentimentRequest
from playground.tasks.words import without, words_of
from tests.conftest import Models

SLUG = "minilm-sentiment"
TEXT = "The film isn't bad, but the storytelling bored me to tears."
TEXTS = (TEXT, "I love this product!", "🤗 unbelievably good \u200b café, naïve…", "\u200b")


def ask(loaded: Loaded, text: str = TEXT, **more: object) -> Attribution:
    (made,) = explain(loaded, [AttributionRequest(SentimentRequest(text, SLUG), **more)], Watch())  # type: ignore[arg-type]
    return made


def odds_of(loaded: Loaded, ids: list[int], label: int) -> float:
    with torch.inference_mode():
        return float(log_odds(loaded.model(input_ids=torch.tensor([ids])).logits.double().numpy(), label)[0])


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("filler", ["mask", "pad", "nothing"])
def test_occlusion_of_tokens_equals_running_each_changed_text_by_hand(models: Models, text: str, filler: str) -> None:
    loaded = models[SLUG]
    made, ids = ask(loaded, text, unit="token", filler=filler), loaded.codec.ids(text.replace("🤗", " hugging face "))
    label = made.labels.index(made.label)
    put = [] if filler == "nothing" else [loaded.codec.id_of(f"[{filler.upper()}]")]
    whole = odds_of(loaded, ids, label)
    by_hand = [whole - odds_of(loaded, [*ids[:i], *put, *ids[i + 1 :]], label) for i in range(1, len(ids) - 1)]  # type: ignore[list-item]
    assert made.scores == pytest.approx(by_hand, abs=1e-4)
    assert made.log_odds == pytest.approx(whole, abs=1e-4)
    assert made.base == pytest.approx(odds_of(loaded, [ids[0], *put * (len(ids) - 2), ids[-1]], label), abs=1e-4)  # type: ignore[list-item]


def test_taking_a_word_out_equals_classifying_the_text_without_it(models: Models) -> None:
    """What the panel does on a click is what occlusion with nothing in the word's place says."""
    made = ask(models[SLUG], filler="nothing")
    label = made.labels.index(made.label)
    words = words_of(TEXT)
    assert [tuple(span) for span in zip(made.starts.tolist(), made.ends.tolist(), strict=True)] == list(words)
    texts = [without(TEXT, {i}) for i in range(len(words))]
    answers = classify(models[SLUG], [SentimentRequest(text, SLUG) for text in texts], Watch())
    by_hand = [made.log_odds - float(log_odds(np.array([answer.logits]), label)[0]) for answer in answers]
    assert made.scores == pytest.approx(by_hand, abs=1e-4)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("filler", ["mask", "pad"])
def test_integrated_gradients_add_up_within_the_stated_gap(models: Models, text: str, filler: str) -> None:
    made = ask(models[SLUG], text, method="integrated gradients", filler=filler, steps=64)
    assert made.scores.sum() + made.gap == pytest.approx(made.log_odds - made.base, abs=1e-9)
    assert abs(made.gap) < 0.02
    assert not made.scores.flags.writeable


def test_more_steps_close_the_gap(models: Models) -> None:
    gaps = [abs(ask(models[SLUG], method="integrated gradients", steps=steps).gap) for steps in (4, 128)]
    assert gaps[1] < 1e-3 < gaps[0]


def test_integrated_gradients_equal_captums_layer_version(models: Models) -> None:
    """Ours runs on the embeddings as input, without hooks; captum's LayerIntegratedGradients hooks the embedding table."""
    from captum.attr import LayerIntegratedGradients

    loaded = models[SLUG]
    made, ids = ask(loaded, unit="token", method="integrated gradients"), torch.tensor([loaded.codec.ids(TEXT)])
    label, baseline = made.labels.index(made.label), ids.clone()
    baseline[0, 1:-1] = loaded.codec.id_of("[MASK]")

    def forward(rows: torch.Tensor) -> torch.Tensor:
        logits = loaded.model(input_ids=rows).logits
        return logits[:, label] - logits[:, [i for i in range(logits.shape[1]) if i != label]].logsumexp(1)

    layer = LayerIntegratedGradients(forward, loaded.model.get_input_embeddings())
    scores = layer.attribute(ids, baselines=baseline, n_steps=32)[0].sum(-1)[1:-1]
    assert made.scores == pytest.approx(scores.detach().numpy(), abs=1e-3)


def test_a_words_integrated_gradient_is_its_tokens_sum(models: Models) -> None:
    loaded = models[SLUG]
    tokens, words = (ask(loaded, unit=unit, method="integrated gradients") for unit in ("token", "word"))
    sums = [tokens.scores[(tokens.starts >= s) & (tokens.starts < e)].sum() for s, e in zip(words.starts, words.ends, strict=True)]
    assert words.scores == pytest.approx(sums, abs=1e-9)
    assert merged(tokens).scores == pytest.approx(words.scores, abs=1e-9)
    assert np.array_equal(merged(tokens).starts, words.starts) and merged(tokens).unit == "word"
    assert len(tokens.scores) > len(words.scores)


def test_each_labels_log_odds_are_those_of_its_probability(models: Models) -> None:
    one, other = (ask(models[SLUG], label=label) for label in ("positive", "Negative"))
    assert (one.label, other.label) == ("positive", "negative")
    for made in (one, other):
        place = made.labels.index(made.label)
        assert made.log_odds == pytest.approx(float(np.log(made.probabilities[place] / (1 - made.probabilities[place]))), abs=1e-6)
    pair = np.array([1.5, -0.25])
    assert log_odds(pair, 0) == -log_odds(pair, 1) == 1.75


def test_a_sign_is_one_unit_whatever_its_name_is_cut_into(models: Models) -> None:
    text = "New shoes 😍"
    words = ask(models[SLUG], text, filler="nothing")
    assert [text[s:e] for s, e in zip(words.starts.tolist(), words.ends.tolist(), strict=True)] == ["New", "shoes", "😍"]
    without_it = odds_of(models[SLUG], models[SLUG].codec.ids("New shoes"), words.labels.index(words.label))
    assert words.scores[2] == pytest.approx(words.log_odds - without_it, abs=1e-4)
    tokens = ask(models[SLUG], text, unit="token")
    assert {text[s:e] for s, e in zip(tokens.starts.tolist()[2:], tokens.ends.tolist()[2:], strict=True)} == {"😍"}


def test_what_cannot_be_read_is_explained_as_such(models: Models) -> None:
    assert ask(models[SLUG], "4711 0815").label == "unreadable"


def test_what_is_refused_is_refused_with_a_sentence(models: Models) -> None:
    with pytest.raises(BadInput, match=r"no label “happy”\. Choose one of: negative, neutral, positive, unreadable"):
        ask(models[SLUG], label="happy")
    with pytest.raises(BadInput, match=r"302 tokens long; an explanation reads up to 256"):
        ask(models[SLUG], "good " * 300)
    none = {"method": "integrated gradients", "filler": "nothing"}
    for wrong in ({"method": "lime"}, {"unit": "letter"}, {"steps": 0}, {"steps": 257}, none):
        with pytest.raises(BadInput):
            AttributionRequest(SentimentRequest(TEXT, SLUG), **wrong).check()  # type: ignore[arg-type]


@pytest.mark.parametrize("method", ["occlusion", "integrated gradients"])
def test_it_reports_and_stops(models: Models, method: str) -> None:
    seen: list[object] = []
    request = AttributionRequest(SentimentRequest("so very good " * 20, SLUG), method=method)
    watch = Watch(lambda item: (seen.append(item), watch.cancel()))
    with pytest.raises(Cancelled):
        explain(models[SLUG], [request], watch)
    assert len(seen) == 1
