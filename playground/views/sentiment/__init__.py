"""Sentiment: which label a text gets. On this floor: what the page and programs are told."""
