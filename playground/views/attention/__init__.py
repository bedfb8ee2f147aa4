"""Attention: which tokens each head looks at. On this floor: what the page and programs are told."""
