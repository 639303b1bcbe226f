"""What the log itself says of a summary: who asked for it, who signed it, who withdrew it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.audit.proof.verifier.packed_events import PackedEvent
from app.audit.proof.verifier.report import Report
from app.vocabulary.audit_tags import AuditTag

SUBJECT = "summary"

# What was done with the text, from the question to the end of its validity.
STORY = tuple(
    tag.value
    for tag in (
        AuditTag.SUMMARY_REQUESTED,
        AuditTag.SUMMARY_DRAFTED,
        AuditTag.SUMMARY_CLAIM_EDITED,
        AuditTag.SUMMARY_CLAIM_REMOVED,
        AuditTag.SUMMARY_APPROVED,
        AuditTag.SUMMARY_WITHDRAWN,
    )
)
_REQUESTED = AuditTag.SUMMARY_REQUESTED.value
_APPROVED = AuditTag.SUMMARY_APPROVED.value
_WITHDRAWN = AuditTag.SUMMARY_WITHDRAWN.value


@dataclass(slots=True)
class Story:
    """Events about one summary, in the order of the log."""

    summary_id: UUID
    _events: dict[str, list[PackedEvent]] = field(default_factory=dict)

    def take(self, event: PackedEvent) -> None:
        """Take in an event, if it is about the summary, succeeded, and Ballast itself wrote it.

        Programs may send events of any action; those say from whom they were received.
        """
        document = event.document
        if document is None or document["received_from"] is not None:
            return
        if document["outcome"] != "success":
            return
        targets = [(one["type"], one["id"]) for one in document["targets"]]
        if targets == [(SUBJECT, str(self.summary_id))]:
            self._events.setdefault(str(document["action"]), []).append(event)

    @property
    def approved_at_leaf(self) -> int | None:
        """The leaf of the approval; None where there is not exactly one."""
        approvals = self._events.get(_APPROVED, [])
        return approvals[0].leaf if len(approvals) == 1 else None

    def check(self, text_hash: str, report: Report) -> None:
        """Report whether the log says that this text was signed, by another than who asked."""
        requests, approvals = self._events.get(_REQUESTED, []), self._events.get(_APPROVED, [])
        if len(approvals) != 1:
            report.fault(f"the log holds {len(approvals)} approvals of this summary, not one")
            return
        approved = _document(approvals[0])
        if approved["metadata"].get("hash") != text_hash:
            report.fault("what was signed is another text than summary.json")
            return
        report.right(
            f"the text is the one that {_who(approved)} signed at {approved['occurred_at']}"
            f" (leaf {approvals[0].leaf:,})"
        )
        self._check_requester(requests, approved, report)
        for event in self._events.get(_WITHDRAWN, []):
            withdrawn = _document(event)
            report.remark(
                f"{_who(withdrawn)} withdrew it at {withdrawn['occurred_at']}: it was signed, and"
                " does not hold any more"
            )

    def _check_requester(
        self, requests: list[PackedEvent], approved: Mapping[str, Any], report: Report
    ) -> None:
        if not requests:
            report.fault("the log does not say who asked for this summary")
            return
        asked = _document(requests[0])
        asker, signer = asked["actor"]["id"], approved["actor"]["id"]
        if asker is None or signer is None:
            report.leave_open("who asked for it or who signed it was erased from the log")
        elif asker == signer:
            report.fault("whoever asked for it signed it too")
        else:
            report.right(f"{_who(asked)} had asked for it: two people")


def _document(event: PackedEvent) -> Mapping[str, Any]:
    return event.document or {}


def _who(document: Mapping[str, Any]) -> str:
    actor = document["actor"]
    return str(actor["name"] or actor["id"] or "somebody who was erased since")
