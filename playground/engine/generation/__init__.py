"""Generation: a model writes on, token by token. On this floor: what runs the models."""
