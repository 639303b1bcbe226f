"""Saved mappings of a tenant: made from what somebody corrected once, used for the next file."""

from sqlalchemy import func, select

from app.audit.importers.mapping.mapping import Mapping
from app.audit.ingest.imports.models import ImportMapping
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import Done, Target, command
from app.kernel.database import current_session
from app.kernel.problems import NotFound, Refused
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

MAX_MAPPINGS = 100


class TooManyMappings(Refused):
    """As many mappings are saved as a tenant may have."""


def find_mapping(name: str) -> Mapping | None:
    """Return the mapping that the tenant saved under a name, or None."""
    kept = current_session().scalar(select(ImportMapping).where(ImportMapping.name == name))
    return Mapping.from_json(kept.mapping) if kept else None


def list_mappings() -> list[ImportMapping]:
    """Return the tenant's saved mappings in the order of their names."""
    statement = select(ImportMapping).order_by(ImportMapping.name).limit(MAX_MAPPINGS)
    return list(current_session().scalars(statement))


@command(requires=Permission.AUDIT_EVENT_IMPORT, audit=AuditTag.IMPORT_MAPPING_SAVED)
def save_mapping(actor: Actor, name: str, mapping: Mapping) -> Done[None]:
    """Save a mapping under a name; one of that name is replaced. Raises `TooManyMappings`."""
    session = current_session()
    known = session.get(ImportMapping, (actor.tenant, name))
    count = session.scalar(select(func.count()).select_from(ImportMapping)) or 0
    if known is None and count >= MAX_MAPPINGS:
        raise TooManyMappings(f"{MAX_MAPPINGS} mappings are saved already; delete one first.")
    session.merge(
        ImportMapping(
            tenant_id=actor.tenant,
            name=name,
            mapping=mapping.as_json(),
            saved_at=clock.now(),
            saved_by=actor.name,
        )
    )
    return Done(
        None,
        targets=(Target("import_mapping", name, name),),
        metadata={"fields": len(mapping.fields), "replaced": known is not None},
    )


@command(requires=Permission.AUDIT_EVENT_IMPORT, audit=AuditTag.IMPORT_MAPPING_DELETED)
def delete_mapping(actor: Actor, name: str) -> Done[None]:
    """Delete a saved mapping; imports that used it keep their own copy. Raises `NotFound`."""
    session = current_session()
    found = session.get(ImportMapping, (actor.tenant, name))
    if found is None:
        raise NotFound
    session.delete(found)
    return Done(None, targets=(Target("import_mapping", name, name),))
