# Sentiment analysis: this pipeline runs as it did. Name the model, or the library picks one for you.
from transformers import pipeline

MODEL = "distilbert/distilbert-base-uncased-finetuned-sst-2-english"
TEXTS = ["I love this product!", "The film is not good."]

classify = pipeline("sentiment-analysis", model=MODEL)
for text, found in zip(TEXTS, classify(TEXTS)):
    print(f"{found['label']} {found['score']:.3f} {text}")
