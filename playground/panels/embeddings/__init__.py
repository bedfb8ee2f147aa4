"""Embeddings and blocks: vectors from layer to layer. On this floor: tabs and their parts."""
