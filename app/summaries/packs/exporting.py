"""Handing out the evidence of a signed summary, which is an export of the log."""

from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from uuid import UUID

from app.audit.queries import count_slice
from app.kernel.actor import Actor
from app.kernel.commands import Done, command
from app.kernel.problems import NotFound, Refused
from app.summaries.errors import WrongState
from app.summaries.locking import target_of
from app.summaries.packs.writing import Making, write_evidence
from app.summaries.queries import get_summary, shown_claims
from app.summaries.slices import slice_of
from app.summaries.states import SIGNED, Status
from app.tenancy.queries import get_tenant
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission


@command(requires=Permission.AUDIT_EVENT_EXPORT, audit=AuditTag.SUMMARY_EVIDENCE_EXPORTED)
def export_evidence(
    actor: Actor, summary_id: UUID, path: Path, *, at: datetime, public_url: str, most: int | None
) -> Done[int]:
    """Write the evidence pack of a signed summary into a file; return how many events are in it.

    `most` is how large a slice may be; None is any. What is written was checked like a stranger
    checks it. Raises `Refused`, `WrongState`, `FilterInvalid`, `NotFound`.
    """
    summary = get_summary(actor, summary_id)
    if Status(summary.status) not in SIGNED:
        raise WrongState("Only what was signed has an evidence pack.")
    claims = shown_claims(actor, summary)
    if not claims:
        raise NotFound
    if most is not None and count_slice(slice_of(summary), cap=most) > most:
        raise Refused(
            f"A pack made here is about {most:,} events at most. Ask the operator for:"
            f" flask summaries pack --tenant {get_tenant(summary.tenant_id).slug} {summary.id}"
        )
    zone = get_tenant(summary.tenant_id).zone
    events = write_evidence(path, summary, claims, Making(at, public_url, zone))
    with path.open("rb") as file:
        hash_ = file_digest(file, "sha256").hexdigest()
    return Done(events, targets=(target_of(summary),), metadata={"events": events, "sha256": hash_})
