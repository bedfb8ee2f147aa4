"""Tokens: a text cut into pieces and ids. On this floor: what the page and programs are told."""
