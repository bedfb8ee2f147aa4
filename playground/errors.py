"""Everything that can go wrong for a reason a person can act on. The text of each error is shown to people as it is."""


class PlaygroundError(Exception):
    """Base of all errors meant for the reader: the text says what is wrong and what to do next."""


class BadInput(PlaygroundError):
    """The request cannot be answered as it is: empty, too long, wrong type, out of range."""


class NotFound(BadInput):
    """What is asked for is not there (any more)."""


class UnknownModel(BadInput):
    """No such model, or it cannot do this task. The text lists those that can."""


class ModelUnavailable(PlaygroundError):
    """A known model that cannot be had now: not cached and no hub, no safetensors, conversion failed."""


class OutOfMemory(ModelUnavailable):
    """The model did not fit, also after others were let go. The text names its size and what is free."""


class Busy(PlaygroundError):
    """Too many people wait for the same model. The text says how many, and to try again."""


class Cancelled(PlaygroundError):
    """The reader left or pressed Stop; raised inside the work to end it, never shown."""


class NotAllowed(PlaygroundError):
    """Somebody else's to do."""


APOLOGY = "Something went wrong here, and it is not your fault. It has been logged; please try again."
_STATUSES: dict[type[PlaygroundError], int] = {NotFound: 404, NotAllowed: 403, BadInput: 400, PlaygroundError: 503}


def status_of(error: Exception) -> int:
    """The HTTP status an error is answered with, for every route: by its nearest listed kind, 500 for what nobody foresaw."""
    return next((_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES), 500)


def sentence_of(error: Exception) -> str:
    """What a person is told of an error: a PlaygroundError's own text, else an apology. The caller logs what is not foreseen."""
    return ("Stopped." if isinstance(error, Cancelled) else str(error)) if isinstance(error, PlaygroundError) else APOLOGY
