"""What is copied, and how French writes it: by the rules of the Imprimerie nationale and the forms people type, made by hand."""

import pytest

from playground.tasks.carried import SLOTS, spans_of
from playground.tasks.french_forms import in_words
from playground.tasks.source_text import french_text, read_french, source_text

NARROW, FIXED = "\u202f", "\u00a0"


def copied(text: str) -> list[tuple[str, str]]:
    return [(text[span.start : span.end], span.forms[0]) for span in spans_of(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("There are 43086 people.", [("43086", "43086")]),
        ("It has 8,215,340 inhabitants.", [("8,215,340", f"8{NARROW}215{NARROW}340")]),
        ("It costs $1,234.56 a year.", [("$1,234.56", f"1{NARROW}234,56{FIXED}$")]),
        ("Up by 12.5% since 3pm.", [("12.5%", f"12,5{FIXED}%"), ("3pm", f"15{FIXED}h")]),
        ("From £20–£35", [("£20–£35", f"20{FIXED}£–35{FIXED}£")]),
        ("It cost $4.2 million, then €1 billion.", [("$4.2 million", f"4,2{FIXED}millions de dollars"),
                                                    ("€1 billion", f"1{FIXED}milliard d'euros")]),
        ("At 9:30 a.m. and 12:05 am.", [("9:30 a.m.", f"9{FIXED}h{FIXED}30"), ("12:05 am", f"0{FIXED}h{FIXED}05")]),
        ("Born on 14 July 1989.", [("14 July 1989", "14 juillet 1989")]),
        ("Monday, October 6th", [("Monday, October 6th", "Lundi 6 octobre")]),
        ("on the 1st of May", [("1st of May", "1er mai")]),
        ("the 2nd floor", [("2nd", "2e")]),
        ("in the 1980s", [("1980s", "années 1980")]),
        ("Version 2.1 weighs 2.5 MB", [("2.1", "2.1"), ("2.5 MB", f"2,5{FIXED}Mo")]),
        ("Call +44 7700 900123 or (555) 123-4567", [("+44 7700 900123",) * 2, ("(555) 123-4567",) * 2]),
        ("Write to a.b-c+news@example.co.uk, or see https://example.com/a_b?x=1.", [("a.b-c+news@example.co.uk",) * 2,
                                                                                   ("https://example.com/a_b?x=1",) * 2]),
        ("Hello {name}, you have %d new and %(old)s old.", [("{name}",) * 2, ("%d",) * 2, ("%(old)s",) * 2]),
        ("A <b>very</b> good `x = 1`", [("<b>",) * 2, ("</b>",) * 2, ("`x = 1`",) * 2]),
        ("Open C:\\Users\\Public, press Ctrl+C", [("C:\\Users\\Public",) * 2, ("Ctrl+C",) * 2]),
        ("I love you ❤ in 🇳🇴 👍🏽", [("❤",) * 2, ("🇳🇴",) * 2, ("👍🏽",) * 2]),
        ("It is 100 % sure, I am fine.", [("100 %", f"100{FIXED}%")]),
    ],
)  # fmt: skip
def test_what_is_copied_and_its_french_form(text: str, found: list[tuple[str, str]]) -> None:
    assert copied(text) == found


@pytest.mark.parametrize("text", ["Hello, how are you?", "I may go, don't you think so?", "He is in the park - alone; yes.", "and/or"])
def test_plain_sentences_have_nothing_to_copy(text: str) -> None:
    assert copied(text) == []


def test_names_and_letters_a_model_has_not_met_are_copied() -> None:
    letters, words = (
        set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzé'.,!-"),
        {"is", "a", "met", "the", "in", "Paris", "text", "to"},
    )
    text = "Łukasz's friend Kim Min-jun met the BBC in Paris, in 東京."
    spans = spans_of(text, letters, words | {"friend"})
    assert [text[span.start : span.end] for span in spans] == ["Łukasz", "Kim Min-jun", "BBC", "東京"]


