"""What can be wrong with runs and releases, for the person who asked."""

from app.kernel.problems import Refused


class RunOpen(Refused):
    """Another run of the tenant has not ended."""


class RunEnded(Refused):
    """The run has ended, and cannot be called off any more."""


class NoEvidence(Refused):
    """A version cannot be proposed: no run stands for it as it is now."""


class ReleaseOpen(Refused):
    """Another version of the prompt waits for a decision."""


class ReleaseEnded(Refused):
    """The release was decided on already."""


class SamePerson(Refused):
    """Whoever proposed a version does not decide on it."""


class NothingBefore(Refused):
    """No version was in force before that could come back."""


class NoCase(Refused):
    """A review gives no case: it was not decided, or a case was made of it before."""
