"""The view through which the inverted index can be used, and expressions moved onto it.

The operator `@@` is not leakproof: under row-level security PostgreSQL evaluates it only after
the policy, row by row, and never by an index. So searches read a view of the table that belongs
to the schema's owner, whom the policies do not bind, and that names the tenant of the session
itself. The app's role may select from it, and nothing else.
"""

from typing import Any

from sqlalchemy import Column, FromClause, MetaData, Table, Uuid
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.visitors import replacement_traverse

from app.audit.models import AuditEvent
from app.kernel.tenant_wall import TENANT_VIEW

VIEW = "audit_events_searchable"
# What nobody filters by, and no list shows, stays behind the policies.
HIDDEN = frozenset({"leaf_hash", "salt", "commitments"})

EVENTS: Table = AuditEvent.metadata.tables[AuditEvent.__tablename__]

# Not among the app's own tables: migrations compare those with the database.
SEARCHABLE = Table(
    VIEW,
    MetaData(),
    # Its type is that of another table's key, which may not be known yet.
    Column("tenant_id", Uuid),
    *(
        Column(column.name, column.type)
        for column in EVENTS.columns
        if column.name not in HIDDEN | {"tenant_id"}
    ),
    info={TENANT_VIEW: True},
)


def onto(expression: ColumnElement[Any], source: FromClause) -> ColumnElement[Any]:
    """Return an expression over the columns of the log as one over those of a view or subquery."""

    def move(element: Any, **_: object) -> Any:  # noqa: ANN401  whatever an expression consists of
        if isinstance(element, Column) and element.table is EVENTS:
            return source.c[element.name]
        return None

    return replacement_traverse(expression, {}, move)  # type: ignore[no-any-return]  # untyped there
