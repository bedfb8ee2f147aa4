"""Translation: a text in another language. On this floor: what the page and programs are told."""
