"""The program behind the generation tab: the page's own text again, its draws and its four-bit weights included. Knows no panel."""

from playground.catalog import find_model
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.status import FOUR_BIT
from playground.views.places import Programs, Ran, assembled, loading, place_of

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


def generation_program(request: GenerationRequest, ran: Ran) -> str:
    card = find_model(request.model, "generation")
    place = place_of(card, ran.source, ran.hub)
    four = ran.precision == FOUR_BIT and not ran.hub
    # Rounded as coarsely as that, a prompt read at once gives another text than one read in the page's pieces. No token is under a byte.
    pieces = f", prefill_chunk_size={PIECE}" if four and len(request.prompt.encode()) > PIECE - TEMPLATE else ""
    other = ran.hub and not ran.source.startswith("hub ") and card.embedded
    said = UNKNOWN if not ran.precision else HUBS if other else SAME.format(how=f"in {ran.precision} as the page does")
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


PROGRAMS: Programs = {GenerationRequest: generation_program}
