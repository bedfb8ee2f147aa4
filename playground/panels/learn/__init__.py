"""The lesson and what belongs to it. On this floor: tabs and their parts."""
