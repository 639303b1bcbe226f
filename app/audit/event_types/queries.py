"""Reading event types: the app's own and the tenant's, through one door."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.audit.event_types.event_type import EventType, Origin
from app.audit.event_types.models import EventTypeDeprecation, EventTypeVersion
from app.audit.event_types.own import own_types
from app.audit.event_types.versions import VersionFacts, default_version
from app.kernel.database import current_session
from app.kernel.problems import NotFound


@dataclass(frozen=True, slots=True)
class RegisteredVersion:
    """A version with what is known of it; the app's own have no time and nobody's name."""

    kind: EventType
    created_at: datetime | None = None
    created_by: str | None = None
    deprecation: str | None = None
    deprecated_at: datetime | None = None

    @property
    def facts(self) -> VersionFacts:
        return VersionFacts(self.kind.version, self.kind.major, self.deprecation)


@dataclass(frozen=True, slots=True)
class RegisteredType:
    """A type with all its versions, by number, oldest first."""

    action: str
    origin: Origin
    versions: Mapping[int, RegisteredVersion]

    @property
    def default(self) -> int:
        """Which version events are held to that name none."""
        return default_version(one.facts for one in self.versions.values())

    @property
    def newest(self) -> RegisteredVersion:
        return self.versions[max(self.versions)]


def find_type(action: str) -> RegisteredType | None:
    """Return a type of the app or of the tenant in scope, or None."""
    own = own_types().get(action)
    if own is not None:
        versions = {number: RegisteredVersion(kind) for number, kind in own.items()}
        return RegisteredType(action, Origin.BALLAST, versions)
    return _tenants([action]).get(action)


def get_type(action: str) -> RegisteredType:
    """Return a type of the app or of the tenant in scope; raises `NotFound`."""
    found = find_type(action)
    if found is None:
        raise NotFound
    return found


def list_types() -> list[RegisteredType]:
    """Return every type of the app and of the tenant in scope, by action; some hundred at most."""
    own = [found for action in own_types() if (found := find_type(action))]
    return sorted([*own, *_tenants(None).values()], key=lambda one: one.action)


def _tenants(actions: list[str] | None) -> dict[str, RegisteredType]:
    kinds = select(EventTypeVersion).order_by(EventTypeVersion.action, EventTypeVersion.version)
    notes = select(EventTypeDeprecation)
    if actions is not None:
        kinds = kinds.where(EventTypeVersion.action.in_(actions))
        notes = notes.where(EventTypeDeprecation.action.in_(actions))
    session = current_session()
    deprecations = {(one.action, one.version): one for one in session.scalars(notes)}
    found: dict[str, dict[int, RegisteredVersion]] = {}
    for row in session.scalars(kinds):
        note = deprecations.get((row.action, row.version))
        found.setdefault(row.action, {})[row.version] = RegisteredVersion(
            EventType(row.action, row.version, row.schema, Origin.TENANT),
            row.created_at,
            row.created_by,
            note.note if note else None,
            note.deprecated_at if note else None,
        )
    return {
        action: RegisteredType(action, Origin.TENANT, versions)
        for action, versions in found.items()
    }