def test_number_words() -> None:
    assert [in_words(n) for n in (0, 1, 16, 21, 71, 77, 80, 81, 91, 99, 100)] == [
        "zéro", "un", "seize", "vingt et un", "soixante et onze", "soixante-dix-sept", "quatre-vingts", "quatre-vingt-un",
        "quatre-vingt-onze", "quatre-vingt-dix-neuf", "cent",
    ]  # fmt: skip


def test_every_character_read_knows_its_place() -> None:
    text = "He said “no way” on 14 July… & paid $5, 😀!!!"
    source = source_text(text)
    assert source.read == f'He said "no way" on {SLOTS[12]}… and paid {SLOTS[18]}, {SLOTS[36]}!'
    parts = [text[a:b] for a, b in zip(source.starts, source.ends, strict=True)]
    assert parts[source.read.index(SLOTS[12])] == "14 July" and parts[source.read.index(SLOTS[18])] == "$5"
    assert parts[source.read.index("and")] == "&" and parts[-1] == "!!!"
    assert [text[a:b] for a, b in zip(source.starts[:16], source.ends[:16], strict=True)] == list("He said “no way”")


def test_what_was_read_as_slots_comes_back() -> None:
    source = source_text("I paid $5 to Tom on 14 July!!!")
    made = f"Le {SLOTS[12]}, j'ai payé {SLOTS[18]} à Tom !"
    french = french_text(made, source)
    assert french == "Le 14 juillet, j'ai payé 5\u00a0$ à Tom !!!"
    assert read_french(french[:-2], source).read == made


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("DID YOU KNOW? I DO.", "Did you know? I do."),
        ("THE FRENCH TRAIN", "The French train"),
        ("‘My’ ‘dear’ friends’ cat", '"My" "dear" friends\' cat'),
    ],
)
def test_capitals_and_single_quotes(text: str, read: str) -> None:
    assert source_text(text).read == read


def test_one_word_is_read_without_its_capital_and_gets_it_again() -> None:
    source = source_text("Bread!", words=frozenset({"bread"}))
    assert source.read == "bread!" and french_text("pain !", source) == "Pain !"
    assert source_text("CAT", words=frozenset({"cat"})).read == "cat" and french_text("chat", source_text("CAT")) == "CHAT"
    words = frozenset({"bread", "monday", "Tom"})
    assert [source_text(text, words=words).read for text in ("Monday", "Tom", "bread")] == ["Monday", "Tom", "bread"]


def test_a_heading_in_title_case_is_read_in_small_letters() -> None:
    words = frozenset(["around", "the", "world", "in", "eighty", "days", "i", "saw", "bean", "love"])
    assert source_text("Around the World in Eighty Days", words=words).read == "Around the world in eighty days"
    assert "Bean" in source_text("I saw Mr Bean.", words=words | {"Bean", "Mr"}).read


def test_more_spans_than_slots_lose_nothing() -> None:
    text = " and ".join(f"{n} cats <b>" for n in range(40))
    source = source_text(text)
    assert len(set(source.slots)) == len(source.slots) <= len(SLOTS)
    back = french_text(source.read, source)
    assert [part for part in back.split() if part.isdigit()] == [str(n) for n in range(40)] and back.count("<b>") == 40


@pytest.mark.parametrize(("text", "french"), [
    ("He said “hello”.", "bonjour"), ('She answered: "No!"', "Non"), ("“Goodbye,” he said.", "Au revoir"), ("Say «thanks».", "merci"),
])  # fmt: skip
def test_a_short_word_in_quotes_goes_as_its_french(text: str, french: str) -> None:
    (span,) = spans_of(text, frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.,!:\"“”«»"))
    assert span.forms == (french,) and text[span.start : span.end].lower() in ("hello", "no", "goodbye", "thanks")


def test_other_words_in_quotes_go_through_the_model() -> None:
    letters = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.“”")
    assert spans_of("He said “bicycle”. Say “the”.", letters) == []
