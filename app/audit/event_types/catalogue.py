"""The event types of a tenant while events of it are read: the app's own, and the tenant's."""

import functools
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.audit.contract.compiled import compile_pattern
from app.audit.contract.pointers import pointer
from app.audit.contract.schema import EVENT_SCHEMA
from app.audit.contract.types import TypeContract
from app.audit.event_types.event_type import EventType, Origin, make_contract
from app.audit.event_types.models import EventTypeVersion
from app.audit.event_types.own import own_contract, own_types
from app.audit.event_types.versions import VersionFacts, default_version
from app.kernel.database import current_session, scope_of
from app.kernel.problems import FieldProblem
from app.kernel.tenant_wall import tenant_in_scope

# Compiled types are kept by tenant, action and version, which never change their meaning.
MAX_COMPILED = 1_000

_FORM = compile_pattern(EVENT_SCHEMA["properties"]["action"]["pattern"])
_MAX_ACTION: int = EVENT_SCHEMA["properties"]["action"]["maxLength"]

# Made once: every batch of events begins with it.
_VERSIONS = text(
    "SELECT v.action, v.version, v.major, d.note FROM event_type_versions v"
    " LEFT JOIN event_type_deprecations d USING (tenant_id, action, version)"
    " WHERE v.tenant_id = :tenant AND v.action = ANY (CAST(:actions AS varchar[]))"
    " ORDER BY v.action, v.version"
)

VersionsByAction = dict[str, dict[int, VersionFacts]]


class Catalogue:
    """Finds the contract of an event; see `app.audit.contract.types.TypeBook`."""

    def __init__(self, versions: VersionsByAction, *, registered_only: bool) -> None:
        self._versions = versions
        self._registered_only = registered_only

    def find(self, event: Mapping[str, Any]) -> TypeContract | FieldProblem | None:
        """Return the contract of the version that the event names, or of the default one."""
        action: str = event["action"]
        versions = self._versions.get(action)
        if versions is None:
            return _unregistered(action) if self._registered_only else None
        number: int = event.get("event_type_version") or default_version(versions.values())
        facts = versions.get(number)
        if facts is None:
            known = ", ".join(map(str, versions))
            detail = f"{action} has no version {number}; there is {known}."
            return FieldProblem(pointer(["event_type_version"]), detail)
        if action in own_types():
            return own_contract(action, number)
        return _tenants_contract(scope_of(current_session()).tenant_id, action, number)

    def deprecation_of(self, action: str, version: int) -> str | None:
        """Return what to use instead of a version, if it is deprecated."""
        facts = self._versions.get(action, {}).get(version)
        return facts.deprecation if facts else None


def open_catalogue(values: Iterable[object], *, registered_only: bool) -> Catalogue:
    """Return what is known of the types of some values that may be events.

    One short statement, and none when all are the app's own. `registered_only` refuses events
    of types that nobody registered.
    """
    actions = {action for value in values if (action := _action_of(value)) is not None}
    own = own_types()
    versions: VersionsByAction = {
        action: {number: VersionFacts(number, kind.major) for number, kind in own[action].items()}
        for action in actions & own.keys()
    }
    versions |= _tenants_versions(actions - own.keys())
    return Catalogue(versions, registered_only=registered_only)


def _action_of(value: object) -> str | None:
    """Return the action of what may be an event, if it is one that could be registered."""
    action = value.get("action") if isinstance(value, dict) else None
    if isinstance(action, str) and len(action) <= _MAX_ACTION and _FORM.search(action):
        return action
    return None


def _tenants_versions(actions: set[str]) -> VersionsByAction:
    if not actions:
        return {}
    asked = {"tenant": tenant_in_scope(), "actions": list(actions)}
    found: VersionsByAction = {}
    for action, version, major, note in current_session().execute(_VERSIONS, asked):
        found.setdefault(action, {})[version] = VersionFacts(version, major, note)
    return found


@functools.lru_cache(maxsize=MAX_COMPILED)
def _tenants_contract(tenant_id: UUID, action: str, version: int) -> TypeContract:
    row = current_session().get_one(EventTypeVersion, (tenant_id, action, version))
    return make_contract(EventType(action, version, row.schema, Origin.TENANT))


def _unregistered(action: str) -> FieldProblem:
    return FieldProblem(
        "/action",
        f"No event type is registered for {action}, and only events of registered types are"
        " taken here. Register it, and what was refused can be replayed.",
    )
