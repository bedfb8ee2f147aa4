"""The lesson and what belongs to it. On this floor: what runs the models."""
