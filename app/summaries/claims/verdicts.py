"""What checking a claim against the log can find."""

from dataclasses import dataclass
from enum import StrEnum

from app.audit.queries import EventFact


class Verdict(StrEnum):
    """The findings; only a supported claim can be signed."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    OUT_OF_SCOPE = "out_of_scope"
    UNCITED = "uncited"
    INCOMPLETE = "incomplete"

    @property
    def words(self) -> str:
        return self.value.replace("_", " ")

    @property
    def tone(self) -> str:
        return _TONES[self]


_TONES = {
    Verdict.SUPPORTED: "success",
    Verdict.CONTRADICTED: "danger",
    Verdict.OUT_OF_SCOPE: "danger",
    Verdict.UNCITED: "warning",
    Verdict.INCOMPLETE: "warning",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict, why (for a reviewer; empty when supported), and the cited events that exist.

    `field` names what of the claim does not hold, as its JSON calls it; empty when supported.
    """

    verdict: Verdict
    detail: str = ""
    events: tuple[EventFact, ...] = ()
    field: str = ""
