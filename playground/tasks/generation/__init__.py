"""Generation: a model writes on, token by token. On this floor: requests, answers and pure maths."""
