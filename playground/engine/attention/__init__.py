"""Attention: which tokens each head looks at. On this floor: what runs the models."""
