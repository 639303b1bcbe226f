"""What keeps an item in quarantine."""

from app.kernel.problems import Refused


class NotWhole(Refused):
    """Only the beginning of the item was kept, so nothing can be made of it."""


class NothingWaits(Refused):
    """There is no item to replay."""


class ReplayRuns(Refused):
    """A replay is running already."""


class ReplayEnded(Refused):
    """The replay has ended, so it cannot be called off."""
