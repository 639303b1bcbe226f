"""The audit log's table."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, func
from sqlalchemy.dialects.postgresql import INET, JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base
from app.kernel.tenant_wall import TenantScoped


class AuditEvent(TenantScoped, Base):
    """One thing that happened in a tenant. Written once; the app's role cannot change it.

    Filterable columns are text with a CHECK, not SQL enums: enum comparison is not leakproof,
    and under row-level security PostgreSQL keeps such filters away from the indexes.
    """

    __tablename__ = "audit_events"
    append_only: ClassVar[bool] = True

    id: Mapped[UUID] = mapped_column(primary_key=True)
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    received_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )
    actor_type: Mapped[str]
    actor_id: Mapped[str]
    actor_name: Mapped[str]
    action: Mapped[str]
    outcome: Mapped[str]
    target_type: Mapped[str | None]
    target_id: Mapped[str | None]
    target_name: Mapped[str | None]
    # Every target, the first of which the columns above repeat for filters and the list.
    targets: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    source_ip: Mapped[str | None] = mapped_column(INET)
    user_agent: Mapped[str | None]
    session: Mapped[str | None]
    request_id: Mapped[str | None]
    reason: Mapped[str | None]
    changes: Mapped[dict[str, dict[str, str | None]]] = mapped_column(JSONB)
    # "metadata" is SQLAlchemy's own attribute, hence the other name in Python.
    extra: Mapped[dict[str, Any]] = mapped_column("metadata", JSONB)
    event_type_version: Mapped[int]
    # The id of the API key, or the name of the importer, that delivered the event; None for what
    # a command of the app wrote about itself.
    received_from: Mapped[str | None]
    release: Mapped[str]
    search: Mapped[str] = mapped_column(TSVECTOR, deferred=True)

    __table_args__ = (
        CheckConstraint("outcome IN ('success', 'failure', 'denied')", name="outcome"),
        CheckConstraint(
            "actor_type IN ('person', 'api_key', 'system', 'anonymous', 'service')",
            name="actor_type",
        ),
        Index("ix_audit_events_time", "tenant_id", occurred_at.desc(), id.desc()),
        Index("ix_audit_events_actor", "tenant_id", "actor_id", occurred_at.desc(), id.desc()),
        Index("ix_audit_events_actor_name", "tenant_id", "actor_name", occurred_at.desc()),
        Index("ix_audit_events_action", "tenant_id", "action", occurred_at.desc(), id.desc()),
        Index("ix_audit_events_target", "tenant_id", "target_id", occurred_at.desc(), id.desc()),
        Index("ix_audit_events_outcome", "tenant_id", "outcome", occurred_at.desc(), id.desc()),
        Index("ix_audit_events_search", "search", postgresql_using="gin"),
    )
