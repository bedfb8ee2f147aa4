"""The lesson and what belongs to it. On this floor: requests, answers and pure maths."""
