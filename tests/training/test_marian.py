"""A grown translator says what it said before; a published one is small files that load as one; a lexicon's word keeps a pair's grammar."""

import random
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import MarianConfig, MarianMTModel

from playground.training.augment import Lexicon, augmented, with_other_word, words
from playground.training.marian import Trainer, grown, halfway, publish

LINES = """cat\tchat\t<n><sg><n><m><sg>\t0
dogs\tchiens\t<n><pl><n><m><pl>\t1
battlefield\tabri\t<n><sg><n><m><sg>\t9
label\tlabel\t<n><sg><n><m><sg>\t1
table\ttable\t<n><sg><n><f><sg>\t9
cats\tchats\t<n><pl><n><m><pl>\t0
"""


def _model(layers: int = 2, inner: int = 24) -> Any:
    torch.manual_seed(0)
    return MarianMTModel(
        MarianConfig(
            vocab_size=50, d_model=16, encoder_layers=layers, decoder_layers=1, encoder_attention_heads=2, decoder_attention_heads=2,
            encoder_ffn_dim=inner, decoder_ffn_dim=inner, max_position_embeddings=32,
            pad_token_id=49, eos_token_id=0, decoder_start_token_id=49,
        )
    ).eval()  # fmt: skip


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    for name in ("source.spm", "target.spm", "vocab.json"):
        (tmp_path / name).write_bytes(b"{}")
    publish(_model(), tmp_path, tmp_path)
    return tmp_path


def _logits(model: Any) -> torch.Tensor:
    ids = torch.tensor([[3, 4, 5, 0]])
    with torch.no_grad():
        found: torch.Tensor = model(input_ids=ids, decoder_input_ids=ids).logits
    return found


def test_wider_feed_forward_layers_change_no_output(saved: Path) -> None:
    before, after = grown(saved, 2).eval(), grown(saved, 2, inner=40).eval()
    assert after.config.encoder_ffn_dim == after.config.decoder_ffn_dim == 40
    assert after.model.decoder.layers[0].fc1.weight[24:].std() > 0
    torch.testing.assert_close(_logits(before), _logits(after), rtol=0, atol=1e-6)


def test_more_layers_start_as_copies(saved: Path) -> None:
    layers = grown(saved, 4, dropout=0.2).model.encoder.layers
    assert torch.equal(layers[0].fc1.weight, layers[1].fc1.weight) and not torch.equal(layers[1].fc1.weight, layers[2].fc1.weight)


def test_halfway_is_the_mean_of_two_models_and_leaves_both() -> None:
    one, other = _model(), _model()
    with torch.no_grad():
        for value in other.parameters():
            value.add_(2)
    made = halfway(one, other)
    for mean, first, second in zip(made.parameters(), one.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(mean, first + 1)
        torch.testing.assert_close(second, first + 2)


def test_the_rate_warms_up_and_falls_to_nothing() -> None:
    trainer = Trainer(_model(), "cpu")
    found = []
    for trainer.step in (0, 199, 400, 900, 1000):
        found.append(trainer.rate(1000, 500, 1e-3))
    assert found == pytest.approx([1e-3 / 400, 5e-4, 1e-3, 2e-4, 0])


def test_large_weights_are_several_files_that_load_as_one(saved: Path) -> None:
    large = _model(inner=90_000)
    publish(large, saved, saved)
    files = sorted(saved.glob("*.safetensors"))
    assert len(files) > 1 and not (saved / "model.safetensors").exists() and all(f.stat().st_size < 10_000_000 for f in files)
    read = MarianMTModel.from_pretrained(saved, dtype=torch.float32).eval()
    there = read.state_dict()
    assert all(torch.equal(there[name], value.half().float()) for name, value in large.state_dict().items() if "positions" not in name)
    assert torch.equal(grown(saved, 2).lm_head.weight, read.lm_head.weight)
    publish(_model(), saved, saved)
    assert [f.name for f in saved.glob("model*")] == ["model.safetensors"]


@pytest.fixture
def lexicon(tmp_path: Path) -> Lexicon:
    (tmp_path / "lexicon.tsv").write_text(LINES, "utf-8")
    return Lexicon(tmp_path / "lexicon.tsv")


def test_words_part_at_apostrophes() -> None:
    assert words("L'eau d'où, aujourd'hui ?") == ["L", "eau", "d", "où", "aujourd", "hui"]


def test_another_word_stands_on_both_sides_and_keeps_gender_number_and_elision(lexicon: Lexicon) -> None:
    made = {with_other_word(("A cat sleeps.", "Un chat dort."), lexicon, random.Random(i)) for i in range(40)}
    assert made == {("A label sleeps.", "Un label dort.")}
    assert with_other_word(("Two cats.", "Deux chats."), lexicon, random.Random(0)) == ("Two dogs.", "Deux chiens.")


@pytest.mark.parametrize("pair", [("A cat and a cat.", "Un chat."), ("A cat.", "Un chat, un chat."), ("A cat.", "Une table."), ("", "")])
def test_a_word_whose_place_is_not_sure_stays(pair: tuple[str, str], lexicon: Lexicon) -> None:
    assert with_other_word(pair, lexicon, random.Random(0)) == pair


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5])
def test_an_epoch_exchanges_words_in_the_stated_share_of_its_pairs(share: float, lexicon: Lexicon) -> None:
    pairs = [("A cat sleeps.", "Un chat dort.")] * 2000
    changed = sum("label" in en for en, _ in augmented(pairs, ["Zoe"], random.Random(0), lexicon, share))
    assert abs(changed / 2000 - share) < 0.04
