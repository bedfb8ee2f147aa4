"""How much of a text a model could not read -> a sentence. Knows no model."""

from playground.tasks.unread import Unread
from playground.views.text import counted, in_quotes, visible

LISTED, LONGEST, MOSTLY = 3, 20, 0.5


def unread_sentence(unread: Unread, what: str = "this text") -> str:
    """Which parts of `what` were read as unknown, and from half of it on, what that is worth; "" where all could be read."""
    if not unread.tokens:
        return ""
    shown = ", ".join(f"{in_quotes(_short(part))}" for part in unread.parts[:LISTED]) + (", …" if len(unread.parts) > LISTED else "")
    named = f" ({shown})" if shown else ""
    told = f"The model could not read {unread.tokens:,} of the {counted(unread.of, 'token')} of {what}{named}: it saw [UNK] there."
    return told + (" That is half of it or more, so what it says means little." if unread.share >= MOSTLY else "")


def _short(part: str) -> str:
    text = visible(part)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
