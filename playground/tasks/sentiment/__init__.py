"""Sentiment: which label a text gets. On this floor: requests, answers and pure maths."""
