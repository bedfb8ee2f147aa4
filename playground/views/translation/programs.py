"""A translation -> the program that makes the same one with plain transformers, what is copied included. Knows no panel."""

from collections.abc import Iterable, Sequence
from textwrap import indent

from playground.catalog import ModelCard, find_model
from playground.tasks.fragments import by_rule
from playground.tasks.passages import passages_of
from playground.tasks.source_text import SourceText
from playground.tasks.translation.document import DocumentRequest
from playground.tasks.translation.translation import TranslationRequest
from playground.views.places import Programs, Ran, assembled, loading, place_of, slotted, source_in, words


def translation_program(request: TranslationRequest | DocumentRequest, ran: Ran) -> str:
    card = find_model(request.model, "translation")
    place = place_of(card, ran.source, ran.hub)
    passages = passages_of(request.text) if isinstance(request, DocumentRequest) else ()
    whole = isinstance(request, TranslationRequest) or (len(passages) == 1 and passages[0].sentence)
    limit = "model.config.max_position_embeddings" if place.lines[0].startswith('MODEL = "playground') else str(card.window)
    returned = f", num_return_sequences={request.beams}" if whole else ""
    made = f"""inputs = tokenizer({"TEXT" if whole else repr(card.prefix) + " + text" if card.prefix else "text"}, return_tensors="pt")
most = min({limit} - 1, 2 * inputs["input_ids"].shape[1] + 20)
made = model.generate(
    **inputs, num_beams={request.beams}{returned}, do_sample=False, max_new_tokens=most, max_length=None,
    length_penalty=1.0, early_stopping=False,
)
"""
    imports = ["import torch", "from transformers import AutoModelForSeq2SeqLM, AutoTokenizer"]
    load = loading(place, "AutoModelForSeq2SeqLM")
    if whole:
        read = source_in(card, request.text)
        constants = [f"TEXT = {words(read.read, card)}", *([f"FRENCH = {read.forms!r}  {FORMS}"] if read.slots else [])]
        body = f"{load}\n{made}for row in made:\n    print({_french('row', read)})\n"
        return assembled("Translate, best candidate first." + _beyond(card, [read]), imports, place, constants, body)
    sources = {one.text: source_in(card, one.text) for one in passages if one.sentence}
    some = any(read.slots for read in sources.values())
    parts = "".join(f"    ({_passage(one.text, sources.get(one.text), card)}),\n" for one in passages)
    loud = _numbers(i for i, one in enumerate(passages) if one.sentence and sources[one.text].shouted)
    alone = _numbers(i for i, one in enumerate(passages) if one.sentence and sources[one.text].raised)
    work = indent(f"{made}text = {_french('made[0]', None, some)}\n", " " * 8)
    work += "        text = text.upper() if number in LOUD else text\n" if loud else ""
    work += "        text = text.capitalize() if number in ALONE else text\n" if alone else ""
    body = (
        f'{load}\nfor number, (text, FRENCH) in enumerate(PASSAGES):\n    if FRENCH is not None:\n{work}    print(text, end="")\nprint()\n'
    )
    constants = [f"PASSAGES = [  # the sentences{', ' + FORMS[2:] if some else ''}; and what stands between them\n{parts}]"]
    constants += [f"LOUD = {{{loud}}}  # sentences all in capitals: read in small letters"] if loud else []
    constants += [f"ALONE = {{{alone}}}  # single words: read without their capital"] if alone else []
    said = "Translate sentence by sentence; what is between them stays."
    return assembled(said + _beyond(card, list(sources.values())), imports, place, constants, body)


def _numbers(some: Iterable[int]) -> str:
    return ", ".join(map(str, some))


FORMS = "# a reserved character stands for each part that is copied, here with its French form"


def _passage(text: str, read: SourceText | None, card: ModelCard) -> str:
    return f"{text!r}, None" if read is None else f"{words(text if card.prefix else read.read, card)}, {read.forms!r}"


def _french(row: str, read: SourceText | None, some: bool = False) -> str:
    """The expression that makes French text of a row of ids, with capitals where the text `read` had them and French for its slots."""
    more = "" if read is None else ".upper()" if read.shouted else ".capitalize()" if read.raised else ""
    text = f"tokenizer.decode({row}, skip_special_tokens=True){more}"
    return f'"".join(FRENCH.get(c, c) for c in {text})' if some or (read and read.slots) else text


def _beyond(card: ModelCard, sources: Sequence[SourceText]) -> str:
    """What the page does that the program does not."""
    if slotted(card) and any(by_rule(read) for read in sources):
        return " The page answers what gives the model nothing to translate without it."
    return " The page also sees to it that each reserved character is written once." if any(read.slots for read in sources) else ""


PROGRAMS: Programs = {TranslationRequest: translation_program, DocumentRequest: translation_program}
