"""The programs behind the embeddings and block tabs: hidden states of one stack, and hooks on one block's sub-layers.

Module names come from layouts.py. Words are quoted with `repr`. Knows no panel.
"""

from playground.catalog import ModelCard, find_model
from playground.layouts import CROSS, LAYOUTS
from playground.tasks.embeddings.block import BlockRequest
from playground.tasks.embeddings.embeddings import EmbeddingsRequest
from playground.tasks.limits import LIMITS
from playground.views.places import (
    DECODER_INPUTS,
    OWN_TRANSLATION,
    Place,
    Programs,
    Ran,
    assembled,
    class_of,
    loading,
    place_of,
    source_in,
    words,
)

_COSINES = """vectors = torch.nn.functional.normalize(torch.cat(vectors), dim=1)
for name, row in zip(names, (vectors @ vectors.T).tolist()):
    print(f"{name:>14}", " ".join(f"{cosine:.4f}" for cosine in row))
"""


def embeddings_program(request: EmbeddingsRequest, ran: Ran) -> str:
    """Prints the cosines of all tokens at one stage, which is a constant on top."""
    card = find_model(request.model, "embeddings")
    place, texts = place_of(card, ran.source, ran.hub), [request.text, *([request.second] if request.second else [])]
    read, states, ids = _reading(card, request)
    lines = [*read, "with torch.inference_mode():", f"    states = {states}",
             f"names += tokenizer.convert_ids_to_tokens({ids}[0])", "vectors.append(states[STAGE][0])"]  # fmt: skip
    body = "\n".join([*_loaded(card, place), "names, vectors = [], []", "for TEXT in TEXTS:", *(f"    {line}" for line in lines), _COSINES])
    quoted = ", ".join(words(source_in(card, text).read, card) for text in texts)
    constants = [f"TEXTS = [{quoted}]", "STAGE = -1  # the last one; 0 is the embedding"]
    said = "How alike the tokens' vectors are at one stage: a row of cosines for each."
    return assembled(said, _imports(card), place, constants, body)


def block_program(request: BlockRequest, ran: Ran) -> str:
    """Prints the length of a token's vector before a block and of what each of its sub-layers adds."""
    of = request.of
    card = find_model(of.model, "embeddings")
    place, layout = place_of(card, ran.source, ran.hub), LAYOUTS[card.kind]
    decoder = _decodes(card, of)
    inner = f"body.{'decoder' if decoder else 'encoder'}." if card.family == "encoder-decoder" else "body."
    hooks = [f'block{_path(one.out)}.register_forward_hook(keep("{one.kind}"))' for one in layout.sublayers if decoder or one.kind != CROSS]
    read, states, ids = _reading(card, of)
    body = "\n".join([
        *_loaded(card, place), f"block = {inner}{_path(layout.blocks)[1:]}[LAYER]", "added = {}", "", "",
        "def keep(name):", "    return lambda module, given, made: added.update({name: made[0, TOKEN]})", "", "",
        *read, *hooks, "with torch.inference_mode():", f"    states = {states}",
        f"print(repr(tokenizer.convert_ids_to_tokens({ids}[0])[TOKEN]))",
        'print(f"comes in with length {states[LAYER][0, TOKEN].norm():.4f}")', "for name, vector in added.items():",
        '    print(f"{name} adds {vector.norm():.4f}")', "",
    ])  # fmt: skip
    constants = [f"TEXT = {words(source_in(card, of.text).read, card)}", f"LAYER, TOKEN = {request.layer}, {request.token}"]
    return assembled("What one block adds to one token's vector.", _imports(card), place, constants, body)


def _decodes(card: ModelCard, of: EmbeddingsRequest) -> bool:
    return card.family == "encoder-decoder" and of.stack == "decoder"


def _imports(card: ModelCard) -> list[str]:
    return ["import torch", f"from transformers import {class_of(card)[0]}, AutoTokenizer"]


def _loaded(card: ModelCard, place: Place) -> list[str]:
    """Tokenizer, model, and its body: without a head, an adapter worked in."""
    merged = [] if not place.adapter else ["model = model.merge_and_unload()"]
    return [loading(place, *class_of(card)), *merged, "body = model.base_model"]


def _reading(card: ModelCard, of: EmbeddingsRequest) -> tuple[list[str], str, str]:
    """(the lines that make `inputs` of TEXT, the hidden states of the stack asked for, the ids of its tokens)."""
    most = min(LIMITS.vector_tokens, card.window)
    long = len(of.text.encode()) > most - 20  # no token is less than a byte
    more = f", truncation=True, max_length={most}" if long else ""
    lines = [f'inputs = tokenizer(TEXT, return_tensors="pt"{more})']
    if _decodes(card, of):
        decoded = [*OWN_TRANSLATION.split("\n"), *DECODER_INPUTS.split("\n")]
        return [*lines, *decoded], "body(**inputs, output_hidden_states=True).decoder_hidden_states", 'inputs["decoder_input_ids"]'
    run = "body.encoder" if card.family == "encoder-decoder" else "body"
    return lines, f"{run}(**inputs, output_hidden_states=True).hidden_states", 'inputs["input_ids"]'


def _path(path: str) -> str:
    """ "layer.0.SelfAttention.o" as code: `.layer[0].SelfAttention.o`."""
    return "".join(f"[{name}]" if name.lstrip("-").isdecimal() else f".{name}" for name in path.split("."))


PROGRAMS: Programs = {EmbeddingsRequest: embeddings_program, BlockRequest: block_program}
