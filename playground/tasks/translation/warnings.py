"""What is said before a translation is believed: text the model cannot read, and how it was answered. Pure text."""

import re
import unicodedata
from collections.abc import Set

from playground.tasks.carried import KIND_OF, known
from playground.tasks.source_text import SourceText

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# The commonest short words of each language that are not words of English (nor, mostly, of the others).
FUNCTION_WORDS = {
    name: frozenset(re.findall(r"\w+", some))
    for name, some in {
        "French": "le la les des du une est et dans pour pas que qui avec sur sont nous vous je il elle ne au aux ce cette mais où très",
        "Spanish": "el los las del una es y en para que con por está son no muy pero como más su lo se hay qué mi",
        "German": "der die das und ist nicht ein eine ich du er sie wir ihr mit auf für von zu den dem im auch sind wie",
        "Italian": "il lo gli di che è una per non con sono della del nel come più ma questo ho mi si",
        "Portuguese": "os as um uma não é do da em para com que por mais mas eu você ele ela são muito",
        "Dutch": "de het een en is niet van ik je hij wij zij met op voor zijn dat die ook maar",
    }.items()
}
ENGLISH = frozenset(
    re.findall(
        r"\w+",
        "the a an of to and in is it you that he was for on are with as i his they be at this have from or had by but what all were we "
        "when your can said there use each which she do how their if will up other about out many then them these so some her would make "
        "like him into has look more go no not my me our who did does am been",
    )
)


def language_of(text: str) -> str:
    """The language whose function words the text has, where they are three or most words and more than English ones; "" for English."""
    words = [word.lower() for word in _WORD.findall(text)]
    english = sum(word in ENGLISH for word in words)
    counts = {name: sum(word in some for word in words) for name, some in FUNCTION_WORDS.items()}
    name = max(counts, key=lambda one: counts[one])
    distinct = len({word for word in words if word in FUNCTION_WORDS[name]})
    return name if counts[name] > english and (distinct >= 2 or len(words) <= 3) and 4 * counts[name] >= len(words) else ""


def unread(source: SourceText) -> tuple[str, ...]:
    """The parts in letters the vocabulary lacks that are no Latin word: each is copied, since nothing of it can be read."""
    parts = [source.text[span.start : span.end] for span in source.spans if span.rule == "letters"]
    return tuple(dict.fromkeys(part for part in parts if not all(_latin(c) for c in part if c.isalpha())))


def _latin(character: str) -> bool:
    return "LATIN" in unicodedata.name(character, "")


def warnings_of(source: SourceText, words: Set[str], repeated: bool, ruled: bool, english: bool) -> tuple[str, ...]:
    """Sentences for people, none where nothing needs saying. `english`: the model reads English and has met these `words`."""
    said = list[str]()
    own = [word for word in _WORD.findall(source.read) if not any(c in KIND_OF for c in word)]
    strange = [word for word in own if not known(word, words)] if words else []
    language = language_of(source.text) if english else ""
    if parts := unread(source):
        said.append(f"The model reads English only: {', '.join(f'“{part[:30]}”' for part in parts[:3])} is copied as it is.")
    if language:
        said.append(f"This looks like {language}. The model reads English only, so do not believe what it makes of it.")
    elif len(own) >= 2 and 2 * len(strange) > len(own):
        said.append("Most of these words are not in the English the model was trained on, so do not believe what it makes of them.")
    elif len(own) == 1 and strange and not ruled:
        said.append(f"“{own[0][:30]}” is not a word the model was trained on, so do not believe what it makes of it.")
    if ruled:
        said.append("This is answered from a list of short words, or copied: by itself it gives the model nothing to translate.")
    if repeated:
        said.append("The model repeated itself, so it was asked again with the repetition forbidden.")
    return tuple(said)


def loops(text: str, source: str) -> bool:
    """Whether words come three times over in `text` and not in `source`, or it is out of proportion; of one or two, twice is enough."""
    if len(source.split()) < 3:
        words, own = (re.findall(r"\w{3,}", one.lower()) for one in (text, source))
        if len(set(words)) < len(words) and len(set(own)) == len(own):
            return True
    return _repeats(text) > max(2, _repeats(source)) or len(text.split()) > 3 * len(source.split()) + 8


def _repeats(text: str) -> int:
    """How often the same run of one to four words follows itself, at most."""
    words, most = text.lower().split(), 1
    for size in range(1, 5):
        for i in range(len(words) - size):
            times = 1
            while words[i + times * size : i + (times + 1) * size] == words[i : i + size]:
                times += 1
            most = max(most, times)
    return most
