"""Everything that can go wrong for a reason a person can act on. The text of each error is shown to people as it is."""


class PlaygroundError(Exception):
    """Base of all errors meant for the reader: the text says what is wrong and what to do next."""


class BadInput(PlaygroundError):
    """The request cannot be answered as it is: empty, too long, wrong type, out of range."""


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
