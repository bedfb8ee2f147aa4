"""Token ids with the text people read for them. What two rooms need; knows no tokenizer."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The text of every token id an answer names, once each, in the order they came up; `special` marks control tokens."""

    ids: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    special: tuple[bool, ...] = ()

    def label_of(self, number: int) -> str:
        return self.labels[self.ids.index(number)] if number in self.ids else f"#{number}"
