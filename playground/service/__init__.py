"""The one door to the models: a port, and what stands behind it."""
