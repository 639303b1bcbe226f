"""The description of the door for events, made from the contract of events."""

import copy

from app.audit.contract.body import JSON_TYPE, LINES_TYPES, MAX_BYTES
from app.audit.contract.described import (
    ALLOWANCE,
    CONTENT_ENCODING,
    Document,
    answer,
    problems,
    ref,
)
from app.audit.contract.schema import EVENT_SCHEMA
from app.audit.ingest.batch import MAX_EVENTS
from app.audit.ingest.receive import MAX_KEY_LENGTH, Status


def create_events() -> Document:
    """Return the description of `POST /api/v1/events`."""
    return {
        "operationId": "createEvents",
        "summary": "Send one event or a batch",
        "description": f"At most {MAX_EVENTS:,} events and {MAX_BYTES // 1024**2} MB, unpacked."
        " What is acknowledged is stored. In a batch each event is judged by itself: one that"
        " does not fit keeps none of the others out, and waits in quarantine to be replayed. An"
        " event whose id the tenant's log already holds is a duplicate: nothing is stored, and"
        " that is no error. An event of a registered type is held to its schema.",
        "parameters": [_IDEMPOTENCY_KEY, CONTENT_ENCODING],
        "requestBody": {"required": True, "content": _request_content()},
        "responses": {
            "200": answer(
                "A batch, all of it stored or known already; or a single event that was known.",
                {"anyOf": [ref("BatchReceipt"), ref("Receipt")]},
                {
                    "batch": _batch_example(rejected=False),
                    "duplicate": _receipt_example("duplicate"),
                },
                ALLOWANCE,
            ),
            "201": answer(
                "The single event is stored.",
                ref("Receipt"),
                {"stored": _receipt_example("stored")},
                ALLOWANCE,
            ),
            "207": answer(
                "A batch of which some events were rejected; the others are stored.",
                ref("BatchReceipt"),
                {"batch": _batch_example(rejected=True)},
                ALLOWANCE,
            ),
            **problems("400", "401", "403", "413", "415", "422", "429", "503"),
        },
    }


def event_schemas() -> Document:
    """Return the schemas that the door's description refers to."""
    event = copy.deepcopy(EVENT_SCHEMA)
    # The document already says which dialect it is in.
    del event["$schema"], event["$id"]
    return {"Event": event, "Receipt": _RECEIPT, "BatchReceipt": _BATCH_RECEIPT}


def _request_content() -> Document:
    event = EVENT_SCHEMA["examples"][0]
    other = {key: event[key] for key in ("occurred_at", "actor", "action")}
    lines = {
        "schema": {
            "type": "string",
            "description": "One Event a line, as JSON; empty lines are skipped.",
        }
    }
    return {
        JSON_TYPE: {
            "schema": {
                "oneOf": [
                    ref("Event"),
                    {"type": "array", "maxItems": MAX_EVENTS, "items": ref("Event")},
                ]
            },
            "examples": {"one": {"value": event}, "batch": {"value": [event, other]}},
        },
        **dict.fromkeys(LINES_TYPES, lines),
    }


def _receipt_example(status: str) -> Document:
    return {"id": EVENT_SCHEMA["examples"][0]["id"], "status": status}


def _batch_example(*, rejected: bool) -> Document:
    results = [{"index": 0, **_receipt_example("stored")}]
    if rejected:
        errors = [{"pointer": "/actor/id", "detail": "This field is missing."}]
        kept = "0193a1c3-77aa-7c11-8d2f-3f6f0a1b2c3d"
        results.append({"index": 1, "status": "rejected", "errors": errors, "quarantine": kept})
    return {"results": results, "stored": 1, "duplicates": 0, "rejected": int(rejected)}


_RECEIPT: Document = {
    "type": "object",
    "required": ["status"],
    "properties": {
        "id": {"type": "string", "format": "uuid", "description": "Absent when rejected."},
        "status": {"enum": [status.value for status in Status]},
        "event_type_version": {
            "type": "integer",
            "minimum": 1,
            "description": "The version that the event was held to; absent for an event of no"
            " registered type.",
        },
        "deprecation": {
            "type": "string",
            "description": "What to use instead of that version, which is deprecated.",
        },
        "errors": {
            "type": "array",
            "items": ref("FieldProblem"),
            "description": "When rejected: what is wrong, with pointers into the event.",
        },
        "quarantine": {
            "type": ["string", "null"],
            "format": "uuid",
            "description": "When rejected: the item that waits to be replayed; null when the"
            " quarantine is full and the event is not kept.",
        },
    },
}

_BATCH_RECEIPT: Document = {
    "type": "object",
    "required": ["results", "stored", "duplicates", "rejected"],
    "properties": {
        "results": {
            "type": "array",
            "description": "One for each event, in the order sent.",
            "items": {
                "allOf": [ref("Receipt")],
                "required": ["index"],
                "properties": {"index": {"type": "integer", "minimum": 0}},
            },
        },
        "stored": {"type": "integer", "minimum": 0},
        "duplicates": {"type": "integer", "minimum": 0},
        "rejected": {"type": "integer", "minimum": 0},
    },
}

_IDEMPOTENCY_KEY: Document = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "For events without ids: the same key again, within the tenant, is the same"
    " event again, or for a batch the same event at each place.",
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY_LENGTH},
}
