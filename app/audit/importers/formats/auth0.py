"""Auth0 tenant logs.

The fields are those of Auth0's reference, "Log event" of the Management API.
"""

from typing import Any

from app.audit.importers.actions import action_of
from app.audit.importers.fields import Raw, at, first_words, fit_id, party, text, words
from app.audit.importers.fingerprint import id_of_name, id_of_record
from app.audit.importers.format import Format, share
from app.audit.importers.formats.auth0_types import meaning_of
from app.audit.importers.rules import (
    address_rule,
    chosen,
    metadata_rules,
    moment_rule,
    text_rule,
)

_CALLER = "details.request.auth.user"
_USER_ID = (f"{_CALLER}.user_id", "user_id", "user_name", f"{_CALLER}.email")
_USER_NAME = ("user_name", f"{_CALLER}.name", f"{_CALLER}.email", "user_id")
_CLIENT = ("client_name", "client_id")


def _recognise(record: Raw) -> float:
    if text(record, "type") is None or text(record, "date") is None:
        return 0.0
    return share(
        "log_id" in record or "_id" in record,
        "client_id" in record or "client_name" in record,
        "description" in record or "details" in record,
        "user_id" in record or "user_name" in record or "connection" in record,
    )


def _id(record: Raw) -> str:
    name = first_words(record, ("log_id", "_id"))
    return id_of_name("auth0", name) if name else id_of_record("auth0", record)


def _actor_type(record: Raw) -> str | None:
    if first_words(record, _USER_ID):
        return "person"
    return "service" if first_words(record, _CLIENT) else None


def _actor_id(record: Raw) -> str | None:
    found = first_words(record, (*_USER_ID, "client_id", "client_name"))
    return fit_id(found) if found else None


def _actor_name(record: Raw) -> str | None:
    return (first_words(record, (*_USER_NAME, *_CLIENT)) or "")[:256] or None


def _action(record: Raw) -> str:
    return action_of("auth0", meaning_of(text(record, "type") or "")[0])


def _outcome(record: Raw) -> str:
    return meaning_of(text(record, "type") or "")[1]


def _targets(record: Raw) -> list[dict[str, str]]:
    called = words(at(record, "details.request.path"))
    found = [
        party("auth0_endpoint", called, None),
        party("auth0_connection", words(record.get("connection_id")), text(record, "connection")),
        party("auth0_application", words(record.get("client_id")), text(record, "client_name")),
    ]
    return [one for one in found if one]


def _request(record: Raw) -> Any:  # noqa: ANN401  JSON is whatever the sender made it
    return at(record, "details.request.body")


AUTH0 = Format(
    name="auth0",
    title="Auth0 logs",
    origin="Answers of `GET /api/v2/logs` (a JSON list), log streams (the record in `data`), or"
    " one record a line.",
    wrapper="data",
    recognise=_recognise,
    refuses=("a record without `date`",),
    rules=(
        chosen("id", ["log_id", "_id"], "made of it; else of the whole record", _id),
        moment_rule("date"),
        chosen(
            "actor.type",
            [*_USER_ID, *_CLIENT],
            "a person where a user is named, else the application as a service",
            _actor_type,
        ),
        chosen("actor.id", [*_USER_ID, "client_id", "client_name"], "the first of them", _actor_id),
        chosen("actor.name", [*_USER_NAME, *_CLIENT], "the first of them", _actor_name),
        chosen("action", ["type"], "in words: `s` → `auth0.sign_in`", _action),
        chosen("outcome", ["type"], "what the type says: `fp` is a failed sign-in", _outcome),
        text_rule("reason", "description"),
        chosen(
            "targets",
            ["details.request.path", "connection_id", "connection", "client_id", "client_name"],
            "the endpoint that was called, the connection, the application",
            _targets,
        ),
        address_rule("ip", "details.request.ip"),
        text_rule("source.user_agent", "user_agent", "details.request.userAgent"),
        text_rule("source.session", "session_id", "details.session_id"),
        *metadata_rules(
            type="type",
            hostname="hostname",
            strategy="strategy",
            audience="audience",
            scope="scope",
            user_email="details.request.auth.user.email",
            method="details.request.method",
            status="details.response.statusCode",
            error="details.error",
            country="location_info.country_code",
        ),
        chosen("metadata.request", ["details.request.body"], "what was asked for", _request),
    ),
)
