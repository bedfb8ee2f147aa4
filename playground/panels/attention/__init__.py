"""Attention: which tokens each head looks at. On this floor: tabs and their parts."""
