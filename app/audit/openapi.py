"""The description of the API for programs: OpenAPI 3.1, made from the event's contract."""

import copy
import functools
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue

from app.audit.contract.schema import EVENT_SCHEMA
from app.audit.ingest.batch import MAX_EVENTS
from app.audit.ingest.body import JSON_TYPE, LINES_TYPES, MAX_BYTES
from app.audit.ingest.receive import MAX_KEY_LENGTH, Status
from app.audit.release import current_release
from app.kernel.routing import PublicPages
from app.vocabulary.permissions import Permission

documents = PublicPages("documents", __name__)

CACHED_S = 300

Document = dict[str, Any]


@documents.get("/api/v1/openapi.json", reason="Describes the API; holds nothing of any tenant.")
def openapi() -> ResponseReturnValue:
    response = jsonify(openapi_document())
    response.headers["Cache-Control"] = f"public, max-age={CACHED_S}"
    return response


@functools.cache
def openapi_document() -> Document:
    """Return the OpenAPI 3.1 document of the API."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Ballast",
            "version": current_release(),
            "description": "Writes events into the audit log of the tenant that the API key names.",
        },
        "jsonSchemaDialect": EVENT_SCHEMA["$schema"],
        "servers": [{"url": "/"}],
        "security": [{"api_key": []}],
        "paths": {"/api/v1/events": {"post": _create_events()}},
        "components": {
            "schemas": {
                "Event": _event(),
                "Receipt": _RECEIPT,
                "BatchReceipt": _BATCH_RECEIPT,
                "Problem": _PROBLEM,
                "FieldProblem": _FIELD_PROBLEM,
            },
            "responses": {name: _problem_response(text) for name, text in _PROBLEMS.items()},
            "securitySchemes": {
                "api_key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key of the tenant, created on its page API keys,"
                    f" with the scope `{Permission.AUDIT_EVENT_CREATE}`.",
                }
            },
        },
    }


def _create_events() -> Document:
    return {
        "operationId": "createEvents",
        "summary": "Send one event or a batch",
        "description": f"At most {MAX_EVENTS:,} events and {MAX_BYTES // 1024**2} MB, unpacked."
        " What is acknowledged is stored. In a batch each event is judged by itself: one that"
        " does not fit keeps none of the others out. An event whose id the tenant's log already"
        " holds is a duplicate: nothing is stored, and that is no error.",
        "parameters": [_IDEMPOTENCY_KEY, _CONTENT_ENCODING],
        "requestBody": {"required": True, "content": _request_content()},
        "responses": {
            "200": _answer(
                "A batch, all of it stored or known already; or a single event that was known.",
                {"anyOf": [_ref("BatchReceipt"), _ref("Receipt")]},
                {
                    "batch": _batch_example(rejected=False),
                    "duplicate": _receipt_example("duplicate"),
                },
            ),
            "201": _answer(
                "The single event is stored.",
                _ref("Receipt"),
                {"stored": _receipt_example("stored")},
            ),
            "207": _answer(
                "A batch of which some events were rejected; the others are stored.",
                _ref("BatchReceipt"),
                {"batch": _batch_example(rejected=True)},
            ),
            **{status: {"$ref": f"#/components/responses/{status}"} for status in _PROBLEMS},
        },
    }


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
                    _ref("Event"),
                    {"type": "array", "maxItems": MAX_EVENTS, "items": _ref("Event")},
                ]
            },
            "examples": {"one": {"value": event}, "batch": {"value": [event, other]}},
        },
        **dict.fromkeys(LINES_TYPES, lines),
    }


def _event() -> Document:
    """Return the contract as a component; the document already says which dialect it is in."""
    schema = copy.deepcopy(EVENT_SCHEMA)
    del schema["$schema"], schema["$id"]
    return schema


def _answer(text: str, schema: Document, examples: Document) -> Document:
    named = {name: {"value": value} for name, value in examples.items()}
    return {"description": text, "content": {JSON_TYPE: {"schema": schema, "examples": named}}}


def _problem_response(text: str) -> Document:
    return {
        "description": text,
        "content": {"application/problem+json": {"schema": _ref("Problem")}},
    }


def _ref(name: str) -> Document:
    return {"$ref": f"#/components/schemas/{name}"}


def _receipt_example(status: str) -> Document:
    return {"id": EVENT_SCHEMA["examples"][0]["id"], "status": status}


def _batch_example(*, rejected: bool) -> Document:
    results = [{"index": 0, **_receipt_example("stored")}]
    if rejected:
        errors = [{"pointer": "/actor/id", "detail": "This field is missing."}]
        results.append({"index": 1, "status": "rejected", "errors": errors})
    return {"results": results, "stored": 1, "duplicates": 0, "rejected": int(rejected)}


_RECEIPT: Document = {
    "type": "object",
    "required": ["status"],
    "properties": {
        "id": {"type": "string", "format": "uuid", "description": "Absent when rejected."},
        "status": {"enum": [status.value for status in Status]},
        "errors": {
            "type": "array",
            "items": {"$ref": "#/components/schemas/FieldProblem"},
            "description": "When rejected: what is wrong, with pointers into the event.",
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
                "allOf": [{"$ref": "#/components/schemas/Receipt"}],
                "required": ["index"],
                "properties": {"index": {"type": "integer", "minimum": 0}},
            },
        },
        "stored": {"type": "integer", "minimum": 0},
        "duplicates": {"type": "integer", "minimum": 0},
        "rejected": {"type": "integer", "minimum": 0},
    },
}

_FIELD_PROBLEM: Document = {
    "type": "object",
    "required": ["pointer", "detail"],
    "properties": {
        "pointer": {"type": "string", "format": "json-pointer"},
        "detail": {"type": "string"},
    },
}

_PROBLEM: Document = {
    "description": "Problem details as in RFC 9457.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened, and what to do."},
        "trace_id": {"type": ["string", "null"], "description": "Names the request in our log."},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldProblem"}},
    },
}

_PROBLEMS = {
    "400": "The body cannot be read: empty, no UTF-8, no gzip, or no JSON.",
    "401": "No valid API key.",
    "403": "The API key lacks the scope.",
    "413": "The body is too large, or holds too many events.",
    "415": "The body is of a kind, or packed in a way, that is not read here.",
    "422": "The single event does not fit its contract; `errors` says where.",
    "429": "The API key's allowance is spent; the header Retry-After says when to come back.",
    "503": "The database does not answer; nothing was stored.",
}

_IDEMPOTENCY_KEY: Document = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "For a single event without an id: the same key again, within the tenant, is"
    " the same event again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY_LENGTH},
}

_CONTENT_ENCODING: Document = {
    "name": "Content-Encoding",
    "in": "header",
    "description": "How the body is packed, if it is.",
    "schema": {"enum": ["gzip", "identity"]},
}
