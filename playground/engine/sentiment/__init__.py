"""Sentiment: which label a text gets. On this floor: what runs the models."""
