"""What can go wrong with summaries."""

from app.kernel.problems import InvalidInput, Refused


class WrongState(Refused):
    """The summary is in a state that this step does not follow from."""


class EmptySlice(InvalidInput):
    """No event of the log lies in the slice that was asked for."""


class SliceTooLarge(InvalidInput):
    """The slice holds more events than a summary is made of."""


class FilterInvalid(InvalidInput):
    """The filter of a summary, once valid, is not understood any more."""


class OwnRequest(Refused):
    """Nobody signs what they asked for themselves."""


class NotApprovable(Refused):
    """The draft cannot be signed as it stands; the text says what stands in the way."""


class DraftChanged(Refused):
    """The draft is not the one that the reviewer has read."""


class ReservedByAnother(Refused):
    """Another reviewer has the draft in hand."""


class NothingWaiting(Refused):
    """No draft waits for this reviewer."""


class HasSuccessor(Refused):
    """There is a newer version of this summary already."""
