"""Runs of the evaluation, what came of each case, and the cases that a tenant made itself."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.evals.states import RunStatus
from app.kernel.database import Base
from app.kernel.tenant_wall import TenantScoped

_STATUSES = ", ".join(f"'{status.value}'" for status in RunStatus)


class EvalRun(TenantScoped, Base):
    """A run over all cases, of one prompt with one model: all that its result depends on.

    `tuple_hash` is over every such thing. The database keeps a run that has ended from being
    changed, and lets none pass that made errors, left cases out or regressed.
    """

    __tablename__ = "eval_runs"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    prompt_name: Mapped[str]
    prompt_version: Mapped[int]
    prompt_hash: Mapped[str]
    endpoint: Mapped[str]
    model: Mapped[str]
    parameters: Mapped[dict[str, Any]] = mapped_column(JSONB)
    retriever: Mapped[str]
    snapshot: Mapped[str]
    caseset_hash: Mapped[str]
    verifier_version: Mapped[int]
    tuple_hash: Mapped[str]
    status: Mapped[str]
    asked_by: Mapped[str]
    asked_by_name: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    cases_total: Mapped[int]
    cases_done: Mapped[int]
    errors: Mapped[int]
    champion_id: Mapped[UUID | None]
    regressed: Mapped[bool]
    comparison: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    metrics: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    reasons: Mapped[list[str]] = mapped_column(JSONB)

    __table_args__ = (
        UniqueConstraint(
            "tenant_id",
            "id",
            "prompt_name",
            "prompt_version",
            "tuple_hash",
            "status",
            name="uq_eval_runs_evidence",
        ),
        ForeignKeyConstraint(["tenant_id", "champion_id"], ["eval_runs.tenant_id", "eval_runs.id"]),
        CheckConstraint(f"status IN ({_STATUSES})", name="status"),
        CheckConstraint(
            "(status IN ('waiting', 'running')) = (finished_at IS NULL)", name="finished"
        ),
        CheckConstraint(
            "status <> 'passed' OR (metrics IS NOT NULL AND NOT regressed AND cases_total > 0"
            " AND cases_done = cases_total AND errors * 100 <= cases_total"
            " AND reasons = '[]'::jsonb)",
            name="passed",
        ),
        Index("ix_eval_runs_asked", "tenant_id", text("asked_at DESC"), text("id DESC")),
    )


class EvalResult(TenantScoped, Base):
    """What came of one case of a run, with the case as it was then."""

    __tablename__ = "eval_results"

    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(primary_key=True)
    category: Mapped[str]
    split: Mapped[str]
    passes: Mapped[bool]
    asked: Mapped[dict[str, Any]] = mapped_column(JSONB)
    expected: Mapped[dict[str, Any]] = mapped_column(JSONB)
    outcome: Mapped[dict[str, Any]] = mapped_column(JSONB)

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "run_id"], ["eval_runs.tenant_id", "eval_runs.id"]),
    )


class EvalCase(TenantScoped, Base):
    """A case that a tenant made of a review: its own slice, question and expected facts.

    Run beside the shipped cases when this tenant evaluates, and seen by nobody else.
    """

    __tablename__ = "eval_cases"

    id: Mapped[str] = mapped_column(primary_key=True)
    category: Mapped[str]
    asked: Mapped[dict[str, Any]] = mapped_column(JSONB)
    expected: Mapped[dict[str, Any]] = mapped_column(JSONB)
    summary_id: Mapped[UUID]
    made_by: Mapped[str]
    made_by_name: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        UniqueConstraint("tenant_id", "summary_id", name="uq_eval_cases_summary"),
        ForeignKeyConstraint(["tenant_id", "summary_id"], ["summaries.tenant_id", "summaries.id"]),
    )
