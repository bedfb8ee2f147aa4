"""Attention: which tokens each head looks at. On this floor: requests, answers and pure maths."""
