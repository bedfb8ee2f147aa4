"""The lesson and what belongs to it. On this floor: what the page and programs are told."""
