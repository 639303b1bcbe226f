"""The description of the doors out of the log."""

import copy

from app.audit.contract.described import Document, answer, problems, ref
from app.audit.contract.schema import EVENT_SCHEMA
from app.audit.reading.asked import MOST_EVENTS, NEWEST, OLDEST, SOME_EVENTS
from app.kernel.query_language.query import MAX_CHARACTERS

_EXAMPLE_QUERY = "action:invoice outcome:denied created:7d"


def list_events() -> Document:
    """Return the description of `GET /api/v1/events`."""
    return {
        "operationId": "listEvents",
        "summary": "Search the log",
        "description": "The same query language as on the page of the log. Go on with `next` until"
        " it is null: a page may hold fewer events than asked for, even none, where matches are"
        " rare. Each search is an event of its own; its further pages are part of it.",
        "parameters": [
            _parameter(
                "q",
                "What is searched for; without it, everything.",
                {"type": "string", "maxLength": MAX_CHARACTERS},
                _EXAMPLE_QUERY,
            ),
            _parameter("order", "What comes first.", {"enum": [NEWEST, OLDEST], "default": NEWEST}),
            _parameter(
                "size",
                "Events a page.",
                {"type": "integer", "minimum": 1, "maximum": MOST_EVENTS, "default": SOME_EVENTS},
            ),
            _parameter("cursor", "The `next` of the page before.", {"type": "string"}),
        ],
        "responses": {
            "200": answer(
                "Some of the events that match.",
                ref("EventPage"),
                {"page": {"query": _EXAMPLE_QUERY, "events": [_example()], "next": None}},
            ),
            **problems("401", "403", "422", "429", "503"),
            "414": {
                "description": "The address takes more than 8,000 bytes. The web server says so"
                " before anything else looks at it, and not as problem details.",
                "content": {"text/html": {"schema": {"type": "string"}}},
            },
        },
    }


def show_event() -> Document:
    """Return the description of `GET /api/v1/events/{event_id}`."""
    identity = {
        "name": "event_id",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "format": "uuid"},
    }
    return {
        "operationId": "getEvent",
        "summary": "Read one event",
        "description": "That it was read is an event of its own.",
        "parameters": [identity],
        "responses": {
            "200": answer("The event.", ref("StoredEvent"), {"event": _example()}),
            **problems("401", "403", "404", "429", "503"),
        },
    }


def stored_event_schemas() -> Document:
    """Return the schemas that the doors' descriptions refer to."""
    event = copy.deepcopy(EVENT_SCHEMA)
    properties = event["properties"] | _KNOWN
    # What is stored was held to these when it came in; later ones may be wider, and an event of
    # no registered type has no version.
    properties["event_type_version"] = {"type": "integer", "minimum": 0}
    for name in ("id", "occurred_at"):
        properties[name] = {key: properties[name][key] for key in ("type", "format")}
    return {
        "StoredEvent": {
            "description": "An event in the shape of its contract, with what Ballast knows of it.",
            "type": "object",
            "required": [
                *("id", "occurred_at", "actor", "action", "event_type_version", "outcome"),
                *("targets", "source", "changes", "metadata", "received_at", "leaf", "retention"),
            ],
            "properties": properties,
        },
        "EventPage": {
            "type": "object",
            "required": ["query", "events", "next"],
            "properties": {
                "query": {"type": "string", "description": "The query in its canonical form."},
                "events": {
                    "type": "array",
                    "maxItems": MOST_EVENTS,
                    "items": ref("StoredEvent"),
                },
                "next": {
                    "type": ["string", "null"],
                    "description": "The cursor of the page behind this one; null at the end.",
                },
            },
        },
    }


def _example() -> Document:
    sent: Document = copy.deepcopy(EVENT_SCHEMA["examples"][0])
    known = {
        "event_type_version": 1,
        "received_at": "2026-03-14T09:26:54.102345Z",
        "received_from": "0193a1b0-2222-7c11-9d2f-3f6f0a1b2c3d",
        "leaf": 184_022,
        "retention": "standard",
    }
    return sent | known


def _parameter(
    name: str, description: str, schema: Document, example: str | None = None
) -> Document:
    described = {"name": name, "in": "query", "description": description, "schema": schema}
    return described | ({"example": example} if example else {})


_KNOWN: Document = {
    "received_at": {"type": "string", "format": "date-time"},
    "received_from": {
        "type": "string",
        "description": "The API key or the importer that delivered it; absent for an act in"
        " Ballast itself.",
    },
    "leaf": {
        "type": "integer",
        "minimum": 0,
        "description": "Where it stands in the order that the proof of the log seals.",
    },
    "retention": {"type": "string", "description": "The class that says how long it is kept."},
}
