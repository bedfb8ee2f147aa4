"""Embeddings and blocks: vectors from layer to layer. On this floor: requests, answers and pure maths."""
