"""How a text was cut -> the JSON that `web/tokens/cutting.js` steps through, and its sentences. Knows no tokenizer."""

from typing import Literal, NotRequired, TypedDict

from playground.catalog import find_model
from playground.tasks.tokens.bpe import Merging
from playground.tasks.tokens.segmentation import Cutting, Word
from playground.tasks.tokens.tokens import piece_bytes
from playground.tasks.tokens.unigram import Lattice
from playground.tasks.tokens.wordpiece import Matching
from playground.views.text import bytes_label, in_quotes, piece_label, visible
from playground.views.tokens.controls import controls_sentence, spelled_sentence


class StageChip(TypedDict):
    text: str
    special: bool
    said: NotRequired[str]


class Stage(TypedDict):
    name: str
    said: str
    chips: list[StageChip]


class SpecialWord(TypedDict):
    kind: Literal["special"]
    label: str
    steps: int


class Merge(TypedDict):
    """The pieces `at` and `at` + 1 become `label`."""

    at: int
    rank: int
    label: str


class MergedWord(TypedDict):
    """Byte-level BPE: from `symbols`, one merge a step; `dropped` bytes have no piece."""

    kind: Literal["merge"]
    label: str
    symbols: list[str]
    merges: list[Merge]
    dropped: list[str]
    steps: int


class Match(TypedDict):
    start: int
    end: int
    label: str


class MatchedWord(TypedDict):
    """WordPiece: one candidate looked up a step; `failed`: where nothing matched, −1 for nowhere; `skipped`: too long to be looked up."""

    kind: Literal["match"]
    label: str
    letters: list[str]
    matches: list[Match]
    failed: int
    unknown: str
    skipped: bool
    steps: int


class Arc(TypedDict):
    """A piece that fits from letter `start` to `end`; `score` its log probability; `on`: the best path takes it."""

    start: int
    end: int
    label: str
    score: float
    known: bool
    on: bool


class LatticeWord(TypedDict):
    """Unigram: `best` is the best score up to each of the places before, between and after the letters."""

    kind: Literal["lattice"]
    label: str
    letters: list[str]
    arcs: list[Arc]
    best: list[float]
    steps: int


WordView = SpecialWord | MergedWord | MatchedWord | LatticeWord


class CuttingView(TypedDict):
    """`chosen`: the word with the most steps; `said`: what each kind of word's algorithm does."""

    tokenizer: str
    scheme: str
    stages: list[Stage]
    words: list[WordView]
    chosen: int
    said: dict[str, str]
    agrees: str


ALGORITHM = {
    "merge": "Byte-level BPE: the word’s bytes, then of all neighbours the pair that was learned first (lowest rank) is merged, "
    "until no pair is a learned one. Move left to undo down to the bytes.",
    "match": "WordPiece: of the word the longest beginning that is in the vocabulary, trying the whole word first; then the same "
    "with what is left, whose pieces begin with ##.",
    "lattice": "Unigram: every piece that fits is an arc with a score (its log probability). From left to right the best way to "
    "each place is kept; the best way to the end is the cut (Viterbi).",
    "special": "A special token: taken whole, before anything else is done.",
}


def cutting_view(made: Cutting) -> CuttingView:
    """Stages as rows of chips, and every word with its steps. All text is visible already."""
    name = find_model(made.tokenizer).name
    words = [one for word in made.words for one in _word(word, made.scheme)]
    return {
        "tokenizer": name,
        "scheme": made.scheme,
        "stages": _stages(made, name),
        "words": words,
        "chosen": max(range(len(words)), key=lambda i: words[i]["steps"], default=0),
        "said": ALGORITHM,
        "agrees": agreement(made),
    }


def agreement(made: Cutting) -> str:
    own = sum(len(word.ids) for word in made.words)
    if made.agrees:
        return f"Worked out here from the tokenizer’s own tables: all {own:,} ids equal those of {made.compared}."
    return f"What is shown below the stages is not what the model gets: its tables say otherwise than {made.compared}."


def cutting_sentence(made: Cutting) -> str:
    """What to look for in this very answer."""
    dropped = sum(len(word.steps.dropped) for word in made.words if isinstance(word.steps, Merging))
    unknown = sum(word.steps.failed >= 0 for word in made.words if isinstance(word.steps, Matching))
    if dropped:
        lost = "One byte is" if dropped == 1 else f"{dropped:,} bytes are"
        return f"{lost} lost: this vocabulary has no piece for it, and the library drops it without a word."
    if unknown:
        told = "One word becomes" if unknown == 1 else f"{unknown:,} words become"
        return f"{told} [UNK]: some letter of it is no piece, so the whole word is lost to the model."
    longest = max(made.words, key=lambda word: len(word.pieces), default=None)
    if longest is None:
        return "Nothing is left of this text after normalising."
    label = piece_label(longest.text, made.scheme)
    if isinstance(longest.steps, Lattice):
        return f"{len(longest.steps.arcs):,} pieces fit somewhere; the best path takes {len(longest.steps.path):,} of them."
    if len(longest.pieces) == 1:
        return "Every word here is one piece. Step through one below."
    return f"{in_quotes(label[:60])} becomes {len(longest.pieces):,} pieces, the most of any word here. Step through it below."


