"""Translation: a text in another language. On this floor: tabs and their parts."""
