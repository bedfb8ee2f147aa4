"""Measures: the service against bare transformers, the page against an empty one, memory against the weights."""