def _stages(made: Cutting, name: str) -> list[Stage]:
    chips: list[StageChip] = [{"text": piece_label(piece, made.scheme), "special": False} for word in made.words for piece in word.pieces]
    ids: list[StageChip] = [{"text": str(i), "special": False} for word in made.words for i in word.ids]
    final: list[StageChip] = [
        {"text": visible(piece) if special else piece_label(piece, made.scheme), "special": special, "said": f"id {id_}"}
        for piece, id_, special in zip(made.pieces, made.ids, made.special, strict=True)
    ]
    rows = [_stage("Text as received", "", [_chip(made.text)])]
    if made.templated:
        said = f"{name} was trained on conversations in this form; the dashed tokens say who speaks."
        rows.append(_stage("In the chat template", said, [_chip(s.text, s.special) for s in made.segments]))
    elif controls := tuple(dict.fromkeys(segment.text for segment in made.segments if segment.special)):
        said = controls_sentence(controls, name)
        rows.append(_stage("Parted at special tokens", said, [_chip(s.text, s.special) for s in made.segments]))
    elif made.read != made.text:
        said = "Such signs are made plain before the model reads them; all that follows, ids and comparison too, is of this text."
        rows.append(_stage("Signs made plain", said, [_chip(made.read)]))
    if made.spelled:
        rows[-1]["said"] = " ".join(filter(None, (rows[-1]["said"], spelled_sentence(made.spelled))))
    rows += [
        _stage("Normalised", _normalised(made), [_chip(s.normalised, s.special) for s in made.segments if s.normalised]),
        _stage("Pre-tokens", _pretokens(made), [_chip_of(word, made.scheme) for word in made.words]),
        _stage("Pieces", "Each pre-token is cut by the algorithm below; no piece crosses two pre-tokens.", chips),
        _stage("Ids", "What the model really gets: row numbers of its embedding table.", ids),
        _stage("With special tokens", _special(made), final),
    ]
    return rows


def _stage(title: str, said: str, chips: list[StageChip]) -> Stage:
    return {"name": title, "said": said, "chips": chips}


def _chip(text: str, special: bool = False) -> StageChip:
    return {"text": visible(text), "special": special}


def _chip_of(word: Word, scheme: str) -> StageChip:
    return {"text": visible(word.text) if word.steps is None else piece_label(word.text, scheme), "special": word.steps is None}


def _normalised(made: Cutting) -> str:
    if all(segment.text == segment.normalised for segment in made.segments):
        return "Nothing is changed here" + (": byte-level BPE keeps every byte." if "BPE" in made.scheme else ".")
    if made.scheme == "WordPiece":
        return "Lower-cased, accents and control characters taken away: the model cannot know they were there."
    return "Look-alikes are made one (NFKC), spaces become ▁ and one is put in front; what is changed cannot be had back."


def _pretokens(made: Cutting) -> str:
    if made.scheme == "SentencePiece":
        return "There are none: the whole text is cut as one, ▁ being a letter like any other."
    spaces = "the space stays with the word after it." if "BPE" in made.scheme else "spaces go."
    return f"Parted at spaces and punctuation first; {spaces}"


def _special(made: Cutting) -> str:
    added = len(made.ids) - sum(len(word.ids) for word in made.words)
    if added > 0:
        return f"{added} more {'token' if added == 1 else 'tokens'} around the text that the model expects (dashed)."
    return "This tokenizer puts none around a plain text."


def _word(word: Word, scheme: str) -> list[WordView]:
    """A word as steps of one kind; a lattice falls into its words, since no piece crosses them."""
    steps = word.steps
    if steps is None:
        return [{"kind": "special", "label": visible(word.text), "steps": 0}]
    label = piece_label(word.text, scheme)
    if isinstance(steps, Merging):
        merges: list[Merge] = [{"at": m.at, "rank": m.rank, "label": piece_label(m.piece, scheme)} for m in steps.merges]
        dropped = [bytes_label(piece_bytes(letter, scheme) or b"") for letter in steps.dropped]
        symbols = [piece_label(symbol, scheme) for symbol in steps.symbols]
        return [{"kind": "merge", "label": label, "symbols": symbols, "merges": merges, "dropped": dropped, "steps": len(merges)}]
    if isinstance(steps, Matching):
        matches: list[Match] = [{"start": m.start, "end": m.end, "label": visible(m.piece)} for m in steps.matches]
        return [{"kind": "match", "label": label, "letters": [visible(c) for c in word.text], "matches": matches, "failed": steps.failed,
                 "unknown": steps.unknown, "skipped": steps.skipped, "steps": max(1, steps.tried)}]  # fmt: skip
    return _lattices(steps)


def _lattices(lattice: Lattice) -> list[WordView]:
    crossed = {place for arc in lattice.arcs for place in range(arc.start + 1, arc.end)}
    starts = [i for i, letter in enumerate(lattice.text) if i == 0 or (letter == "▁" and i not in crossed)]
    chosen, arcs = set(lattice.path), list(enumerate(lattice.arcs))
    made: list[WordView] = []
    for begin, end in zip(starts, [*starts[1:], len(lattice.text)], strict=True):
        own: list[Arc] = [
            {"start": arc.start - begin, "end": arc.end - begin, "label": visible(lattice.text[arc.start : arc.end]),
             "score": arc.score, "known": arc.known, "on": number in chosen}
            for number, arc in arcs if begin <= arc.start and arc.end <= end
        ]  # fmt: skip
        best = [float(score) - float(lattice.best[begin]) for score in lattice.best[begin : end + 1]]
        text = lattice.text[begin:end]
        made.append({"kind": "lattice", "label": visible(text), "letters": [visible(c) for c in text], "arcs": own, "best": best,
                     "steps": len(text) + 1})  # fmt: skip
    return made
