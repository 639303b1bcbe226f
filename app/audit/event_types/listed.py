"""Event types as rows that a list page can filter and turn over: the app's and the tenant's.

The app's own types are files and the tenant's are rows, so this is a mapped query: the facts of
the files as constants, united with the newest version of each of the tenant's types.
"""

from typing import cast

from sqlalchemy import (
    Integer,
    Select,
    String,
    Subquery,
    Table,
    and_,
    case,
    column,
    exists,
    literal,
    select,
    union_all,
)
from sqlalchemy import values as rows_of
from sqlalchemy.orm import Mapped

from app.audit.event_types.event_type import Origin
from app.audit.event_types.models import EventTypeDeprecation, EventTypeVersion
from app.audit.event_types.own import newest_own, own_types
from app.kernel.database import Base

IN_FORCE, DEPRECATED = "in force", "deprecated"


def _own() -> Select[str, str, str, int, str, str, str]:
    facts = [newest_own(action) for action in own_types()]
    rows = rows_of(
        column("action", String),
        column("title", String),
        column("owner", String),
        column("version", Integer),
        column("retention", String),
        name="own_types",
    ).data([(one.action, one.title, one.owner, one.version, one.retention) for one in facts])
    return select(
        *rows.c, literal(Origin.BALLAST.value).label("origin"), literal(IN_FORCE).label("status")
    )


def _newest() -> Select[str, str, str, int, str, str, str]:
    """Return the newest version of each of the tenant's types; row-level security says whose."""
    kind = cast("Table", EventTypeVersion.__table__)
    note = cast("Table", EventTypeDeprecation.__table__)
    newer = kind.alias("newer")
    has_newer = exists().where(
        newer.c.tenant_id == kind.c.tenant_id,
        newer.c.action == kind.c.action,
        newer.c.version > kind.c.version,
    )
    ends = and_(
        note.c.tenant_id == kind.c.tenant_id,
        note.c.action == kind.c.action,
        note.c.version == kind.c.version,
    )
    return (
        select(
            kind.c.action,
            kind.c.title,
            kind.c.owner,
            kind.c.version,
            kind.c.retention,
            literal(Origin.TENANT.value).label("origin"),
            case((note.c.action.is_(None), IN_FORCE), else_=DEPRECATED).label("status"),
        )
        .select_from(kind.outerjoin(note, ends))
        .where(~has_newer)
    )


def _all() -> Subquery:
    return union_all(_own(), _newest()).subquery("listed_event_types")


class ListedEventType(Base):
    """One event type of the app or of the tenant in scope, in its newest version."""

    __table__ = _all()
    __mapper_args__ = {"primary_key": [__table__.c.action]}  # noqa: RUF012  as SQLAlchemy reads it

    action: Mapped[str]
    title: Mapped[str]
    owner: Mapped[str]
    version: Mapped[int]
    retention: Mapped[str]
    origin: Mapped[str]
    status: Mapped[str]
