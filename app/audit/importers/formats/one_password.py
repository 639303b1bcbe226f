"""1Password events: audit events, sign-in attempts and item usages.

The fields are those of 1Password's reference, "Events API", versions 1 and 2.
"""

from app.audit.importers.actions import action_of
from app.audit.importers.fields import Raw, first_words, party, text, words
from app.audit.importers.fingerprint import id_of_name, id_of_record
from app.audit.importers.format import Format, share
from app.audit.importers.rules import (
    address_rule,
    chosen,
    metadata_rules,
    moment_rule,
    text_rule,
)

_SIGN_IN, _USAGE, _AUDIT = "sign-in attempt", "item usage", "audit event"
_OWN = {
    _SIGN_IN: ("target_user", "category", "type", "client"),
    _USAGE: ("item_uuid", "vault_uuid", "user", "used_version"),
    _AUDIT: ("actor_uuid", "object_type", "object_uuid", "action"),
}
_FIRST = 2
_NAMED = (
    "object_type",
    "object_uuid",
    "object_details",
    "aux_uuid",
    "aux_details",
    "item_uuid",
    "vault_uuid",
)


def _kind(record: Raw) -> str | None:
    """Return what a record is, by the two fields that only such records have."""
    for kind, names in _OWN.items():
        if all(name in record for name in names[:_FIRST]):
            return kind
    return None


def _recognise(record: Raw) -> float:
    kind = _kind(record)
    if kind is None or "timestamp" not in record:
        return 0.0
    return share("uuid" in record, *(name in record for name in _OWN[kind]))


def _parts(record: Raw) -> tuple[Raw]:
    return ({**record, "kind": _kind(record)},)


def _id(record: Raw) -> str:
    name, kind = words(record.get("uuid")), record["kind"]
    return id_of_name("one_password", kind, name) if name else id_of_record("one_password", record)


def _actor_type(record: Raw) -> str:
    kind = first_words(record, ("actor_type", "target_user.type", "user.type"))
    return "service" if kind and "service" in kind.lower() else "person"


def _action(record: Raw) -> str:
    kind = record["kind"]
    if kind == _SIGN_IN:
        return "one_password.sign_in.attempted"
    if kind == _USAGE:
        return action_of("one_password", "item", text(record, "action") or "used")
    what, done = text(record, "object_type") or "thing", text(record, "action") or "changed"
    return action_of("one_password", what, done)


def _outcome(record: Raw) -> str:
    category = words(record.get("category"))
    if record["kind"] != _SIGN_IN or category == "success":
        return "success"
    return "denied" if category and "firewall" in category else "failure"


def _targets(record: Raw) -> list[dict[str, str]]:
    ids = {"item": "item_uuid", "vault": "vault_uuid"}
    if record["kind"] == _AUDIT:
        details = first_words(record, ("object_details.name", "object_details.email"))
        kind = f"one_password_{text(record, 'object_type') or 'thing'}"
        own = [party(kind, words(record.get("object_uuid")), details)]
        beside = first_words(record, ("aux_details.name", "aux_details.email"))
        own.append(party("one_password_aux", words(record.get("aux_uuid")), beside))
        return [one for one in own if one]
    found = (party(kind, words(record.get(name)), None) for kind, name in ids.items())
    return [one for one in found if one]


def _country(record: Raw) -> str | None:
    return first_words(record, ("location.country", "country"))


ONE_PASSWORD = Format(
    name="one_password",
    title="1Password events",
    origin="Answers of the Events API: `auditevents`, `signinattempts`, `itemusages`"
    ' (`{"items": […]}`), or one of their items a line.',
    recognise=_recognise,
    parts=_parts,
    refuses=("an item without `timestamp`",),
    rules=(
        chosen(
            "id",
            ["uuid"],
            "made of the kind of item and its `uuid`",
            _id,
        ),
        moment_rule("timestamp"),
        chosen(
            "actor.type",
            ["actor_type", "target_user.type", "user.type"],
            "a service account is a service, else a person",
            _actor_type,
        ),
        text_rule("actor.id", "actor_uuid", "target_user.uuid", "user.uuid"),
        text_rule(
            "actor.name",
            "actor_details.name",
            "target_user.name",
            "user.name",
            "actor_details.email",
            "target_user.email",
            "user.email",
        ),
        chosen(
            "action",
            ["object_type", "action"],
            "`one_password.<object>.<action>`, `one_password.sign_in.attempted`,"
            " `one_password.item.<action>`",
            _action,
        ),
        chosen(
            "outcome",
            ["category"],
            "of a sign-in attempt: `success`, denied by a firewall rule, else a failure",
            _outcome,
        ),
        text_rule("reason", "type", how="of a sign-in attempt: its exact result"),
        chosen(
            "targets",
            _NAMED,
            "the object and what it was joined with; of an item usage the item and its vault",
            _targets,
        ),
        address_rule("session.ip", "client.ip_address"),
        text_rule("source.session", "session.uuid", "session_uuid"),
        chosen("metadata.country", ["location.country", "country"], "as it is", _country),
        text_rule("metadata.email", "actor_details.email", "target_user.email", "user.email"),
        *metadata_rules(
            category="category",
            city="location.city",
            app="client.app_name",
            app_version="client.app_version",
            platform="client.platform_name",
            os="client.os_name",
            used_version="used_version",
            aux_info="aux_info",
            account="account_uuid",
        ),
    ),
)
