"""Where what is not code lies in this package: data people read, and weights. Knows no room."""

from pathlib import Path

PACKAGE = Path(__file__).parent
LESSONS = PACKAGE / "lessons"
WEIGHTS = PACKAGE / "weights"
