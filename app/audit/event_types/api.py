"""The API's doors for event types."""

from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from app.audit.contract.body import Kind, read_body, read_value
from app.audit.event_types.queries import RegisteredType, RegisteredVersion, get_type, list_types
from app.audit.event_types.service import register_event_type
from app.kernel.actor import Actor
from app.kernel.problems import FieldProblem, InvalidInput, UnsupportedMediaType
from app.kernel.routing import ApiDoors
from app.kernel.times import iso
from app.vocabulary.permissions import Permission

api = ApiDoors("event_type_api", __name__)

_MEMBERS = {"action", "schema"}


@api.get("/event-types", requires=Permission.EVENT_TYPE_READ)
def index(actor: Actor) -> ResponseReturnValue:
    """Answer with every event type that the tenant's events are held to."""
    del actor  # the session knows whose types
    return jsonify(event_types=[_spell_type(found) for found in list_types()])


@api.get("/event-types/<string:action>", requires=Permission.EVENT_TYPE_READ)
def show(actor: Actor, action: str) -> ResponseReturnValue:
    """Answer with one event type and the schemas of all its versions."""
    del actor
    found = get_type(action)
    versions = [_spell_version(one, with_schema=True) for one in found.versions.values()]
    return jsonify({**_spell_type(found), "versions": versions})


@api.post("/event-types", requires=Permission.EVENT_TYPE_CREATE)
def create(actor: Actor) -> ResponseReturnValue:
    """Register the next version of a type."""
    body = read_body(request)
    if body.kind is not Kind.JSON:
        raise UnsupportedMediaType("Send one event type as application/json.")
    action, schema = _read(read_value(body.text))
    kind = register_event_type(actor, action=action, schema=schema)
    registered = get_type(action).versions[kind.version]
    answer = _spell_version(registered, with_schema=False)
    return jsonify({"action": action, **answer}), 201


def _read(value: object) -> tuple[str, object]:
    if not isinstance(value, dict):
        raise InvalidInput("Send an object with action and schema.")
    errors = [
        *(FieldProblem(f"/{name}", "This field is missing.") for name in _MEMBERS - value.keys()),
        *(
            FieldProblem(f"/{str(name)[:60]}", "There is no such field.")
            for name in value.keys() - _MEMBERS
        ),
    ]
    action = value.get("action")
    if not isinstance(action, str):
        errors.append(FieldProblem("/action", "This must be text."))
    if errors or not isinstance(action, str):
        raise InvalidInput("This is no event type; `errors` names each field.", errors=errors)
    return action, value["schema"]


def _spell_type(found: RegisteredType) -> dict[str, Any]:
    return {
        "action": found.action,
        "defined_by": found.origin.value,
        "default_version": found.default,
        "versions": [_spell_version(one, with_schema=False) for one in found.versions.values()],
    }


def _spell_version(one: RegisteredVersion, *, with_schema: bool) -> dict[str, Any]:
    kind = one.kind
    answer: dict[str, Any] = {
        "version": kind.version,
        "major": kind.major,
        "title": kind.title,
        "owner": kind.owner,
        "retention": kind.retention,
        "sha256": kind.fingerprint,
        "deprecation": one.deprecation,
        "registered_at": iso(one.created_at) if one.created_at else None,
    }
    return {**answer, "schema": kind.schema} if with_schema else answer
