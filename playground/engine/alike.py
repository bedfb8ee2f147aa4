"""What is of similar length, together: little is padded then. What the runners need of tokens, and the service of characters."""

from collections.abc import Iterator, Sequence


def groups(lengths: Sequence[int], most: int, rows: int | None = None) -> Iterator[list[int]]:
    """Places in `lengths`, shortest first, so many together that with padding at most `most` are run at once, in at most `rows` rows.

    One that is longer alone comes alone.
    """
    held: list[int] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        if held and (len(held) == rows or lengths[place] * (len(held) + 1) > most):
            yield held
            held = []
        held.append(place)
    if held:
        yield held
