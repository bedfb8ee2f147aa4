"""Whatever a model does, what must be copied is neither changed nor lost: 1,000 made sentences through a model that knows nothing.

The model has our vocabulary with its slots and random weights, so that only the rules can be the reason. What is expected of each
sentence is counted in it by hand-made parts, not by the code under test.
"""

import random
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from transformers import MarianConfig, MarianMTModel

from playground.catalog import find_model
from playground.engine.codec import MarianCodec
from playground.engine.source_texts import encoded, source_of
from playground.engine.translation.translation import translate, translate_together
from playground.engine.watch import Watch
from playground.tasks.translation.translation import TranslationRequest

WEIGHTS = Path(__file__).parents[3] / "playground" / "weights" / "en-fr"
WORDS = ["the", "old", "cat", "saw", "my", "house", "and", "we", "often", "buy", "bread", "near", "her", "garden", "before", "lunch"]
# (English, French) by the rules of French typography and of what is copied as it is.
PARTS = [
    ("43086", "43086"), ("8,215,340", "8\u202f215\u202f340"), ("12.99", "12,99"),
    ("$1,234.56", "1\u202f234,56\u00a0$"), ("€45", "45\u00a0€"),
    ("12.5%", "12,5\u00a0%"), ("9:30 a.m.,", "9\u00a0h\u00a030"), ("3:05 pm", "15\u00a0h\u00a005"), ("14 July 1989", "14 juillet 1989"),
    ("31/12/2026", "31/12/2026"), ("+44 7700 900123", "+44 7700 900123"), ("jane.doe+x@example.co.uk", "jane.doe+x@example.co.uk"),
    ("https://example.com/a_b/c-d?e=1", "https://example.com/a_b/c-d?e=1"), ("{name}", "{name}"), ("%1$s", "%1$s"), ("<b>", "<b>"),
    ("</b>", "</b>"), ("`x = [1]`", "`x = [1]`"), ("C:\\Users\\me", "C:\\Users\\me"), ("😀", "😀"), ("🇳🇴", "🇳🇴"), ("⚠", "⚠"),
    ("Łukasz", "Łukasz"),
    ("v2.1.3", "v2.1.3"), ("snake_case", "snake_case"), ("@someone", "@someone"), ("猫", "猫"),
]  # fmt: skip


@pytest.fixture(scope="module")
def loaded() -> Any:
    codec = MarianCodec(WEIGHTS)
    torch.manual_seed(0)
    config = MarianConfig.from_pretrained(WEIGHTS)
    config.d_model, config.encoder_layers, config.decoder_layers, config.encoder_ffn_dim, config.decoder_ffn_dim = 16, 1, 1, 16, 16
    config.encoder_attention_heads = config.decoder_attention_heads = 2
    model: Any = MarianMTModel(config).float().eval()  # type: ignore[no-untyped-call]
    with torch.no_grad():
        model.final_logits_bias[0, codec.end] = 3.0  # it would like to stop everywhere
    card = find_model("en-fr", "translation")
    return SimpleNamespace(card=card, model=model, codec=codec, device=torch.device("cpu"), source="test", window=512)


def sentences(count: int) -> list[tuple[str, list[str]]]:
    """(sentence, the French forms it must keep)."""
    rng, made = random.Random(7), list[tuple[str, list[str]]]()
    for _ in range(count):
        parts = rng.sample(PARTS, rng.randint(1, 4))
        out = [rng.choice(WORDS)]
        for part, _form in parts:
            out += [part, *rng.choices(WORDS, k=rng.randint(1, 3))]
        made.append((" ".join(out), [form for _, form in parts]))
    return made


def test_nothing_that_must_be_copied_is_changed_or_lost(loaded: Any) -> None:
    rows = sentences(1000)
    for begin in range(0, len(rows), 100):
        some = rows[begin : begin + 100]
        for (text, forms), made in zip(some, translate_together(loaded, [text for text, _ in some], 2, Watch()), strict=True):
            for candidate in made.candidates:
                assert all(candidate.text.count(form) >= 1 for form in forms), (text, candidate.text)
                assert sum(map(candidate.text.count, "\ue000\ue018\ue024")) == 0
            assert len(made.copied) == len(forms), (text, made.copied)
            assert all(text[one.start : one.end] == one.text for one in made.copied)


def test_one_beam_and_a_forced_beginning_keep_it_too(loaded: Any) -> None:
    text, forms = "Write to jane@example.com before 9:30 a.m. or pay $5.", ["jane@example.com", "9\u00a0h\u00a030", "5\u00a0$"]
    for request in (TranslationRequest(text, "en-fr", 1), TranslationRequest(text, "en-fr", 3, begin="Avant 9\u00a0h\u00a030, le")):
        for candidate in translate(loaded, [request], Watch())[0].candidates:
            assert all(candidate.text.count(form) == 1 for form in forms), candidate.text
    assert candidate.text.startswith("Avant 9\u00a0h\u00a030, le")


def test_tags_close_after_they_open(loaded: Any) -> None:
    made = translate(loaded, [TranslationRequest("This is a <b>very</b> good <i>idea</i> indeed", "en-fr", 4)], Watch())[0]
    for candidate in made.candidates:
        places = [candidate.text.index(tag) for tag in ("<b>", "</b>", "<i>", "</i>")]
        assert places == sorted(places)


def test_scores_are_those_of_a_forward(loaded: Any) -> None:
    text = "The 43086 cats saw Łukasz."
    for beams in (1, 3):
        made = translate(loaded, [TranslationRequest(text, "en-fr", beams)], Watch())[0]
        read = torch.tensor([encoded(loaded, source_of(loaded, text)).ids.tolist()])
        for candidate in made.candidates:
            written = torch.tensor([[loaded.model.config.decoder_start_token_id, *candidate.ids]])
            with torch.inference_mode():
                logs = loaded.model(input_ids=read, decoder_input_ids=written[:, :-1]).logits[0].log_softmax(-1)
            assert candidate.total == pytest.approx(float(logs.gather(1, written[0, 1:, None]).sum()), abs=1e-3)


def test_tokens_keep_their_place_in_the_text(loaded: Any) -> None:
    text = "He paid “$1,234.56” to Łukasz on 14 July!!!"
    made = encoded(loaded, source_of(loaded, text))
    covered = "".join(text[a:b] for a, b, special in zip(made.starts, made.ends, made.special, strict=True) if not special)
    assert covered == text
    assert {"$1,234.56", "Łukasz", "14 July", "!!!"} <= {text[a:b] for a, b in zip(made.starts, made.ends, strict=True)}


def test_a_fragment_is_answered_from_the_list_with_the_models_own_score(loaded: Any) -> None:
    (made,) = translate(loaded, [TranslationRequest("a", "en-fr", 4)], Watch())
    assert made.translation == "un, une" and made.forced == 0 and len(made.candidates) == 1 and "list" in made.warnings[0]
    (alone,) = translate(loaded, [TranslationRequest("jane@example.com", "en-fr", 4)], Watch())
    assert alone.translation == "jane@example.com"
