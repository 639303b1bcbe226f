"""Registering versions of a tenant's event types, and announcing their end."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from app.audit.contract.compiled import compile_pattern
from app.audit.contract.content import find_unfit_content
from app.audit.contract.schema import EVENT_SCHEMA
from app.audit.contract.unseen import visible_json
from app.audit.event_types.comparing import Difference, list_breaks
from app.audit.event_types.dialect import list_schema_problems
from app.audit.event_types.errors import (
    AlreadyDeprecated,
    BreaksCompatibility,
    NotATypeSchema,
    TooManyTypes,
    TypeIsOurs,
)
from app.audit.event_types.event_type import EventType, Origin
from app.audit.event_types.models import EventTypeDeprecation, EventTypeVersion
from app.audit.event_types.own import own_types
from app.audit.event_types.queries import RegisteredType, find_type, get_type
from app.audit.event_types.samples import list_sample_problems
from app.audit.tenant_lock import lock_in_tenant
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import Done, Target, command
from app.kernel.database import current_session
from app.kernel.problems import FieldProblem, InvalidInput, NotFound
from app.kernel.untrusted_text import is_storable
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

MAX_SCHEMA_BYTES = 64 * 1024
MAX_TYPES = 500
MAX_VERSIONS = 100
SHOWN = 10
NOTE_LENGTH = 300

_ACTION: Mapping[str, Any] = EVENT_SCHEMA["properties"]["action"]
_FORM = compile_pattern(_ACTION["pattern"])


@command(requires=Permission.EVENT_TYPE_CREATE, audit=AuditTag.EVENT_TYPE_REGISTERED)
def register_event_type(actor: Actor, *, action: str, schema: object) -> Done[EventType]:
    """Register the next version of a tenant's event type, or its first; it never changes again.

    `schema` is JSON in the dialect of event types. A version of the same `x-major` has to take
    whatever the version before it took; one that does not says so with the next major. Raises
    `NotATypeSchema`, `BreaksCompatibility`, `TypeIsOurs`, `TooManyTypes`, `InvalidInput`.
    """
    _demand_action(action)
    before = _lock_type(action)
    number = max(before.versions) + 1 if before else 1
    kind = EventType(action, number, _read_schema(schema), Origin.TENANT)
    _demand_samples(kind)
    if before is not None:
        _demand_next(before, kind)
    current_session().add(
        EventTypeVersion(
            action=action,
            version=number,
            major=kind.major,
            title=kind.title,
            owner=kind.owner,
            retention=kind.retention,
            schema=dict(kind.schema),
            created_at=clock.now(),
            created_by=actor.name,
        )
    )
    return Done(
        kind,
        targets=(Target("event_type", action, action),),
        metadata={"version": number, "major": kind.major, "sha256": kind.fingerprint},
    )


@command(requires=Permission.EVENT_TYPE_CREATE, audit=AuditTag.EVENT_TYPE_DEPRECATED)
def deprecate_event_type(actor: Actor, *, action: str, version: int, note: str) -> Done[None]:
    """Tell senders to leave a version; `note` says for what. Its events are still taken.

    Raises `NotFound`, `TypeIsOurs`, `AlreadyDeprecated`.
    """
    kind = get_type(action)
    if kind.origin is Origin.BALLAST:
        raise TypeIsOurs(f"{action} is an action of Ballast itself; it cannot be deprecated here.")
    if version not in kind.versions:
        raise NotFound
    if kind.versions[version].deprecation is not None:
        raise AlreadyDeprecated(f"Version {version} of {action} is deprecated already.")
    if not note.strip() or len(note) > NOTE_LENGTH or not is_storable(note):
        raise InvalidInput(f"Say what to use instead, in 1 to {NOTE_LENGTH} characters.")
    current_session().add(
        EventTypeDeprecation(
            action=action,
            version=version,
            note=note,
            deprecated_at=clock.now(),
            deprecated_by=actor.name,
        )
    )
    return Done(
        None,
        targets=(Target("event_type", action, action),),
        reason=note,
        metadata={"version": version},
    )


def _lock_type(action: str) -> RegisteredType | None:
    """Return the type as it is now; two who register at once do so one after the other."""
    session = current_session()
    lock_in_tenant(session, "event types")
    found = find_type(action)
    if found is None:
        statement = select(func.count(func.distinct(EventTypeVersion.action)))
        if (session.scalar(statement) or 0) >= MAX_TYPES:
            raise TooManyTypes(f"A tenant may have {MAX_TYPES} event types of its own.")
    elif len(found.versions) >= MAX_VERSIONS:
        raise TooManyTypes(f"A type may have {MAX_VERSIONS} versions; begin one of another name.")
    return found


def _demand_action(action: str) -> None:
    if action in own_types():
        raise TypeIsOurs(f"{action} is an action of Ballast itself; choose another name.")
    if len(action) > _ACTION["maxLength"] or not _FORM.search(action):
        detail = "This must be object.verb_past in lower case, such as invoice.approved."
        raise InvalidInput(f"The action: {detail}", errors=[FieldProblem("/action", detail)])


def _read_schema(schema: object) -> Mapping[str, Any]:
    unfit = find_unfit_content(schema)
    # Of what is nested too deeply or has too many parts, nothing else can be said.
    problems = [unfit] if unfit is not None else list_schema_problems(schema)
    if not problems and visible_json(schema) != schema:
        detail = "A schema holds only characters that its readers can see: no NUL, no controls."
        problems = [FieldProblem("", detail)]
    elif not problems and (size := len(json.dumps(schema, ensure_ascii=False).encode())) > (
        MAX_SCHEMA_BYTES
    ):
        problems = [FieldProblem("", f"A schema is {MAX_SCHEMA_BYTES:,} bytes; this has {size:,}.")]
    if problems or not isinstance(schema, dict):
        raise NotATypeSchema(
            "This is no schema of an event type; `errors` names each place with what to change.",
            errors=_under_schema(problems),
        )
    return schema


def _demand_samples(kind: EventType) -> None:
    if problems := list_sample_problems(kind):
        raise NotATypeSchema(
            "A sample does not fit the type that it stands for.", errors=_under_schema(problems)
        )


def _demand_next(before: RegisteredType, kind: EventType) -> None:
    newest = before.newest.kind.major
    if kind.major not in (newest, newest + 1):
        detail = f"The newest major is {newest}: keep it, or take {newest + 1} for a new one."
        raise InvalidInput(detail, errors=[FieldProblem("/schema/x-major", detail)])
    if kind.major != newest:
        return
    breaks = list_breaks(before.newest.kind.schema, kind.schema)
    if breaks:
        raise BreaksCompatibility(
            f"Senders of version {before.newest.kind.version} would be refused. Loosen each"
            f' place that is named, or begin a new major with "x-major": {newest + 1}.',
            errors=[_problem(one) for one in breaks[:SHOWN]],
        )


def _under_schema(problems: list[FieldProblem]) -> list[FieldProblem]:
    shown = problems[:SHOWN]
    return [FieldProblem(f"/schema{one.pointer}", one.detail) for one in shown]


def _problem(one: Difference) -> FieldProblem:
    return FieldProblem(one.pointer, one.words)
