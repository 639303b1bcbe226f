"""Summaries and their claims."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base
from app.kernel.tenant_wall import TenantScoped
from app.summaries.claims.contract import MAX_QUESTION
from app.summaries.claims.verdicts import Verdict
from app.summaries.states import RejectReason, Status


def _one_of(values: type[Status] | type[RejectReason] | type[Verdict]) -> str:
    return ", ".join(f"'{value.value}'" for value in values)


class Summary(TenantScoped, Base):
    """A summary of one slice of the log, from the request to the signature.

    `query` and the window are fixed when it is asked for, so that the slice stays the same
    whenever it is read. The database itself keeps an approved summary from being changed, and
    lets nobody sign their own request (see the migrations that make the table).

    `watermark` is how many events the log had when the draft was made, `sealed` how many of them
    were sealed. `repair` says how the repair round ended, where there was one. `previous_id` is
    the rejected or withdrawn summary that this is a new version of. A seeded one tests reviewers.
    `review_s` are the seconds from the reservation to the decision of whoever had reserved it.
    """

    __tablename__ = "summaries"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    title: Mapped[str]
    query: Mapped[str]
    question: Mapped[str | None]
    window_start: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    window_end: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    status: Mapped[str]
    requested_by: Mapped[str]
    requested_by_name: Mapped[str]
    requested_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(default=1)
    previous_id: Mapped[UUID | None]
    is_seeded: Mapped[bool] = mapped_column(default=False)

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
    watermark: Mapped[int | None] = mapped_column(BigInteger)
    sealed: Mapped[int | None] = mapped_column(BigInteger)
    repair: Mapped[str | None]
    failure_code: Mapped[str | None]
    failure_detail: Mapped[str | None]

    reserved_by: Mapped[str | None]
    reserved_by_name: Mapped[str | None]
    reserved_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reserved_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    decided_by: Mapped[str | None]
    decided_by_name: Mapped[str | None]
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decision_reason_code: Mapped[str | None]
    decision_note: Mapped[str | None]
    approved_hash: Mapped[str | None]
    review_s: Mapped[int | None]
    withdrawn_by: Mapped[str | None]
    withdrawn_by_name: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawal_reason: Mapped[str | None]
    outcome_seen_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

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
        CheckConstraint(
            "(status = 'withdrawn') = (withdrawn_at IS NOT NULL) AND (withdrawn_at IS NULL) ="
            " (withdrawn_by IS NULL) AND (withdrawn_at IS NULL) = (withdrawal_reason IS NULL)",
            name="withdrawn_has_reason",
        ),
        CheckConstraint(
            "(reserved_by IS NULL) = (reserved_until IS NULL)"
            " AND (reserved_by IS NULL) = (reserved_at IS NULL)",
            name="reservation",
        ),
        CheckConstraint(
            "NOT is_seeded AND status NOT IN ('caught', 'missed')"
            " OR is_seeded AND status IN ('in_review', 'caught', 'missed')",
            name="seeded_is_never_approved",
        ),
        CheckConstraint(f"length(question) <= {MAX_QUESTION}", name="question"),
        CheckConstraint("version > 0 AND (version = 1) = (previous_id IS NULL)", name="version"),
        ForeignKeyConstraint(["tenant_id", "previous_id"], ["summaries.tenant_id", "summaries.id"]),
        UniqueConstraint("tenant_id", "previous_id", name="summaries_previous"),
        Index("ix_summaries_requested", "tenant_id", text("requested_at DESC"), text("id DESC")),
        Index("ix_summaries_status", "tenant_id", "status"),
    )


class SummaryClaim(TenantScoped, Base):
    """One claim of a summary: its fields, what it rests on, and what checking it found.

    `fields` holds real ids beside the `names` that the sentence shows. `event_hashes` are those
    of the cited rows in the order of `event_ids`, empty for an event that is not in the slice.
    `original_fields` is what the model said before the first edit, with its sentence;
    `before_repair` is what it said at first, with its verdict. `checked_at` is when the log was
    last asked. A removed
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
    before_repair: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    checked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "summary_id"], ["summaries.tenant_id", "summaries.id"]),
        CheckConstraint("kind IN ('activity', 'absence', 'policy')", name="kind"),
        CheckConstraint(f"verdict IN ({_one_of(Verdict)})", name="verdict"),
        CheckConstraint("cardinality(event_ids) = cardinality(event_hashes)", name="hashes"),
    )


class ReviewSettings(TenantScoped, Base):
    """Whether test drafts are put into the tenant's queue, and for one in how many drafts."""

    __tablename__ = "review_settings"

    plants_tests: Mapped[bool]
    one_in: Mapped[int]

    __table_args__ = (CheckConstraint("one_in BETWEEN 1 AND 100", name="one_in"),)


class ReviewerNotice(TenantScoped, Base):
    """When a reviewer was last told by mail that drafts wait."""

    __tablename__ = "reviewer_notices"

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    notified_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
