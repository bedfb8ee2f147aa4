"""Makes `build/training/lexicon.tsv`: English and French word forms that translate each other, for `augment.with_other_word`.

python -m playground.training.lexicon

Wants Debian's lttoolbox, apertium-eng-cat, apertium-fra-cat (GPL; both by way of Catalan) and, for second opinions, dict-freedict-eng-fra,
dict-freedict-fra-eng, dict-freedict-eng-deu, dict-freedict-deu-fra (GPL). A line is English form, French form, class and weight; forms of
one class may stand for each other: same part of speech, number, tense, person and gender. Asked are the training texts' English words.
"""

import argparse
import gzip
import re
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher
from pathlib import Path

from playground.training.augment import words
from playground.training.corpus import DATA, read_rows
from playground.training.translation import LEXICON, split_pairs

APERTIUM, FREEDICT = Path("/usr/share/apertium"), Path("/usr/share/dictd")
TO_CATALAN, TO_FRENCH = "apertium-eng-cat/eng-cat.autobil.bin", "apertium-fra-cat/cat-fra.autobil.bin"
ENGLISH, FRENCH = "apertium-eng-cat/eng-cat.automorf.bin", "apertium-fra-cat/fra-cat.automorf.bin"
WRITE_ENGLISH, WRITE_FRENCH = "apertium-eng-cat/cat-eng.autogen.bin", "apertium-fra-cat/cat-fra.autogen.bin"
LEMMA = {"n": ["<n><sg>"], "adj": ["<adj>", "<adj><sint>"], "vblex": ["<vblex><inf>"], "adv": ["<adv>"]}
PERSONS = [f"<{p}><{n}>" for p in ("p1", "p2", "p3") for n in ("sg", "pl")]
TENSES = {tense: [f"<{tense}>{person}" for person in PERSONS] for tense in ("pri", "pii", "ifi", "fti", "cni", "prs")}
PARTICIPLES = [f"<pp><{g}><{n}>" for g in ("m", "f") for n in ("sg", "pl")]
BARE = ["<inf>", *TENSES["pri"], *TENSES["fti"], *TENSES["cni"], *TENSES["prs"], "<imp><p2><sg>", "<imp><p2><pl>", "<imp><p1><pl>"]
VERB = {"<inf>": BARE, "<pres><p3><sg>": ["<pri><p3><sg>", "<prs><p3><sg>"], "<ger>": ["<ger>", "<inf>", *TENSES["pri"], *TENSES["pii"]],
        "<past>": [*TENSES["pii"], *TENSES["ifi"], *PARTICIPLES]}  # fmt: skip
WITH_ETRE = frozenset(
    words(
        "aller arriver décéder demeurer descendre devenir entrer intervenir monter mourir naître partir parvenir passer provenir "
        "redescendre redevenir remonter rentrer repartir ressortir rester retomber retourner revenir sortir survenir tomber venir"
    )
)
Unit = tuple[str, str]  # lemma, part of speech


def lt(automaton: str, lines: list[str], *options: str) -> list[str]:
    """What lt-proc answers to each line."""
    command, text = ["lt-proc", *options, str(APERTIUM / automaton)], "\n".join(lines) + "\n"
    made = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    return made.stdout.split("\n")[: len(lines)]


def readings(automaton: str, lines: list[str], *options: str) -> list[list[str]]:
    """The known readings of each line: `lemma<tag><tag>`."""
    found = [re.fullmatch(r"\^[^/]*/(.*)\$", line) for line in lt(automaton, lines, *options)]
    return [[one for one in m[1].split("/") if "<" in one and one[0] not in "*@"] if m else [] for m in found]


def unit(reading: str) -> Unit | None:
    m = re.match(r"([\w-]+)<(n|adj|vblex|adv)>", reading)
    return (m[1], m[2]) if m and "<pron>" not in reading else None


def gender(reading: str) -> str:
    m = re.search(r"<(m|f|mf)>", reading)
    return m[1] if m else ""


