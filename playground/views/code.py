"""A request -> the shortest program that does the same with plain transformers, with the reader's own words in it.

Words are quoted with `repr`, so no text can leave its string. Knows no panel.
"""

import json
from collections.abc import Callable, Sequence
from textwrap import indent
from typing import Any

from playground.catalog import SPAN, ModelCard, find_model
from playground.errors import BadInput
from playground.tasks.answering.answering import AnsweringRequest, AnswerManyRequest
from playground.tasks.attention.attention import AttentionMapRequest, Changes
from playground.tasks.embeddings.block import BlockRequest
from playground.tasks.embeddings.embeddings import EmbeddingsRequest
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.limits import LIMITS
from playground.tasks.request import Batch, Request
from playground.tasks.sentiment.sentiment import UNREADABLE, SentimentRequest
from playground.tasks.sentiment.signs import named
from playground.tasks.source_text import read_french
from playground.tasks.status import FOUR_BIT
from playground.tasks.tokens.tokens import TokensRequest
from playground.tasks.translation.document import DocumentRequest
from playground.tasks.translation.translation import TranslationRequest
from playground.views.answering.programs import answering_program
from playground.views.embeddings.programs import block_program, embeddings_program
from playground.views.places import (
    DECODER_INPUTS,
    OWN_TRANSLATION,
    Place,
    assembled,
    base_of,
    beside,
    class_of,
    labelled,
    loading,
    place_of,
    source_in,
    words,
)
from playground.views.translation.programs import translation_program

PIECE, TEMPLATE = 256, 64  # tokens the page reads of a prompt at once (engine/decoding.py), and more than a chat template adds
SAME = "Write on from a prompt, {how}: on the page's machine this is the page's text."
HUBS = (
    "Write on from a prompt, with the hub's weights in float32. The page writes with those of this machine, which have four bits, so its "
    "text is another: untick “Model from the Hugging Face hub” for a program that writes it too."
)
UNKNOWN = (
    "Write on from a prompt, in float32. The page has not loaded this model yet: if it then says that it computes in four-bit weights, its "
    "text is another; write this program again to get that one."
)


def program(request: Request[Any], source: str = "", hub: bool = False, precision: str = "") -> str:
    """A whole Python program for `request`. `precision` is what the status says the page writes in, "" where that is not known.

    Raises BadInput for a kind that has none, UnknownModel for a model that is not there.
    """
    first = request.requests[0] if isinstance(request, Batch) and request.requests else request
    if isinstance(first, GenerationRequest):
        return _generation(first, source, hub, precision)
    writer = _WRITERS.get(type(first))
    if writer is None:
        raise BadInput("There is no program for this.")
    return writer(request, source, hub)


def _tokens(request: TokensRequest, source: str, hub: bool) -> str:
    card = find_model(request.tokenizer, "tokens")
    place = _tokenizer_place(card, source, hub)
    special = "" if request.special else ", add_special_tokens=False"
    body = f"""
tokenizer = AutoTokenizer.from_pretrained(MODEL)
ids = tokenizer(TEXT{special}).input_ids
for number, piece in zip(ids, tokenizer.convert_ids_to_tokens(ids)):
    print(number, repr(piece))
print(len(ids), "tokens")
"""
    imports = ["from transformers import AutoTokenizer"]
    return assembled("Cut a text into tokens.", imports, place, [f"TEXT = {words(request.text, card)}"], body)


def _tokenizer_place(card: ModelCard, source: str, hub: bool) -> Place:
    made = place_of(card, source, hub)
    return Place(made.imports, tuple(line for line in made.lines if not line.startswith("ADAPTER")))


def _attention(request: AttentionMapRequest, source: str, hub: bool) -> str:
    of, card = request.of, find_model(request.of.model, "attention")
    place, (loader, more) = place_of(card, source, hub), class_of(card)
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


def _generation(request: GenerationRequest, source: str, hub: bool, precision: str) -> str:
    card = find_model(request.model, "generation")
    place = place_of(card, source, hub)
    four = precision == FOUR_BIT and not hub
    # Rounded as coarsely as that, a prompt read at once gives another text than one read in the page's pieces. No token is under a byte.
    pieces = f", prefill_chunk_size={PIECE}" if four and len(request.prompt.encode()) > PIECE - TEMPLATE else ""
    other = hub and not source.startswith("hub ") and card.embedded
    said = UNKNOWN if not precision else HUBS if other else SAME.format(how=f"in {precision} as the page does")
    drawn, pipeline = request.draws, _pipeline(request)
    more = "".join(f", {name}" for name in ["LogitsProcessor", *(step.partition("(")[0] for step in pipeline)]) if drawn else ""
    chat = request.chat and "instruct" in card.name.lower()  # the others have no chat template
    read = (
        'tokenizer.apply_chat_template([{"role": "user", "content": PROMPT}], add_generation_prompt=True, return_tensors="pt", '
        "return_dict=True)"
        if chat
        else 'tokenizer(PROMPT, return_tensors="pt")'
    )
    body = f"""
{loading(place, "AutoModelForCausalLM")}
{_FOUR_BIT if four else ""}inputs = {read}
room = model.config.max_position_embeddings - inputs["input_ids"].shape[1]
{_DRAW.format(seed=request.seed) if drawn else ""}made = model.generate(
    **inputs, max_new_tokens=min({request.max_new_tokens}, room), {_sampling(request)}{pieces},
    pad_token_id=tokenizer.eos_token_id,{chr(10) + "    logits_processor=[" + ", ".join([*pipeline, "Draw()"]) + "]," if drawn else ""}
)
print(tokenizer.decode(made[0, inputs["input_ids"].shape[1]:], skip_special_tokens=True))
"""
    imports = ["import torch", f"from transformers import AutoModelForCausalLM, AutoTokenizer{more}"]
    return assembled(said, imports, place, [f"PROMPT = {request.prompt!r}"], body)


