"""The program behind the question-answering tab: windows, span search at words, and the threshold of “no answer”. Knows no panel."""

from textwrap import indent
from typing import Any

from playground.catalog import find_model
from playground.tasks.answering.answering import AnsweringRequest, AnswerManyRequest
from playground.tasks.answering.word_edges import BEGIN, END
from playground.views.places import Programs, Ran, assembled, beside, loading, place_of


def answering_program(request: AnsweringRequest | AnswerManyRequest, ran: Ran) -> str:
    """Prints the span of each question, or “no answer”."""
    card = find_model(request.model, "answering")
    place, many = place_of(card, ran.source, ran.hub), isinstance(request, AnswerManyRequest)
    asked = f"QUESTIONS = {list(request.questions)!r}" if isinstance(request, AnswerManyRequest) else f"QUESTION = {request.question!r}"
    work = _span_search(beside(card))
    if many:
        work = "for QUESTION in QUESTIONS:\n" + indent(work, "    ")
    imports = ["import re", "import torch", "from transformers import AutoModelForQuestionAnswering, AutoTokenizer"]
    said = "The span of a context that answers a question."
    constants = [asked, f"CONTEXT = {request.context!r}", "# Where words begin and end: no span is cut inside one."]
    constants += [_pattern("BEGIN", BEGIN.pattern), _pattern("END", END.pattern)]
    return assembled(said, imports, place, constants, f"{loading(place, 'AutoModelForQuestionAnswering')}\n{work}")


def _pattern(name: str, pattern: str, width: int = 90) -> str:
    """A regular expression as a constant over several lines."""
    lines = "\n".join(f"    {pattern[at : at + width]!r}" for at in range(0, len(pattern), width))
    return f"{name} = re.compile(\n{lines}\n)"


def _span_search(read: dict[str, Any]) -> str:
    """From QUESTION and CONTEXT to the printed span, with the numbers this model was trained to read with."""
    untyped = "" if read.get("token_types", True) else '\ninputs.pop("token_type_ids")  # this model was trained without them'
    threshold, decided = read.get("no_answer_threshold"), ""
    chosen = "CONTEXT[start:end]" if threshold is None else f'"no answer" if none - score > {threshold} else CONTEXT[start:end]'
    if "short_context" in read:
        decided = (
            "length = len(tokenizer(CONTEXT, add_special_tokens=False, verbose=False).input_ids)\n"
            f"threshold = {read['short_no_answer_threshold']} if length <= {read['short_context']} else {threshold}"
            "  # a short context needs less for “no answer”\n"
        )
        chosen = '"no answer" if none - score > threshold else CONTEXT[start:end]'
    return f"""inputs = tokenizer(
    QUESTION, CONTEXT, truncation="only_second", max_length={read.get("max_tokens", 384)}, stride={read.get("stride", 128)},
    padding=True, return_overflowing_tokens=True, return_offsets_mapping=True, return_tensors="pt",
)
places = inputs.pop("offset_mapping")
inputs.pop("overflow_to_sample_mapping"){untyped}
with torch.inference_mode():
    out = model(**inputs)
none = (out.start_logits[:, 0] + out.end_logits[:, 0]).min().item()  # [CLS] stands for “no answer”
begins, ends = ({{found.start() for found in edge.finditer(CONTEXT)}} for edge in (BEGIN, END))
spans = []
for i, place in enumerate(places):  # the windows a long context is read in
    own = torch.tensor([side == 1 for side in inputs.sequence_ids(i)])
    scores = out.start_logits[i, :, None] + out.end_logits[i, None, :]
    begin, stop = (torch.tensor([at in some for at in side]) for some, side in zip((begins, ends), place.T.tolist()))
    inside = (own[:, None] & own[None, :]).triu().tril({read.get("max_answer_tokens", 30) - 1})
    words = inside & begin[:, None] & stop[None, :]
    first, last = divmod(scores.where(words if words.any() else inside, -torch.inf).argmax().item(), len(own))
    spans.append((scores[first, last].item(), place[first, 0].item(), place[last, 1].item()))
score, start, end = max(spans)
{decided}print({chosen})
"""


PROGRAMS: Programs = {AnsweringRequest: answering_program, AnswerManyRequest: answering_program}