def freedict(name: str, first_line_only: bool = False) -> dict[str, set[str]]:
    """Headword to its translations, as the dictionary's text lists them: comma-separated, numbered or not."""
    found: dict[str, set[str]] = defaultdict(set)
    head, fresh = "", False
    with gzip.open(FREEDICT / f"freedict-{name}.dict.dz", "rt", encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if m := re.match(r"([^/<\s][^/<]*) /[^/]*/", line):
                head, fresh = m[1].strip(), True
            elif head and line.strip() and line[0] != " " and (fresh or not first_line_only):
                plain = re.sub(r"<[^>]*>|\[[^\]]*\]|\([^)]*\)", "", re.sub(r"^\d+\.\s*", "", line))
                found[head].update(filter(None, (part.strip() for part in re.split("[,;]", plain))))
                fresh = False
    return found


def second_opinions() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """(direct, by way of German): English headword to French ones."""
    direct: dict[str, set[str]] = defaultdict(set)
    for english, several in freedict("eng-fra").items():
        direct[english.lower()] |= several
    for french, several in freedict("fra-eng").items():
        for english in several:
            direct[english.lower().removeprefix("to ")].add(french)
    german_french = freedict("deu-fra", True)
    by_german: dict[str, set[str]] = defaultdict(set)
    for english, several in freedict("eng-deu").items():
        for german in several:
            by_german[english.lower().removeprefix("to ")] |= german_french.get(german, set())
    return direct, by_german


def by_catalan(units: list[Unit]) -> dict[Unit, set[tuple[str, str]]]:
    """(French lemma, gender of a noun) by way of Catalan; more than one word is left out."""
    asked_of = [(u, tags) for u in units for tags in LEMMA[u[1]]]
    catalan: dict[Unit, list[str]] = defaultdict(list)
    for (u, _), several in zip(asked_of, readings(TO_CATALAN, [f"^{u[0]}{tags}$" for u, tags in asked_of], "-b"), strict=True):
        catalan[u] += several
    asked = sorted({one for several in catalan.values() for one in several})
    french = dict(zip(asked, readings(TO_FRENCH, [f"^{one}$" for one in asked], "-b"), strict=True))
    made: dict[Unit, set[tuple[str, str]]] = defaultdict(set)
    for (lemma, pos), several in catalan.items():
        for reading in (one for each in several for one in french[each]):
            if (there := unit(reading)) and there[1] == pos and "#" not in reading:
                made[lemma, pos].add((there[0], gender(reading) if pos == "n" else ""))
    return made


def units_of(automaton: str, vocabulary: Iterable[str]) -> dict[str, set[Unit]]:
    several = list(vocabulary)
    return {word: {u for r in rs if (u := unit(r))} for word, rs in zip(several, readings(automaton, several), strict=True)}


def chosen(data: Path) -> tuple[list[tuple[Unit, str, str]], Counter[str], Counter[Unit]]:
    """([(English unit, French lemma, gender)], words' counts in all English texts, units' counts in the parallel text)."""
    pairs, _ = split_pairs(read_rows(data, "translation_train_en_fr"))
    english = [set(words(en.lower())) for en, _ in pairs]
    french = [set(words(fr.lower())) for _, fr in pairs]
    everywhere = Counter(w for some in english for w in some)
    for name, field in (("qa_train_squad", "context"), ("qa_train_qamr", "context"), ("sentiment_train", "text")):
        everywhere.update(w for text in {row[field] for row in read_rows(data, name)} for w in set(re.findall("[a-z]+", text)))
    of_english = units_of(ENGLISH, sorted(w for w, n in everywhere.items() if n > 1 and re.fullmatch("[a-z]{3,}", w)))
    of_french = units_of(FRENCH, sorted({w for some in french for w in some}))
    where_en: dict[Unit, set[int]] = defaultdict(set)
    where_fr: dict[Unit, set[int]] = defaultdict(set)
    for i, (some, there) in enumerate(zip(english, french, strict=True)):
        for u in {u for w in some for u in of_english.get(w, ())}:
            where_en[u].add(i)
        for u in {u for w in there for u in of_french.get(w, ())}:
            where_fr[u].add(i)
    units = sorted({u for several in of_english.values() for u in several})
    pivot = by_catalan(units)
    direct, german = second_opinions()
    named = sorted({f for d in (direct, german) for fs in d.values() for f in fs if re.fullmatch(r"[^\W\d_]+", f)})
    read = dict(zip(named, readings(FRENCH, named), strict=True))
    out = []
    for lemma, pos in units:
        votes: dict[tuple[str, str], float] = dict.fromkeys(pivot.get((lemma, pos), ()), 1.0)
        for several, weight in ((direct.get(lemma, ()), 2.0), (german.get(lemma, ()), 1.0)):
            for f in several:
                for g in {gender(r) if pos == "n" else "" for r in read.get(f, ()) if unit(r) == (f, pos)}:
                    votes[f, g] = votes.get((f, g), 0) + weight
        for f, g in votes:
            here, opposite = where_en[lemma, pos], where_fr[f, pos]
            votes[f, g] += 4 * (2 * len(here & opposite) / (len(here) + len(opposite)) if len(here) > 4 and opposite else 0.1)
            votes[f, g] += SequenceMatcher(None, lemma, f).ratio() > 0.65
        best = sorted(votes.items(), key=lambda item: -item[1])[:2]
        out += [((lemma, pos), f, g) for (f, g), vote in best if vote >= 1.4 and vote > 0.7 * best[0][1] and g != "mf"]
    return out, everywhere, Counter({u: len(where_en[u]) for u in units})


def forms(pos: str, g: str, french: str = "") -> list[tuple[str, str]]:
    """(English tags, French tags) of the forms that are made; no participle of a verb whose auxiliary is être."""
    if pos == "n":
        return [(f"<n><{n}>", f"<n><{g}><{n}>") for n in ("sg", "pl")]
    if pos == "adj":
        return [("<adj>", f"<adj><{g}><{n}>") for g in ("m", "f") for n in ("sg", "pl")]
    if pos == "adv":
        return [("<adv>", "<adv>")]
    made = [("<vblex>" + en, "<vblex>" + fr) for en, several in VERB.items() for fr in several]
    return [(en, fr) for en, fr in made if "<pp>" not in fr or french not in WITH_ETRE]


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--data", type=Path, default=DATA)
    ask.add_argument("--out", type=Path, default=LEXICON)
    args = ask.parse_args()
    entries, everywhere, known = chosen(args.data)
    lines = [(u, en, f, fr) for u, f, g in entries for en, fr in forms(u[1], g, f)]
    english = lt(WRITE_ENGLISH, [f"^{u[0]}{en}$" for u, en, _, _ in lines], "-g")
    irregular = lt(WRITE_ENGLISH, [f"^{u[0]}{en.replace('<past>', '<pp>')}$" for u, en, _, _ in lines], "-g")
    french = lt(WRITE_FRENCH, [f"^{f}{fr}$" for _, _, f, fr in lines], "-g")
    made: dict[tuple[str, str, str], float] = {}
    for (u, en, _, fr), one, pp, there in zip(lines, english, irregular, french, strict=True):
        there = there.replace("~", "")
        if en == "<adj>":
            one = pp = u[0]
        if re.fullmatch("[a-z]+", one) and one == pp and re.fullmatch(r"[^\W\d_hH][^\W\d_]*", there):  # h may be aspirated or not
            made[one, there, en + fr] = (everywhere[one] + 1) ** 0.5 / (1 + known[u] / 10)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text("".join(f"{en}\t{fr}\t{kind}\t{weight:.3f}\n" for (en, fr, kind), weight in sorted(made.items())), "utf-8")
    print(f"{len(entries)} translations of {len({u for u, _, _ in entries})} words, {len(made)} forms: {args.out}")


if __name__ == "__main__":
    main()
