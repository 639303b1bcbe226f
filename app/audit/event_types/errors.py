"""What keeps an event type from being registered or deprecated."""

from app.kernel.problems import InvalidInput, Refused


class NotATypeSchema(InvalidInput):
    """The schema is not written in the dialect, or its samples do not fit it."""


class BreaksCompatibility(InvalidInput):
    """A version refuses what an earlier one of its major took."""


class TypeIsOurs(Refused):
    """The action is one that Ballast writes itself."""


class TooManyTypes(Refused):
    """The tenant has as many types, or the type as many versions, as there may be."""


class AlreadyDeprecated(Refused):
    """The version was deprecated before."""
