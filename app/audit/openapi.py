"""The description of the API for programs: OpenAPI 3.1, made from the contracts themselves."""

import functools
from collections.abc import Callable, Mapping

from flask import jsonify
from flask.typing import ResponseReturnValue

from app.audit.contract.described import FIELD_PROBLEM, PROBLEM, Document, problem_responses
from app.audit.contract.schema import EVENT_SCHEMA
from app.audit.event_types.described import (
    create_event_type,
    event_type_schemas,
    list_event_types,
    show_event_type,
)
from app.audit.ingest.described import create_events, event_schemas
from app.audit.reading.described import list_events, show_event, stored_event_schemas
from app.audit.release import current_release
from app.kernel.routing import PublicPages
from app.vocabulary.permissions import Permission

documents = PublicPages("documents", __name__)

CACHED_S = 300

# Every door of the API: its address, its method, and who describes it. A test holds this to the
# routes that there are.
DOORS: Mapping[str, Mapping[str, Callable[[], Document]]] = {
    "/api/v1/events": {"get": list_events, "post": create_events},
    "/api/v1/events/{event_id}": {"get": show_event},
    "/api/v1/event-types": {"get": list_event_types, "post": create_event_type},
    "/api/v1/event-types/{action}": {"get": show_event_type},
}
_SCOPES = (
    Permission.AUDIT_EVENT_CREATE,
    Permission.AUDIT_EVENT_READ,
    Permission.EVENT_TYPE_CREATE,
    Permission.EVENT_TYPE_READ,
)


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
            "description": "Writes events into the audit log of the tenant that the API key names,"
            " reads them, and keeps the types that they are held to.",
        },
        "jsonSchemaDialect": EVENT_SCHEMA["$schema"],
        "servers": [{"url": "/"}],
        "security": [{"api_key": []}],
        "paths": {
            address: {method: describe() for method, describe in methods.items()}
            for address, methods in DOORS.items()
        },
        "components": {
            "schemas": {
                **event_schemas(),
                **stored_event_schemas(),
                **event_type_schemas(),
                "Problem": PROBLEM,
                "FieldProblem": FIELD_PROBLEM,
            },
            "responses": problem_responses(),
            "securitySchemes": {
                "api_key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key of the tenant, created on its page API keys, with"
                    f" the scope that the door needs: {', '.join(_SCOPES)}.",
                }
            },
        },
    }
