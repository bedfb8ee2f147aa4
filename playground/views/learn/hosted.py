"""Two answers side by side: what each took. Pure."""

from playground.tasks.generation.generation import Generation
from playground.tasks.learn.hosted import Hosted
from playground.tasks.request import Progress
from playground.views.status import Note, note, progress_note
from playground.views.text import counted, in_quotes, visible


def hosted_note(item: Hosted | Progress) -> Note:
    if isinstance(item, Progress):
        return progress_note(item)
    if not item.finished:
        return note(f"{item.model}: {item.pieces} pieces in {item.seconds:.1f} s…")
    first = f"first piece after {item.first_piece_seconds:.2f} s, " if item.pieces else ""
    return note(f"{item.model}: {first}{item.pieces} pieces in {item.seconds:.1f} s, network and queue included.{_ended(item.stopped)}")


def ours_note(item: Generation | Progress) -> Note:
    if isinstance(item, Progress):
        return progress_note(item)
    if not item.finished:
        return note(f"{item.model}: {item.new_tokens} tokens in {item.seconds:.1f} s…")
    took = f"first token after {item.first_token_seconds:.2f} s, {counted(item.new_tokens, 'token')} in {item.seconds:.1f} s."
    return note(f"{item.model}: {took}{_ended(item.stopped)}")


def _ended(why: str) -> str:
    """Why a text ended, where it did not end by itself; a provider's own word is quoted."""
    if why in ("", "stop", "end"):
        return ""
    return " It was cut at the most that was allowed." if why == "length" else f" It ended with {in_quotes(visible(why[:40]))}."
