"""The program behind the journey tab: what a decoder would say after each block, or a classifier's labels. Knows no panel."""

from playground.catalog import LABELS, find_model
from playground.tasks.journey.journey import JourneyRequest
from playground.tasks.journey.limits import LIMITS
from playground.views.places import Programs, Ran, assembled, class_of, loading, place_of, words


def journey_program(request: JourneyRequest, ran: Ran) -> str:
    card = find_model(request.model, "journey")
    place, (loader, more) = place_of(card, ran.source, ran.hub), class_of(card) if card.head == LABELS else ("AutoModelForCausalLM", "")
    body = f"""
{loading(place, loader, more)}
{_CLASSIFIER if card.head == LABELS else _DECODER.format(norm="norm" if card.kind == "llama" else "ln_f")}"""
    said = "What each label gets." if card.head == LABELS else "What the model would say next after each block: −1 is before the first."
    imports = ["import torch", f"from transformers import {loader}, AutoTokenizer"]
    return assembled(said, imports, place, [f"TEXT = {words(request.text, card)}"], body)


_DECODER = f"""inputs = {{{{name: rows[:, -{LIMITS.tokens}:] for name, rows in tokenizer(TEXT, return_tensors="pt").items()}}}}
with torch.inference_mode():
    states = torch.cat(model(**inputs, output_hidden_states=True).hidden_states)[:, -1]  # of the last token; the last one is normed
    normed = torch.cat([model.base_model.{{norm}}(states[:-1]), states[-1:]])
    shares = model.get_output_embeddings()(normed).softmax(-1)
for block, row in enumerate(shares, -1):
    print(f"{{{{block:>3}}}} {{{{row.max():.4f}}}} {{{{tokenizer.decode(int(row.argmax()))!r}}}}")
"""
_CLASSIFIER = f"""inputs = tokenizer(TEXT, return_tensors="pt", truncation=True, max_length={LIMITS.tokens})
with torch.inference_mode():
    shares = model(**inputs).logits[0].softmax(-1).tolist()
for number, share in enumerate(shares):
    print(number, f"{{share:.4f}}")
"""
PROGRAMS: Programs = {JourneyRequest: journey_program}
