# Question answering: pipeline("question-answering") is gone; this is the work it did.
import torch
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

MODEL = "distilbert/distilbert-base-cased-distilled-squad"
QUESTION = "How tall is the Eiffel Tower?"
CONTEXT = "The Eiffel Tower was built by the company of Gustave Eiffel for a fair in Paris. It is 330 metres tall."

tokenizer = AutoTokenizer.from_pretrained(MODEL)
model = AutoModelForQuestionAnswering.from_pretrained(MODEL)
inputs = tokenizer(QUESTION, CONTEXT, truncation="only_second", return_offsets_mapping=True, return_tensors="pt")
places = inputs.pop("offset_mapping")[0]
with torch.inference_mode():
    out = model(**inputs)
scores = out.start_logits[0, :, None] + out.end_logits[0, None, :]  # every start with every end
inside = torch.tensor([side == 1 for side in inputs.sequence_ids()])  # only tokens of the context may answer
allowed = (inside[:, None] & inside[None, :]).triu().tril(29)  # no end before its start, and at most 30 tokens
first, last = divmod(scores.where(allowed, -torch.inf).argmax().item(), len(inside))
print(CONTEXT[places[first, 0] : places[last, 1]])
