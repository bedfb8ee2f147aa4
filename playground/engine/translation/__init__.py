"""Translation: a text in another language. On this floor: what runs the models."""
