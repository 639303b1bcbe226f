"""Okta System Log.

The fields are those of Okta's reference, "System Log API: LogEvent object". Some collectors write
the names in lower case.
"""

from typing import Any

from app.audit.importers.actions import action_of
from app.audit.importers.fields import Raw, at, first_words, objects, party, words
from app.audit.importers.fingerprint import id_of_name, id_of_record
from app.audit.importers.format import Format, share
from app.audit.importers.rules import (
    address_rule,
    chosen,
    metadata_rules,
    moment_rule,
    text_rule,
)

_TYPE = ("eventType", "eventtype")
_OUTCOMES = {"SUCCESS": "success", "ALLOW": "success", "FAILURE": "failure", "DENY": "denied"}
_TARGETS = 20


def _recognise(record: Raw) -> float:
    kind = first_words(record, _TYPE) or ""
    if "." not in kind or not isinstance(record.get("actor"), dict | None):
        return 0.0
    return share(
        "published" in record,
        at(record, "actor.alternateId") is not None,
        "severity" in record,
        isinstance(record.get("outcome"), dict) or isinstance(record.get("client"), dict),
        "displayMessage" in record or "displaymessage" in record or "version" in record,
    )


def _id(record: Raw) -> str:
    name = words(record.get("uuid"))
    return id_of_name("okta", name) if name else id_of_record("okta", record)


def _actor_type(record: Raw) -> str:
    kind = words(at(record, "actor.type")) or ""
    if kind == "User":
        return "person"
    return "system" if kind.startswith("System") else "service"


def _action(record: Raw) -> str:
    return action_of("okta", first_words(record, _TYPE) or "")


def _outcome(record: Raw) -> str | None:
    return _OUTCOMES.get(words(at(record, "outcome.result")) or "")


def _targets(record: Raw) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for target in objects(record, "target"):
        name = first_words(target, ("displayName", "alternateId"))
        known = party(words(target.get("type")) or "thing", words(target.get("id")), name)
        if known is not None:
            found.append(known)
    return found[:_TARGETS]


def _changes(record: Raw) -> dict[str, Any]:
    """Return the differences that some events list for their targets, field by field."""
    changes: dict[str, Any] = {}
    for target in objects(record, "target"):
        details = at(target, "changeDetails")
        before, after = at(details, "from"), at(details, "to")
        if not isinstance(before, dict | None) or not isinstance(after, dict | None):
            continue
        for name in {**(before or {}), **(after or {})}:
            old, new = words((before or {}).get(name)), words((after or {}).get(name))
            if old != new:
                changes[name[:128]] = {"before": _cut(old), "after": _cut(new)}
    return dict(list(changes.items())[:50])


def _cut(value: str | None) -> str | None:
    return None if value is None else value[:2_000]


OKTA = Format(
    name="okta",
    title="Okta System Log",
    origin="Answers of `GET /api/v1/logs` (a JSON list), log streams (the record in `detail`), or"
    " one record a line.",
    wrapper="detail",
    recognise=_recognise,
    refuses=("a record without `published`",),
    rules=(
        chosen("id", ["uuid"], "as it is; where there is none, made of the whole record", _id),
        moment_rule("published"),
        chosen(
            "actor.type",
            ["actor.type"],
            "`User` is a person, `SystemPrincipal` the system, anything else a service",
            _actor_type,
        ),
        text_rule("actor.id", "actor.id", "actor.alternateId"),
        text_rule("actor.name", "actor.displayName", "actor.alternateId"),
        chosen("action", _TYPE, "`user.session.start` → `okta.user.session.start`", _action),
        chosen(
            "outcome",
            ["outcome.result"],
            "`SUCCESS` and `ALLOW`, `FAILURE`, `DENY`; anything else counts as success",
            _outcome,
        ),
        text_rule("reason", "outcome.reason"),
        chosen("targets", ["target"], "each with its type, id and display name", _targets),
        chosen("changes", ["target"], "`changeDetails`, field by field", _changes),
        address_rule("client.ipAddress"),
        text_rule("source.user_agent", "client.userAgent.rawUserAgent"),
        text_rule(
            "source.session",
            "authenticationContext.externalSessionId",
            "authenticationcontext.externalSessionId",
        ),
        text_rule(
            "source.request_id",
            "debugContext.debugData.requestId",
            "debugcontext.debugData.requestId",
        ),
        text_rule("metadata.display_message", "displayMessage", "displaymessage"),
        text_rule("metadata.legacy_event_type", "legacyEventType", "legacyeventtype"),
        *metadata_rules(
            severity="severity",
            actor_login="actor.alternateId",
            device="client.device",
            city="client.geographicalContext.city",
            country="client.geographicalContext.country",
            transaction="transaction.id",
        ),
        text_rule("metadata.url", "debugContext.debugData.url", "debugcontext.debugData.url"),
        text_rule(
            "metadata.privilege_granted",
            "debugContext.debugData.privilegeGranted",
            "debugcontext.debugData.privilegeGranted",
        ),
        text_rule(
            "metadata.threat_suspected",
            "debugContext.debugData.threatSuspected",
            "debugcontext.debugData.threatSuspected",
        ),
        text_rule("metadata.provider", "securityContext.asOrg", "securitycontext.asOrg"),
        text_rule("metadata.is_proxy", "securityContext.isProxy", "securitycontext.isProxy"),
    ),
)
