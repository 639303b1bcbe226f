"""What can keep somebody from erasing."""

from app.kernel.problems import Refused


class ErasureOpen(Refused):
    """There is an erasure in the tenant that has not ended."""


class ErasureEnded(Refused):
    """It is too late, or too early, for what was asked of an erasure."""


class SamePerson(Refused):
    """Who asked for an erasure cannot decide on it."""


class WholeLogHeld(Refused):
    """Nothing may be erased while a hold covers the whole log."""
