"""Embeddings and blocks: vectors from layer to layer. On this floor: what runs the models."""
