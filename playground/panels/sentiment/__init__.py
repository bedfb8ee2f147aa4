"""Sentiment: which label a text gets. On this floor: tabs and their parts."""
