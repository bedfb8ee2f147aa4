"""Where sentences end, by a list written by hand, and that the count of what was typed is the count of what is found.

The cases follow the kinds of the "Golden Rules" of sentence segmentation (abbreviations, initials, numbers, quotes, lists, addresses,
ellipses, names) with sentences of our own, and what people were seen to type into the translation tab: `|` stands where one ends.
"""

import random
import textwrap

import pytest

from playground.tasks.passages import passages_of

CASES = {
    "plain": (
        "Hello world.| My name is Jonas.",
        "What is your name?| My name is Jonas.",
        "There it is!| I found it.",
        "Is it?| Yes!| Well, no.",
        "No mark at the end",
    ),
    "titles": (
        "My name is Jonas E. Smith.| I live here.",
        "Mr. Smith met Mrs. Jones and Dr. Lee.| They talked.",
        "Were Jane and Co. at the party?| Yes.",
        "Prof. Who is he? nobody asked.".replace(" nobody", "| nobody"),
        "Gen. Lee and Sgt. Pepper left.| Col. Mustard stayed.",
    ),
    "initials": (
        "J. K. Rowling wrote it.| So did I.| Then we left.",
        "Did you see Albert I. Jones yesterday?",
        "We are a good team, you and I.| Did you see him?",
        "I have lived in the U.S. for 20 years.",
        "The U.S. Army came.| He left the U.S.| The end came.",
        "Let us ask Jane and J. A. Smith.| They know.",
        "She has a Ph.D. in physics.| He has none.",
    ),
    "days and months": (
        "We met on Mon. 5 Jan. in Lyon.| It rained.",  # D13
        "We met on Mon. 5 Jan.| It rained.",
        "The shop is open Tue. and Thu.| Nobody works on Sun.",
        "It starts on Fri. Dec. 3 at noon.| Come early.",
        "I saw the sun.| 5 birds flew by.",
        "The cat sat.| 3 dogs barked.",
        "On Aug. 12 we left.| In Sept. 2020 we came back.",
    ),
    "numbers": (
        "See no. 5 now.| I said no.| Then he left.",
        "I said no.| iPhone sales rose.| eBay too.",  # D13
        "See fig. 3 and p. 12.| It is clear.",
        "It is 3.14.| Then came 5.",
        "It costs $1,234.56 in vol. 2.| I paid.",
        "I can see Mt. Fuji from here.| It is high.",
        "Version 2.0.1 is out.| Get it.",
        "i have 2 cats.| 3 dogs came.",
    ),
    "streets": (
        "He lives at 221B Baker St.| It is in London.",  # D13
        "St. Peter and St. Paul were there.| We saw them.",
        "Turn left on Fifth Ave.| Then stop.",
        "He works in the Sales Dept.| It is big.",
        "The shop on Baker St. is closed.| We left.",
    ),
    "before a capital": (
        "He works at Smith Inc.| They make shoes.",
        "We sell pens, books, etc.| Come and see.",
        "We left at 5 p.m. on Monday.| We ate at 6 p.m.| We slept.",
        "The firm Brown Bros. sells it.| I know.",
    ),
    "typed in lower case": (
        "i like cats.| i like dogs.",  # D13
        "hello.| how are you?| fine thanks.| and you?",
        "Hello! how are you?".replace("! ", "!| "),
        "i said no.| we left.",
        "it is what it is.| thats life.| ok.",
        "what is it? i dont know".replace("? ", "?| "),
        "i live on 5 baker st. in london.| come.",
        "bring pens, paper, etc. and come.| thanks.",
        "the max. speed is 50.| slow down.",
        "he has approx. five cats.| i have none.",
        "she works for Yahoo! in the office.| he does not.",
        "i use node.js.| it is fast.",
        "we eat e.g. bread, i.e. food.| good.",
        "i get up at 7 a.m. on monday.| you dont.",
        "the angle, i. e. the tilt, is (ie. about) five.| ok.",
        "we saw Smith et al. in paris.| Brown et al. Paris edition is here.| It is good.",
        "wow!!! this is great.| thanks!!".replace("!!! ", "!!!| "),
    ),
    "goes on": (
        "He said “Stop!” and ran.| Then she left.",
        "“Why?” he asked.| “Because.”",
        "Well… perhaps.| I see.",
        "I see... but I do not know.| Good.",
        "She said (really!) that it works.| It did.",
    ),
    "no space": (
        "Really?Yes!Good.".replace("?", "?|").replace("!", "!|"),
        "I like cats.I like dogs.".replace(".I", ".|I"),
        "It is done.The next one is not.".replace(".T", ".|T"),
        "Ask at example.com or open System.Out of it.| Ok.",
    ),
    "addresses": (
        "Visit https://a.b/c?d=E.F now.| Mail me@x.org.| Ok.",
        "Mail jane.doe@example.com.| She answers.",
        "See www.example.com.| It is down.",
    ),
    "lists in a line": (
        "1. The first item.| 2. The second item.",
        "1.) Open the box.| 2.) Close it.",
    ),
    "other scripts": (
        "你好。|我很好！|再见",
        "¿Qué tal?| Muy bien.",
    ),
}
ALL = [(kind, case) for kind, cases in CASES.items() for case in cases]


