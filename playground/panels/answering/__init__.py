"""Question answering: the span of a context that answers. On this floor: tabs and their parts."""
