"""Generation: a model writes on, token by token. On this floor: tabs and their parts."""