def sentences(text: str) -> list[str]:
    return [passage.text for passage in passages_of(text) if passage.sentence]


def bare(text: str) -> str:
    """Without what frames a sentence: spaces, quotes, a list's number."""
    return text.strip(" \n“”").removeprefix("1. ").removeprefix("1.) ")


@pytest.mark.parametrize(("kind", "case"), ALL, ids=[case[:30] for _, case in ALL])
def test_sentences_end_where_the_list_says(kind: str, case: str) -> None:
    expected = [bare(part) for part in case.split("|")]
    assert [bare(found) for found in sentences(case.replace("|", ""))] == expected, kind


def test_the_list_is_long_enough() -> None:
    assert len(ALL) >= 60


PARAGRAPH = (
    "The library of the town is older than the school next to it. It was built by Mr. Brown in Sept. 1907, when Paris was still lit "
    "by gas. Nobody knows who paid for it, but the people of the town remember his name. Today it holds about nine thousand books."
)


@pytest.mark.parametrize("width", [60, 72, 80, 100])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\n  "])
def test_a_paragraph_wrapped_at_a_width_is_its_sentences(width: int, end: str) -> None:
    whole = sentences(PARAGRAPH)
    assert len(whole) == 4
    wrapped = end.join(textwrap.wrap(PARAGRAPH, width))
    assert [" ".join(one.split()) for one in sentences(wrapped)] == whole
    both = f"{wrapped}\n\n{wrapped}"
    assert [" ".join(one.split()) for one in sentences(both)] == whole * 2


@pytest.mark.parametrize(
    "lines",
    [
        ["Line one", "line two"],
        ["eggs", "two pints of milk", "bread"],
        ["- a long item of a list that somebody wrote without a mark", "- another long item of the same list, just as long as it"],
        ["> a quoted line that is rather long and has no mark at its end", "> another quoted line that is rather long and has none"],
        ["# A heading that is about as long as the text that is below it", "the text below it, which begins with a small letter, is here"],
        [
            "Machine Learning Engineer at a Large Company in London, England",
            "Data Scientist at Another Large Company in Manchester, England",
        ],
        [
            "Roses are red and violets are blue and sugar is very sweet, too",
            "",
            "the next paragraph begins with a small letter and is as long",
        ],
    ],
)
def test_lines_that_are_no_wrapped_paragraph_stay_apart(lines: list[str]) -> None:
    assert len(sentences("\n".join(lines))) == len([line for line in lines if line])


POOL = (
    "The cat sleeps.", "How are you?", "It rained on Mon. 5 Jan. in Lyon!", "Mr. Smith paid 3.14 euros to J. K. Brown.", "no thanks.",
    "i like dogs.", "what is it?", "She said “Stop!” and ran.", "See www.example.com today.", "We left at 5 p.m. on Sunday.", "wow!!!",
    "It is 221B Baker St. in London.", "Write to anna@example.com.", "We eat bread, cheese, etc. at noon.", "Is it (really) no. 5?",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_as_many_sentences_are_found_as_were_typed(seed: int) -> None:
    """Nothing typed vanishes: what lies between is space, and the sentences are those that were put together."""
    draw = random.Random(seed)
    for _ in range(50):
        typed = draw.choices(POOL, k=draw.randint(1, 9))
        text = typed[0] + "".join(draw.choice((" ", "  ", "\n", "\n\n", "\r\n", "\t", " 🙂 ")) + one for one in typed[1:])
        found = passages_of(text)
        assert [part.text for part in found if part.sentence] == typed
        assert not any(letter.isalnum() for part in found if not part.sentence for letter in part.text)
