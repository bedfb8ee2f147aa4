# Translation: pipeline("translation_en_to_fr") is gone; this is the work it did.
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

MODEL = "google-t5/t5-small"
PREFIX = "translate English to French: "  # T5 is told its task in words; a Marian model takes the text alone
TEXTS = ["How are you?", "The white house is small."]

tokenizer = AutoTokenizer.from_pretrained(MODEL)
model = AutoModelForSeq2SeqLM.from_pretrained(MODEL)
inputs = tokenizer([PREFIX + text for text in TEXTS], padding=True, return_tensors="pt")
made = model.generate(**inputs, num_beams=4, do_sample=False, max_new_tokens=60)
for text in tokenizer.batch_decode(made, skip_special_tokens=True):
    print(text)
