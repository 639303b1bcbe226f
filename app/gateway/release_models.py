"""Which version of a prompt a tenant uses, as a fact that the database itself guards."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base
from app.kernel.tenant_wall import TenantScoped


class ReleaseStatus(StrEnum):
    """Where a release is; stored, so never renamed."""

    PROPOSED = "proposed"
    RELEASED = "released"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ReleaseKind(StrEnum):
    """A promotion brings a version into force, a rollback one that was in force before."""

    PROMOTION = "promotion"
    ROLLBACK = "rollback"


class PromptRelease(TenantScoped, Base):
    """A version that was proposed for a tenant, and what was decided; the newest released is used.

    A promotion names a run, and the foreign key finds it only where it is the tenant's own, of this
    version and tuple, and passed. A rollback names the release that comes back (`restores`); with
    neither it goes back to what Ballast ships, and `version` is None.
    """

    __tablename__ = "prompt_releases"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    version: Mapped[int | None]
    prompt_hash: Mapped[str | None]
    tuple_hash: Mapped[str | None]
    run_id: Mapped[UUID | None]
    run_status: Mapped[str | None]
    restores: Mapped[UUID | None]
    restores_status: Mapped[str | None]
    status: Mapped[str]
    reason: Mapped[str]
    proposed_by: Mapped[str]
    proposed_by_name: Mapped[str]
    proposed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    decided_by: Mapped[str | None]
    decided_by_name: Mapped[str | None]
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decision_reason: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint(
            "tenant_id", "id", "name", "version", "status", name="uq_prompt_releases_restored"
        ),
        ForeignKeyConstraint(
            ["tenant_id", "run_id", "name", "version", "tuple_hash", "run_status"],
            [
                "eval_runs.tenant_id",
                "eval_runs.id",
                "eval_runs.prompt_name",
                "eval_runs.prompt_version",
                "eval_runs.tuple_hash",
                "eval_runs.status",
            ],
            name="fk_prompt_releases_evidence",
        ),
        ForeignKeyConstraint(
            ["tenant_id", "restores", "name", "version", "restores_status"],
            [
                "prompt_releases.tenant_id",
                "prompt_releases.id",
                "prompt_releases.name",
                "prompt_releases.version",
                "prompt_releases.status",
            ],
            name="fk_prompt_releases_restored",
        ),
        CheckConstraint("kind IN ('promotion', 'rollback')", name="kind"),
        CheckConstraint(
            "status IN ('proposed', 'released', 'refused', 'withdrawn')", name="status"
        ),
        CheckConstraint(
            "kind <> 'promotion' OR (version IS NOT NULL AND prompt_hash IS NOT NULL"
            " AND tuple_hash IS NOT NULL AND run_id IS NOT NULL AND run_status IS NOT NULL"
            " AND run_status = 'passed' AND restores IS NULL)",
            name="promotion_has_evidence",
        ),
        CheckConstraint(
            "kind <> 'rollback' OR (run_id IS NULL AND (version IS NULL) = (restores IS NULL)"
            " AND (version IS NULL) = (prompt_hash IS NULL)"
            " AND (restores IS NULL) = (restores_status IS NULL)"
            " AND coalesce(restores_status, 'released') = 'released')",
            name="rollback_restores",
        ),
        CheckConstraint(
            "status NOT IN ('released', 'refused') OR (decided_by IS NOT NULL"
            " AND decided_at IS NOT NULL"
            " AND (kind = 'rollback' OR decided_by <> proposed_by))",
            name="decided_by_another",
        ),
        Index(
            "ix_prompt_releases_open",
            "tenant_id",
            "name",
            unique=True,
            postgresql_where=text("status = 'proposed'"),
        ),
        Index("ix_prompt_releases_decided", "tenant_id", "name", text("decided_at DESC")),
    )
