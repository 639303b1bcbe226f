"""Why there is no draft: each reason a code, a sentence, and what to do next.

What the gateway refuses brings its own sentence; these are the reasons of summaries.
"""

from dataclasses import dataclass
from enum import StrEnum


class RefusalCode(StrEnum):
    """Stored and counted by, so never renamed."""

    NO_EVIDENCE = "no_evidence"
    OUT_OF_SCOPE = "out_of_scope"
    UNVERIFIABLE = "unverifiable"
    FILTER_INVALID = "filter_invalid"
    REQUESTER_GONE = "requester_gone"
    NOT_ALLOWED = "not_allowed"
    INTERNAL = "internal"

    @property
    def words(self) -> str:
        """The sentence and the next step, for the person who waits."""
        told = _TOLD[self]
        return f"{told.sentence} {told.next_step}"


@dataclass(frozen=True, slots=True)
class _Told:
    sentence: str
    next_step: str


_TOLD = {
    RefusalCode.NO_EVIDENCE: _Told(
        "The model found nothing in these events that it could prove.",
        "Read the events themselves, or ask about a wider slice.",
    ),
    RefusalCode.OUT_OF_SCOPE: _Told(
        "The question is about something that these events do not tell.",
        "Ask what happened, who did it or how often; or ask without a question.",
    ),
    RefusalCode.UNVERIFIABLE: _Told(
        "The model answered, but the log supports none of its claims, also after they went back"
        " to it once.",
        "They stand below with what is wrong. Try again, choose another model, or read the events.",
    ),
    RefusalCode.FILTER_INVALID: _Told(
        "The filter of this summary is not understood any more, so its slice cannot be read.",
        "Filter the audit log anew and ask from there.",
    ),
    RefusalCode.REQUESTER_GONE: _Told(
        "The person who asked for this summary is no active member any more.",
        "Ask for it yourself if it is still wanted.",
    ),
    RefusalCode.NOT_ALLOWED: _Told(
        "The person who asked for this summary may not ask for one any more.",
        "Ask for it yourself if it is still wanted.",
    ),
    RefusalCode.INTERNAL: _Told(
        "Something broke on our side while the draft was written.",
        "Try again; if it happens again, choose a smaller slice and tell whoever runs this"
        " installation.",
    ),
}

# What was asked in vain, as against what went wrong while it was answered.
REFUSED = frozenset(
    {
        RefusalCode.NO_EVIDENCE.value,
        RefusalCode.OUT_OF_SCOPE.value,
        RefusalCode.UNVERIFIABLE.value,
        "over_budget",
    }
)
