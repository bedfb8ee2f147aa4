"""Transformers Playground: see what a transformer does to your own words."""
