"""Tokens: a text cut into pieces and ids. On this floor: requests, answers and pure maths."""
