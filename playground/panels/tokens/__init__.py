"""Tokens: a text cut into pieces and ids. On this floor: tabs and their parts."""
