"""Two answers side by side: what each took. Pure."""

from playground.tasks.generation.generation import Generation
from playground.tasks.learn.hosted import Hosted
from playground.tasks.request import Progress
from playground.views.status import Note, note, progress_note


def hosted_note(item: Hosted | Progress) -> Note:
    if isinstance(item, Progress):
        return progress_note(item)
    if not item.finished:
        return note(f"{item.model}: {item.pieces} pieces in {item.seconds:.1f} s…")
    ended = {"length": " It was cut at the most that was allowed."}.get(item.stopped, "")
    first = f"first piece after {item.first_piece_seconds:.2f} s, " if item.pieces else ""
    return note(f"{item.model}: {first}{item.pieces} pieces in {item.seconds:.1f} s, network and queue included.{ended}")


def ours_note(item: Generation | Progress) -> Note:
    if isinstance(item, Progress):
        return progress_note(item)
    if not item.finished:
        return note(f"{item.model}: {item.new_tokens} tokens in {item.seconds:.1f} s…")
    return note(f"{item.model}: first token after {item.first_token_seconds:.2f} s, {item.new_tokens} tokens in {item.seconds:.1f} s.")