_FOUR_BIT = """

class FourBit(torch.nn.Module):  # weights as they came: q × step + low, q from 0 to 15, one step and one low for 32 weights
    def __init__(self, layer):
        super().__init__()
        groups = layer.weight.unflatten(1, (-1, 32))
        low = groups.amin(-1)
        step = (groups.amax(-1) - low) / 15
        q = ((groups - low[..., None]) / step[..., None].clamp_min(1e-38)).round().flatten(1).int()
        self.packed = torch.ops.aten._convert_weight_to_int4pack_for_cpu(q, 1)
        self.scales = torch.stack([step, low + 8 * step], -1).transpose(0, 1).contiguous().bfloat16()

    def forward(self, x):
        rows = x.flatten(0, -2).bfloat16()
        return torch.ops.aten._weight_int4pack_mm_for_cpu(rows, self.packed, 32, self.scales).to(x.dtype).unflatten(0, x.shape[:-1])


with torch.inference_mode():
    for name, layer in list(model.base_model.named_modules()):
        if isinstance(layer, torch.nn.Linear):
            model.base_model.set_submodule(name, FourBit(layer))
"""
_DRAW = """

class Draw(LogitsProcessor):  # chances end to end, the likeliest first, and one random number a token; only what it falls on is left
    random = torch.Generator().manual_seed({seed})

    def __call__(self, ids, scores):
        chances, order = scores[0].softmax(-1).double().sort(descending=True, stable=True)
        place = torch.rand((), dtype=torch.float64, generator=self.random) * chances.sum()
        chosen = order[(chances.cumsum(0) > place).nonzero()[0]]
        return torch.full_like(scores, -torch.inf).index_fill_(1, chosen, 0.0)


"""


def _sampling(request: GenerationRequest) -> str:
    penalty = f"repetition_penalty={float(request.repetition_penalty)}"
    if request.beams > 1:
        return f"do_sample=False, num_beams={request.beams}, {penalty}"
    return f"do_sample=False, {penalty}" if request.temperature == 0 else "do_sample=False"


def _pipeline(request: GenerationRequest) -> list[str]:
    """What stands before the draw, in the library's order; what would change nothing is left out."""
    steps = {
        f"RepetitionPenaltyLogitsProcessor({float(request.repetition_penalty)})": request.repetition_penalty != 1.0,
        f"TemperatureLogitsWarper({float(request.temperature)})": request.temperature != 1.0,
        f"TopKLogitsWarper({request.top_k})": request.top_k > 0,
        f"TopPLogitsWarper({float(request.top_p)})": request.top_p < 1.0,
        f"MinPLogitsWarper({float(request.min_p)})": request.min_p > 0,
    }
    return [step for step, counts in steps.items() if counts]


def _sentiment(request: SentimentRequest | Batch[Any], source: str, hub: bool) -> str:
    some: Sequence[SentimentRequest] = request.requests if isinstance(request, Batch) else (request,)  # type: ignore[assignment]
    card = find_model(some[0].model, "sentiment")
    place = place_of(card, source, hub)
    own = beside(card).get("labels", [])
    read = [named(one.text) if UNREADABLE in own else one.text for one in some]
    changed = "# Emoji stand here by their names, as this model reads them.\n" if read != [one.text for one in some] else ""
    texts = "".join(f"    {text!r},\n" for text in read)
    labels = json.dumps(own) if place.adapter else "[model.config.id2label[i].lower() for i in range(model.config.num_labels)]"
    body = f"""
{loading(place, "AutoModelForSequenceClassification", labelled(card))}
labels = {labels}
inputs = tokenizer(TEXTS, padding=True, return_tensors="pt")
with torch.inference_mode():
    shares = model(**inputs).logits.softmax(-1)
for row in shares.tolist():
    print(" ".join(f"{{label}} {{share:.4f}}" for label, share in zip(labels, row)))
"""
    imports = ["import torch", "from transformers import AutoModelForSequenceClassification, AutoTokenizer"]
    return assembled("How probable each label of a text is.", imports, place, [f"{changed}TEXTS = [\n{texts}]"], body)


_WRITERS: dict[type[Any], Callable[[Any, str, bool], str]] = {
    TokensRequest: _tokens,
    AttentionMapRequest: _attention,
    EmbeddingsRequest: embeddings_program,
    BlockRequest: block_program,
    SentimentRequest: _sentiment,
    AnsweringRequest: answering_program,
    AnswerManyRequest: answering_program,
    TranslationRequest: translation_program,
    DocumentRequest: translation_program,
}
