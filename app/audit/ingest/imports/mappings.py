"""Saved mappings of a tenant."""

from sqlalchemy import select

from app.audit.importers.mapping.mapping import Mapping
from app.audit.ingest.imports.models import ImportMapping
from app.kernel.database import current_session


def find_mapping(name: str) -> Mapping | None:
    """Return the mapping that the tenant saved under a name, or None."""
    kept = current_session().scalar(select(ImportMapping).where(ImportMapping.name == name))
    return Mapping.from_json(kept.mapping) if kept else None


def list_mappings() -> list[ImportMapping]:
    """Return the tenant's saved mappings in the order of their names; 100 at most."""
    statement = select(ImportMapping).order_by(ImportMapping.name).limit(100)
    return list(current_session().scalars(statement))
