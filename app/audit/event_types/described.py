"""The descriptions of the doors for event types, made from the dialect itself."""

from app.audit.contract.body import JSON_TYPE
from app.audit.contract.described import CONTENT_ENCODING, Document, answer, problems, ref
from app.audit.contract.schema import EVENT_SCHEMA
from app.audit.event_types.dialect import DIALECT, FIELDS, MAX_MAJOR, MAX_SAMPLES
from app.audit.event_types.event_type import RETENTION_CLASSES, Origin
from app.audit.event_types.starting import starting_schema

_ACTION = "invoice.approved"
_SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def list_event_types() -> Document:
    """Return the description of `GET /api/v1/event-types`."""
    listed = {
        "type": "object",
        "required": ["event_types"],
        "properties": {"event_types": {"type": "array", "items": ref("EventType")}},
    }
    return {
        "operationId": "listEventTypes",
        "summary": "List the types that events are held to",
        "responses": {
            "200": answer(
                "Every type of Ballast and of the tenant, by action.",
                listed,
                {"types": {"event_types": [_type_example()]}},
            ),
            **problems("401", "403", "429", "503"),
        },
    }


def show_event_type() -> Document:
    """Return the description of `GET /api/v1/event-types/{action}`."""
    example = _type_example()
    example["versions"][0]["schema"] = starting_schema()
    return {
        "operationId": "getEventType",
        "summary": "Read one type with the schemas of its versions",
        "parameters": [
            {
                "name": "action",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "maxLength": 120},
            }
        ],
        "responses": {
            "200": answer("The type.", ref("EventType"), {"type": example}),
            **problems("401", "403", "404", "429", "503"),
        },
    }


def create_event_type() -> Document:
    """Return the description of `POST /api/v1/event-types`."""
    example = {"action": _ACTION, "schema": starting_schema()}
    return {
        "operationId": "createEventType",
        "summary": "Register the next version of a type",
        "description": "A version never changes. One of the same `x-major` has to take whatever"
        " the version before it took; `errors` names what it would refuse.",
        "parameters": [CONTENT_ENCODING],
        "requestBody": {
            "required": True,
            "content": {
                JSON_TYPE: {
                    "schema": ref("NewEventType"),
                    "examples": {"first": {"value": example}},
                }
            },
        },
        "responses": {
            "201": answer(
                "The version is registered.",
                ref("NewVersion"),
                {"version": {"action": _ACTION, **_version_example()}},
            ),
            **problems("400", "401", "403", "409", "413", "415", "422", "429", "503"),
        },
    }


def event_type_schemas() -> Document:
    """Return the schemas that the doors' descriptions refer to."""
    action = EVENT_SCHEMA["properties"]["action"]
    return {
        "EventType": {
            "type": "object",
            "required": ["action", "defined_by", "default_version", "versions"],
            "properties": {
                "action": {"type": "string"},
                "defined_by": {"enum": [origin.value for origin in Origin]},
                "default_version": {
                    "type": "integer",
                    "description": "The version of events that name none.",
                },
                "versions": {"type": "array", "items": ref("EventTypeVersion")},
            },
        },
        "EventTypeVersion": _VERSION,
        "NewEventType": {
            "type": "object",
            "required": ["action", "schema"],
            "additionalProperties": False,
            "properties": {"action": action, "schema": ref("EventTypeSchema")},
        },
        "NewVersion": {
            "allOf": [ref("EventTypeVersion")],
            "required": ["action"],
            "properties": {"action": {"type": "string"}},
        },
        "EventTypeSchema": _SCHEMA,
    }


def _type_example() -> Document:
    return {
        "action": _ACTION,
        "defined_by": Origin.TENANT.value,
        "default_version": 1,
        "versions": [_version_example()],
    }


def _version_example() -> Document:
    return {
        "version": 1,
        "major": 1,
        "title": "Invoice approved",
        "owner": "billing",
        "retention": "standard",
        "sha256": _SHA,
        "deprecation": None,
        "registered_at": "2026-03-14T09:26:53Z",
    }


_VERSION: Document = {
    "type": "object",
    "required": list(_version_example()),
    "properties": {
        "version": {"type": "integer", "minimum": 1},
        "major": {"type": "integer", "minimum": 1},
        "title": {"type": "string"},
        "owner": {"type": "string"},
        "retention": {"enum": list(RETENTION_CLASSES)},
        "sha256": {"type": "string"},
        "deprecation": {"type": ["string", "null"]},
        "registered_at": {
            "type": ["string", "null"],
            "format": "date-time",
            "description": "Null for the types of Ballast itself.",
        },
        "schema": ref("EventTypeSchema"),
    },
}

_SCHEMA: Document = {
    "description": "JSON Schema 2020-12 in a plain dialect: type, enum, const, properties,"
    " required, additionalProperties, propertyNames, items, the limits of lengths and numbers,"
    " and pattern beside a maxLength. Marks on fields: x-pii, x-facet.",
    "type": "object",
    "required": ["title", "x-owner", "type", "examples"],
    "properties": {
        "$schema": {"const": DIALECT},
        "title": {"type": "string", "minLength": 1},
        "x-owner": {"type": "string", "minLength": 1},
        "x-retention": {"enum": list(RETENTION_CLASSES)},
        "x-major": {"type": "integer", "minimum": 1, "maximum": MAX_MAJOR},
        "type": {"const": "object"},
        "properties": {"type": "object", "propertyNames": {"enum": sorted(FIELDS)}},
        "required": {"type": "array", "items": {"enum": sorted(FIELDS)}},
        "examples": {
            "type": "array",
            "minItems": 1,
            "maxItems": MAX_SAMPLES,
            "items": ref("Event"),
        },
    },
}
