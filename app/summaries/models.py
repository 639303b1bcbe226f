"""Summaries and their claims."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base
from app.kernel.tenant_wall import TenantScoped
from app.summaries.states import RejectReason, Status
from app.summaries.verdicts import Verdict


def _one_of(values: type[Status] | type[RejectReason] | type[Verdict]) -> str:
    return ", ".join(f"'{value.value}'" for value in values)


class Summary(TenantScoped, Base):
    """A summary of one slice of the log, from the request to the signature.

    `query` and the window are fixed when it is asked for, so that the slice stays the same
    whenever it is read. The database itself keeps an approved summary from being changed, and
    lets nobody sign their own request (see the migration that makes the table).
    """

    __tablename__ = "summaries"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    title: Mapped[str]
    query: Mapped[str]
    window_start: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    window_end: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    status: Mapped[str]
    requested_by: Mapped[str]
    requested_by_name: Mapped[str]
    requested_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    progress: Mapped[str | None]
    progress_done: Mapped[int]
    progress_total: Mapped[int]

    events_total: Mapped[int]
    events_seen: Mapped[int | None]
    call_id: Mapped[UUID]
    model: Mapped[str | None]
    prompt: Mapped[str | None]
    prompt_hash: Mapped[str | None]
    provider_label: Mapped[str | None]
    is_extractive: Mapped[bool | None]
    failure_code: Mapped[str | None]
    failure_detail: Mapped[str | None]

    decided_by: Mapped[str | None]
    decided_by_name: Mapped[str | None]
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decision_reason_code: Mapped[str | None]
    decision_note: Mapped[str | None]
    approved_hash: Mapped[str | None]

    __table_args__ = (
        CheckConstraint(f"status IN ({_one_of(Status)})", name="status"),
        CheckConstraint(
            "decided_by IS NULL OR status <> 'approved' OR decided_by <> requested_by",
            name="approved_by_another",
        ),
        CheckConstraint(
            "status <> 'approved' OR (approved_hash IS NOT NULL AND decided_by IS NOT NULL"
            " AND decided_at IS NOT NULL)",
            name="approved_is_signed",
        ),
        CheckConstraint(
            "status <> 'rejected' OR (decided_by IS NOT NULL AND decision_reason_code IS NOT NULL)",
            name="rejected_has_reason",
        ),
        CheckConstraint(f"decision_reason_code IN ({_one_of(RejectReason)})", name="reason_code"),
        CheckConstraint("(status = 'failed') = (failure_code IS NOT NULL)", name="failure"),
        CheckConstraint("window_start < window_end", name="window"),
        Index("ix_summaries_requested", "tenant_id", text("requested_at DESC"), text("id DESC")),
        Index("ix_summaries_status", "tenant_id", "status"),
    )


class SummaryClaim(TenantScoped, Base):
    """One claim of a summary: its fields, what it rests on, and what checking it found.

    `fields` holds real ids beside the `names` that the sentence shows. `event_hashes` are those
    of the cited rows in the order of `event_ids`, empty for an event that is not in the slice.
    `original_fields` is what the model said before the first edit, with its sentence. A removed
    claim stays, so that nobody has to guess what a reviewer took out.
    """

    __tablename__ = "summary_claims"

    summary_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB)
    event_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    event_hashes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    sentence: Mapped[str]
    verdict: Mapped[str]
    verdict_detail: Mapped[str]
    is_edited: Mapped[bool]
    original_fields: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    removed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "summary_id"], ["summaries.tenant_id", "summaries.id"]),
        CheckConstraint("kind IN ('activity', 'absence')", name="kind"),
        CheckConstraint(f"verdict IN ({_one_of(Verdict)})", name="verdict"),
        CheckConstraint("cardinality(event_ids) = cardinality(event_hashes)", name="hashes"),
    )
