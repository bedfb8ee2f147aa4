"""The scripts that made `playground/weights`. Run one with `python -m playground.training.<room>`; nothing imports them."""
