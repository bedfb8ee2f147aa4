"""Question answering: the span of a context that answers. On this floor: requests, answers and pure maths."""
