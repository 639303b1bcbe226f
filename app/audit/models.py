"""The tables of the audit log: its events, and where its numbering stands."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Index,
    LargeBinary,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import INET, JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base
from app.kernel.tenant_wall import TenantScoped


class AuditHead(TenantScoped, Base):
    """How many events a tenant's log has ever taken in; its row is what ingestion locks.

    `size` is the number that the next event gets. Numbers have no gaps and are never given
    again, also not when events are deleted after their time.
    """

    __tablename__ = "audit_heads"

    size: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))


class AuditEvent(TenantScoped, Base):
    """One thing that happened in a tenant. Written once; the app's role cannot change it.

    Filterable columns are text with a CHECK, not SQL enums: enum comparison is not leakproof,
    and under row-level security PostgreSQL keeps such filters away from the indexes.

    What each index is for:

    - the primary key: idempotency, and reading one event by its id;
    - `time`: every list, in either direction, and whatever is bounded by time;
    - `search`: every filter and every word of the query language (see `search.lexemes`);
    - `actor`, `target`: exact ids, in the checks of summaries, the history of an object, and
      the erasure of a person;
    - `leaf`: reading the log in the order of its proof.
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
    # Where the event stands in the order that the proof seals: 0 is the tenant's first.
    leaf: Mapped[int] = mapped_column(BigInteger)
    leaf_hash: Mapped[bytes] = mapped_column(LargeBinary)
    # What hides personal values in the leaf; None once one of them was erased.
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    commitments: Mapped[dict[str, dict[str, str]] | None] = mapped_column(JSONB)
    erased_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    retention: Mapped[str] = mapped_column(server_default="standard")
    search: Mapped[str] = mapped_column(TSVECTOR, deferred=True)

    __table_args__ = (
        UniqueConstraint("tenant_id", "leaf"),
        CheckConstraint("outcome IN ('success', 'failure', 'denied')", name="outcome"),
        CheckConstraint(
            "actor_type IN ('person', 'api_key', 'system', 'anonymous', 'service')",
            name="actor_type",
        ),
        Index("ix_audit_events_time", "tenant_id", occurred_at.desc(), id.desc()),
        Index("ix_audit_events_actor", "tenant_id", "actor_id", occurred_at.desc(), id.desc()),
        Index("ix_audit_events_target", "tenant_id", "target_id", occurred_at.desc(), id.desc()),
        Index(
            "ix_audit_events_search",
            "search",
            postgresql_using="gin",
            # New entries wait in a list that each search reads through: short enough not to be
            # felt there, and long enough that a batch of events is sorted in at once.
            postgresql_with={"fastupdate": "on", "gin_pending_list_limit": "512"},
        ),
    )
