"""Why an event is refused: the kind decides what mends it."""

from collections.abc import Sequence
from enum import StrEnum

from app.kernel.problems import FieldProblem, InvalidInput


class RefusalKind(StrEnum):
    """What an event failed at."""

    UNREADABLE = "unreadable"
    FRAME = "frame"
    TYPE = "type"
    UNREGISTERED = "unregistered"

    @property
    def words(self) -> str:
        return _WORDS[self]

    @property
    def advice(self) -> str:
        """What a person can do about it."""
        return _ADVICE[self]


_ADVICE = {
    RefusalKind.UNREADABLE: "It is no JSON, so it cannot be replayed: its sender has to send it"
    " again.",
    RefusalKind.FRAME: "No event looks like this, whatever its type: its sender has to change.",
    RefusalKind.TYPE: "Register a version of its type that takes it, and replay it.",
    RefusalKind.UNREGISTERED: "Register its type, or take events of all types, and replay it.",
}
_WORDS = {
    RefusalKind.UNREADABLE: "no JSON",
    RefusalKind.FRAME: "no event",
    RefusalKind.TYPE: "does not fit its type",
    RefusalKind.UNREGISTERED: "of no registered type",
}


class EventRefused(InvalidInput):
    """The event does not fit; `errors` names each field, `kind` what it failed at."""

    def __init__(
        self,
        kind: RefusalKind,
        errors: Sequence[FieldProblem],
        detail: str = "The event does not fit its contract; `errors` names each field and what"
        " to change.",
    ) -> None:
        super().__init__(detail, errors=errors)
        self.kind = kind
