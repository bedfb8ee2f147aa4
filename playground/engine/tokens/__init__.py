"""Tokens: a text cut into pieces and ids. On this floor: what runs the models."""
