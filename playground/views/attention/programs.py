"""The program behind the attention tab: one layer's weights, of a head or of the mean of all. Knows no panel."""

from textwrap import indent

from playground.catalog import SPAN, ModelCard, find_model
from playground.tasks.attention.attention import AttentionMapRequest
from playground.tasks.changes import Changes
from playground.tasks.limits import LIMITS
from playground.tasks.source_text import read_french
from playground.views.places import (
    DECODER_INPUTS,
    OWN_TRANSLATION,
    Programs,
    Ran,
    assembled,
    base_of,
    class_of,
    loading,
    place_of,
    source_in,
    words,
)


def attention_program(request: AttentionMapRequest, ran: Ran) -> str:
    of, card = request.of, find_model(request.of.model, "attention")
    place, (loader, more) = place_of(card, ran.source, ran.hub), class_of(card)
    kind = request.kind or ("masked" if card.family == "decoder" else "self")
    fields = {"self": "encoder_attentions", "masked": "decoder_attentions", "cross": "cross_attentions"}
    field = fields[kind] if card.family == "encoder-decoder" else "attentions"
    head = "[0].mean(0)  # the mean of the heads" if request.head == "mean" else f"[0, {request.head}]"
    constants, read = _attention_inputs(request, card)
    tokens = 'inputs["decoder_input_ids"][0]' if field in ("decoder_attentions", "cross_attentions") else 'inputs["input_ids"][0]'
    changed = "\n# What “Experiment” takes away is not in this program." if of.changes != Changes() else ""
    body = f"""
{loading(place, loader, ', attn_implementation="eager"' + more)}{changed}
{read}
with torch.inference_mode():
    weights = model(**inputs, output_attentions=True).{field}[{request.layer}]{head}
for token, row in zip(tokenizer.convert_ids_to_tokens({tokens}), weights.tolist()):
    print(f"{{token:>14}}", " ".join(f"{{weight:.4f}}" for weight in row))
"""
    imports = ["import torch", f"from transformers import {loader}, AutoTokenizer"]
    said = f"Layer {request.layer}, {'the mean of its heads' if request.head == 'mean' else f'head {request.head}'}: one row a token."
    return assembled(said, imports, place, constants, body)


def _attention_inputs(request: AttentionMapRequest, card: ModelCard) -> tuple[list[str], str]:
    """(constants, the lines that make `inputs` of them)."""
    of, read = request.of, source_in(card, request.of.text)
    constants = [f"TEXT = {words(read.read, card)}"]
    most = min(LIMITS.attention_tokens, card.window)
    long = len((of.text + of.pair).encode()) > most - 20  # no token is less than a byte
    more = f'return_tensors="pt", truncation=True, max_length={most}' if long else 'return_tensors="pt"'
    if card.family == "encoder-decoder":
        target = words(read_french(of.target, read).read, card) if of.target else "None  # the model's own translation"
        constants.append(f"TARGET = {target}")
        own = f"if TARGET is None:\n{indent(OWN_TRANSLATION, '    ')}"
        return constants, f"inputs = tokenizer(TEXT, {more})\n{own}\n{DECODER_INPUTS}"
    if not of.pair or card.family != "encoder":
        return constants, f"inputs = tokenizer(TEXT, {more})"
    alone = card.head == SPAN and base_of(card)
    untyped = '\ndel inputs["token_type_ids"]  # this model was trained without them' if alone else ""
    return [*constants, f"SECOND = {words(of.pair, card)}"], f"inputs = tokenizer(TEXT, SECOND, {more}){untyped}"


PROGRAMS: Programs = {AttentionMapRequest: attention_program}
