"""Generation: a model writes on, token by token. On this floor: what the page and programs are told."""
