"""Question answering: the span of a context that answers. On this floor: what the page and programs are told."""
