"""Embeddings and blocks: vectors from layer to layer. On this floor: what the page and programs are told."""
