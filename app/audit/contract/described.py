"""The parts that descriptions of the API's doors are made of (OpenAPI 3.1)."""

from collections.abc import Mapping
from typing import Any

from app.audit.contract.body import JSON_TYPE

Document = dict[str, Any]

PROBLEMS: Mapping[str, str] = {
    "400": "The body cannot be read: empty, no UTF-8, no gzip, or no JSON.",
    "401": "No valid API key.",
    "403": "The API key lacks the scope.",
    "404": "There is nothing here.",
    "409": "A rule of the product forbids it, whoever asks.",
    "413": "The body is too large, or holds too many events.",
    "415": "The body is of a kind, or packed in a way, that is not read here.",
    "422": "What was sent does not fit its contract; `errors` says where.",
    "429": "The API key's allowance is spent; the header Retry-After says when to come back.",
    "503": "Too much arrives at this moment, or the database does not answer; nothing was stored."
    " The header Retry-After, where it is, says when to come back.",
}


def ref(name: str) -> Document:
    """Return the reference to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def answer(
    text: str, schema: Document, examples: Mapping[str, object], headers: Document | None = None
) -> Document:
    """Return the description of an answer, with named examples."""
    named = {name: {"value": value} for name, value in examples.items()}
    described: Document = {
        "description": text,
        "content": {JSON_TYPE: {"schema": schema, "examples": named}},
    }
    return described | ({"headers": headers} if headers else {})


def problems(*statuses: str) -> Document:
    """Return the answers that say what went wrong, by status."""
    return {status: {"$ref": f"#/components/responses/{status}"} for status in statuses}


def problem_responses() -> Document:
    """Return every answer that says what went wrong, as components of the document."""
    return {
        status: {
            "description": text,
            "content": {"application/problem+json": {"schema": ref("Problem")}},
        }
        | ({"headers": RETRY} if status in ("429", "503") else {})
        for status, text in PROBLEMS.items()
    }


RETRY: Document = {
    "Retry-After": {
        "description": "Seconds after which the same request may succeed.",
        "schema": {"type": "integer", "minimum": 0},
    }
}

ALLOWANCE: Document = {
    name: {"description": text, "schema": {"type": "integer", "minimum": 0}}
    for name, text in {
        "RateLimit-Limit": "Events that the key may send in the window that is nearest its end.",
        "RateLimit-Remaining": "Events that are left of it.",
        "RateLimit-Reset": "Seconds until it begins anew.",
    }.items()
}

CONTENT_ENCODING: Document = {
    "name": "Content-Encoding",
    "in": "header",
    "description": "How the body is packed, if it is.",
    "schema": {"enum": ["gzip", "identity"]},
}

FIELD_PROBLEM: Document = {
    "type": "object",
    "required": ["detail"],
    "properties": {
        "pointer": {"type": "string", "format": "json-pointer", "description": "Into the body."},
        "parameter": {"type": "string", "description": "A parameter of the address."},
        "position": {
            "type": "integer",
            "minimum": 0,
            "description": "Where in the parameter, in characters from 0.",
        },
        "detail": {"type": "string"},
    },
}

PROBLEM: Document = {
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
