"""A lexicon from dictionaries: what is read of their files, and which translation of a word is taken. Small dictionaries in their place."""

import gzip
from pathlib import Path
from typing import Any

import pytest

from playground.training import lexicon
from playground.training.lexicon import chosen, forms, freedict, gender, second_opinions, unit

EN_FR = """ 2000-01-01 Generated /by/ hand
ABC /eibiːsiː/
1. abc, alphabet
hammock /hæmək/
1. hamac (filet), [rare] branle
2. lit <n>
"""
DE_FR = """gast /-ɡast/ <suffix>
invité
wer eingeladen ist, Besuch
"""


@pytest.fixture
def dictionaries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {"eng-fra": EN_FR, "fra-eng": "toile /twal/\nweb, to hammock\n", "deu-fra": DE_FR, "eng-deu": "guest /gest/\nGast, gast\n"}
    for name, text in texts.items():
        with gzip.open(tmp_path / f"freedict-{name}.dict.dz", "wt", encoding="utf-8") as file:
            file.write(text)
    monkeypatch.setattr(lexicon, "FREEDICT", tmp_path)


@pytest.mark.usefixtures("dictionaries")
def test_a_dictionary_is_read_by_headword_without_numbers_and_remarks() -> None:
    assert freedict("eng-fra") == {"ABC": {"abc", "alphabet"}, "hammock": {"hamac", "branle", "lit"}}
    assert freedict("deu-fra")["gast"] == {"invité", "wer eingeladen ist", "Besuch"}
    assert freedict("deu-fra", first_line_only=True) == {"gast": {"invité"}}


@pytest.mark.usefixtures("dictionaries")
def test_second_opinions_are_read_from_both_sides_and_by_way_of_german() -> None:
    direct, german = second_opinions()
    assert direct["hammock"] == {"hamac", "branle", "lit", "toile"} and direct["web"] == {"toile"}
    assert german == {"guest": {"invité"}}


FRENCH = {"hamac": "hamac<n><m><sg>", "lit": "lit<n><m><sg>", "toile": "toile<n><f><sg>", "branle": "branler<vblex><pri><p3><sg>"}
BILINGUAL = {("hammock<n><sg>", lexicon.TO_CATALAN): "hamaca<n><f><sg>", ("hamaca<n><f><sg>", lexicon.TO_FRENCH): "hamac<n><m><sg>"}


def lt(automaton: str, lines: list[str], *options: str) -> list[str]:
    """What lt-proc would answer from dictionaries of these few words."""
    found = {lexicon.ENGLISH: {"hammock": "hammock<n><sg>"}, lexicon.FRENCH: FRENCH}.get(automaton, {})
    answers = []
    for line in lines:
        word = line.strip("^$")
        reading = found.get(word) or BILINGUAL.get((word, automaton)) or f"*{word}"
        answers.append(f"^{word}/{reading}$")
    return answers


@pytest.mark.usefixtures("dictionaries")
def test_the_translation_that_most_speak_for_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = [("She lies in a hammock.", "Elle est dans un hamac.")] * 6 + [("A bed.", "Un lit.")] * 30
    rows: dict[str, list[dict[str, Any]]] = {"sentiment_train": [{"text": "hammock"}, {"text": "a hammock <unk>"}]}
    monkeypatch.setattr(lexicon, "lt", lt)
    monkeypatch.setattr(lexicon, "split_pairs", lambda rows: (pairs, []))
    monkeypatch.setattr(lexicon, "read_rows", lambda folder, name: rows.get(name, []))
    made, everywhere, known = chosen(Path())
    assert made == [(("hammock", "n"), "hamac", "m")]
    assert everywhere["hammock"] == 8 and known["hammock", "n"] == 6


def test_readings_of_apertium() -> None:
    assert unit("champ# de bataille<n><m><sg>") is None and unit("laver<vblex><pron><inf>") is None
    assert unit("chat<n><m><sg>") == ("chat", "n") and gender("chat<n><m><sg>") == "m" and gender("chat<adj>") == ""
    assert forms("n", "f") == [("<n><sg>", "<n><f><sg>"), ("<n><pl>", "<n><f><pl>")] and len(forms("vblex", "")) > 40
    participles = [[fr for _, fr in forms("vblex", "", verb) if "<pp>" in fr] for verb in ("partir", "finir")]
    assert not participles[0] and participles[1]
