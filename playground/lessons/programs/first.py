# A first program: which tokens could come next, and how likely is each?
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

MODEL = "HuggingFaceTB/SmolLM2-135M-Instruct"
TEXT = "The capital of France is"

tokenizer = AutoTokenizer.from_pretrained(MODEL)
model = AutoModelForCausalLM.from_pretrained(MODEL)
inputs = tokenizer(TEXT, return_tensors="pt")
print(len(inputs["input_ids"][0]), "tokens")
with torch.inference_mode():
    logits = model(**inputs).logits[0, -1]  # one for every entry of the vocabulary
best = logits.float().softmax(-1).topk(5)
for chance, token in zip(best.values.tolist(), best.indices.tolist()):
    print(f"{chance:.3f} {tokenizer.decode(token)!r}")
