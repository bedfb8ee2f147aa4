"""The program behind the tokens tab: a text's ids and pieces. Knows no panel."""

from playground.catalog import ModelCard, find_model
from playground.tasks.tokens.tokens import TokensRequest
from playground.views.places import Place, Programs, Ran, assembled, place_of, words


def tokens_program(request: TokensRequest, ran: Ran) -> str:
    card = find_model(request.tokenizer, "tokens")
    place = _tokenizer_place(card, ran)
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


def _tokenizer_place(card: ModelCard, ran: Ran) -> Place:
    made = place_of(card, ran.source, ran.hub)
    return Place(made.imports, tuple(line for line in made.lines if not line.startswith("ADAPTER")))


PROGRAMS: Programs = {TokensRequest: tokens_program}
