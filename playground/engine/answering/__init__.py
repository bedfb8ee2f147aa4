"""Question answering: the span of a context that answers. On this floor: what runs the models."""
