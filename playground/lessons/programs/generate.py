# Text generation: this pipeline runs as it did. A chat model is given a list of turns.
from transformers import pipeline

MODEL = "HuggingFaceTB/SmolLM2-135M-Instruct"
TURNS = [{"role": "user", "content": "What is the capital of France?"}]

write = pipeline("text-generation", model=MODEL)
made = write(TURNS, max_new_tokens=24, do_sample=False)
print(made[0]["generated_text"][-1]["content"])
