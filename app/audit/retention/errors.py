"""What can keep somebody from deleting or holding."""

from app.kernel.problems import Refused


class HoldReleased(Refused):
    """It is too late for what was asked of a hold."""


class DeletionEnded(Refused):
    """It is too late for what was asked of a deletion."""


class DeletionRuns(Refused):
    """There is a deletion under way already."""


class NothingToDelete(Refused):
    """Nothing in this stretch of the log may go.

    `reached` is the leaf behind the stretch, `held` how many events in it only a hold keeps.
    """

    def __init__(self, reached: int, held: int) -> None:
        super().__init__("Nothing here is over its time.")
        self.reached = reached
        self.held = held
