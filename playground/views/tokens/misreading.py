"""Ids of one tokenizer read with another -> what `web/tokens/misreading.js` draws, and the sentence that says what went wrong."""

from typing import TypedDict

from playground.catalog import find_model
from playground.tasks.tokens.misreading import Misreading
from playground.tasks.tokens.tokens import Tokens
from playground.views.text import piece_label, visible

SHOWN = 400


class MisreadToken(TypedDict):
    """What was meant, its id, and what the reader calls that id; `outside`: it has no such id; `same`: both mean the same."""

    meant: str
    id: str
    read: str
    outside: bool
    same: bool


class MisreadingView(TypedDict):
    """`more` tokens are not drawn; `meant` and `text` are the whole text as written and as read."""

    writer: str
    reader: str
    columns: list[MisreadToken]
    more: int
    meant: str
    text: str


def misreading_view(written: Tokens, made: Misreading) -> MisreadingView:
    """One column for each token: what was meant, its id, and what the other tokenizer calls that id."""
    other = find_model(made.tokenizer)
    columns: list[MisreadToken] = [
        {"meant": _meant(written, i), "id": str(id_), "read": "none" if piece is None else piece_label(piece, other.scheme),
         "outside": piece is None, "same": piece is not None and _text(piece, other.scheme) == _text(written.pieces[i], written.scheme)}
        for i, (id_, piece) in enumerate(zip(made.ids[:SHOWN], made.pieces[:SHOWN], strict=True))
    ]  # fmt: skip
    return {
        "writer": find_model(written.tokenizer).name,
        "reader": other.name,
        "columns": columns,
        "more": max(0, len(made.ids) - SHOWN),
        "meant": visible(written.text),
        "text": visible(made.text),
    }


def misreading_sentence(written: Tokens, made: Misreading) -> str:
    """What a model would then do."""
    writer, reader = find_model(written.tokenizer).name, find_model(made.tokenizer).name
    if written.tokenizer == made.tokenizer:
        return f"The right tokenizer: {reader} reads what was written. Choose another reader to see it go wrong."
    if made.outside:
        return (
            f"{made.outside:,} of {len(made.ids):,} ids are not below {made.size:,}, the size of {reader}’s vocabulary: a model would fail "
            "with an index error, the lucky case, since it is noticed."
        )
    return f"Every id of {writer} is also one of {reader}’s, so nothing fails: the model is given another text and answers with confidence."


def _meant(written: Tokens, i: int) -> str:
    return visible(written.pieces[i]) if written.special[i] else piece_label(written.pieces[i], written.scheme)


def _text(piece: str, scheme: str) -> str:
    """What a piece stands for, whatever its scheme writes for a space or a word's inside."""
    return piece_label(piece, scheme).removeprefix("##").lstrip("▁␣").lower()
