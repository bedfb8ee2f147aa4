"""The tokens on one axis of an attention map, with the labels people read. What two rooms need."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Side:
    """The tokens on one axis: `labels` are what to show (surface text, or bytes of a split character), `pieces` the vocabulary's."""

    labels: tuple[str, ...]
    pieces: tuple[str, ...]
    special: tuple[bool, ...]

    def __len__(self) -> int:
        return len(self.labels)
