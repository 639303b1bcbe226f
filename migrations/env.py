"""Alembic's entry: migrations run on a connection that `app.boot.schema` hands over."""

from alembic import context

from app.boot import models
from app.kernel.database import Base

# Importing this module is what fills Base.metadata with every table.
TABLES = models.ALL

# These tables are procrastinate's own; its schema comes whole in the first migration.
FOREIGN_PREFIX = "procrastinate_"


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Leave out what is not ours when models and tables are compared."""
    return not (kind == "table" and name is not None and name.startswith(FOREIGN_PREFIX))


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    include_name=include_name,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
