"""Journey: one text through the whole model, to the word that comes next. On this floor: what runs the models."""
