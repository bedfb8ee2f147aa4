"""Translation: a text in another language. On this floor: requests, answers and pure maths."""
