"""Google Workspace: activities of the Admin SDK's Reports API.

The fields are those of Google's reference, "Reports API: Activities". One activity may hold
several events. Some collectors write each event by itself, with its parameters as an object.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.audit.importers.actions import action_of
from app.audit.importers.fields import Raw, at, first_words, mapping, objects, party, text, words
from app.audit.importers.fingerprint import id_of_name, id_of_record
from app.audit.importers.format import Format, share
from app.audit.importers.outcomes import outcome_of
from app.audit.importers.rules import (
    address_rule,
    chosen,
    metadata_rules,
    moment_rule,
    text_rule,
)

# How a parameter says its value, by kind.
_VALUES = ("value", "intValue", "boolValue", "multiValue", "multiIntValue", "messageValue")

_TARGETS = (
    ("document", ("doc_id",), ("doc_title",)),
    ("shared_drive", ("shared_drive_id", "team_drive_id"), ()),
    ("google_user", (), ("USER_EMAIL", "target_user", "affected_email_address")),
    ("google_group", (), ("GROUP_EMAIL", "group_email")),
    ("google_domain", (), ("DOMAIN_NAME", "target_domain")),
    ("google_role", ("ROLE_ID",), ("ROLE_NAME",)),
    ("google_app", ("client_id", "APP_ID"), ("app_name", "APPLICATION_NAME")),
    ("google_device", ("DEVICE_ID", "DEVICE_SERIAL_NUMBER"), ("DEVICE_MODEL",)),
    ("google_setting", (), ("SETTING_NAME",)),
    ("org_unit", (), ("ORG_UNIT_NAME",)),
)
_CHANGES = (
    ("OLD_VALUE", "NEW_VALUE"),
    ("old_value", "new_value"),
    ("old_visibility", "visibility"),
)
_CALLERS = {"USER": "person", "APPLICATION": "service", "KEY": "api_key"}
_IDENTITY = ("id.applicationName", "id.uniqueQualifier", "id.time", "id.customerId")


def _recognise(record: Raw) -> float:
    application = words(at(record, "id.applicationName"))
    if application is None or not ("events" in record or "name" in record or "type" in record):
        return 0.0
    return share("id" in record, "actor" in record, at(record, "id.time") is not None)


def _parts(record: Raw) -> Sequence[Raw]:
    """Return the activity once for each of its events, with the parameters as an object."""
    if not isinstance(record.get("events"), list):
        return ({**record, "parameters": _named(record.get("parameters"))},)
    shared = {name: value for name, value in record.items() if name != "events"}
    return [
        {
            **shared,
            "place": place,
            "type": event.get("type"),
            "name": event.get("name"),
            "parameters": _named(event.get("parameters")),
        }
        for place, event in enumerate(objects(record, "events"))
    ]


def _named(parameters: object) -> Raw:
    if isinstance(parameters, Mapping):
        return parameters
    named = {}
    for one in parameters if isinstance(parameters, list) else ():
        name = one.get("name") if isinstance(one, Mapping) else None
        if isinstance(name, str):
            named[name] = next((one[kind] for kind in _VALUES if kind in one), None)
    return named


def _id(record: Raw) -> str:
    names = [words(at(record, path)) for path in _IDENTITY]
    if None in names:
        return id_of_record("google", record)
    event = f"{record.get('place', 0)} {record.get('name')}"
    return id_of_name("google", *(name or "" for name in names), event)


def _actor_type(record: Raw) -> str | None:
    return _CALLERS.get(words(at(record, "actor.callerType")) or "USER", "service")


def _action(record: Raw) -> str:
    application = words(at(record, "id.applicationName")) or "workspace"
    name = text(record, "name") or text(record, "type") or "activity"
    return action_of("google", application, name)


def _outcome(record: Raw) -> str | None:
    name = (text(record, "name") or "").lower()
    found = outcome_of(name)
    is_said = name.endswith(("_failure", "_failed", "_denied", "_blocked"))
    return found if is_said else outcome_of(at(record, "parameters.event_info.success"))


def _targets(record: Raw) -> list[dict[str, str]]:
    parameters = mapping(record, "parameters")
    found = [
        party(kind, first_words(parameters, ids), first_words(parameters, names))
        for kind, ids, names in _TARGETS
    ]
    return [one for one in found if one]


def _changes(record: Raw) -> dict[str, Any]:
    parameters = mapping(record, "parameters")
    setting = first_words(parameters, ("SETTING_NAME", "USER_CUSTOM_FIELD")) or "value"
    changes = {}
    for before, after in _CHANGES:
        old, new = _flat(parameters.get(before)), _flat(parameters.get(after))
        if old is not None or (new is not None and after != "visibility"):
            name = after if after == "visibility" else setting
            changes[name[:128]] = {"before": old, "after": new}
    return changes


def _flat(value: object) -> str | None:
    if isinstance(value, list):
        return ", ".join(one for one in map(words, value) if one)[:2_000] or None
    found = words(value)
    return found[:2_000] if found else None


GOOGLE_WORKSPACE = Format(
    name="google_workspace",
    title="Google Workspace",
    origin="Answers of the Admin SDK Reports API, `activities.list`"
    ' (`{"kind": "admin#reports#activities", "items": […]}`), or one activity a line.',
    recognise=_recognise,
    parts=_parts,
    refuses=("an activity without `id.time`",),
    rules=(
        chosen(
            "id",
            [*_IDENTITY, "name"],
            "made of them and the place of the event in its activity",
            _id,
        ),
        moment_rule("id.time"),
        chosen("actor.type", ["actor.callerType"], "`USER` is a person, `KEY` a key", _actor_type),
        text_rule("actor.id", "actor.profileId", "actor.email", "actor.key"),
        text_rule("actor.name", "actor.email", "actor.key"),
        chosen(
            "action",
            ["id.applicationName", "name", "type"],
            "`drive`, `change_user_access` → `google.drive.change_user_access`; one event for each"
            " of the activity's `events`",
            _action,
        ),
        chosen(
            "outcome",
            ["name", "parameters.event_info.success"],
            "a failure for `…_failure`, denied for `…_denied` and `…_blocked`",
            _outcome,
        ),
        chosen(
            "targets",
            ["parameters"],
            "the document, user, group, domain, role, app, device or setting that the parameters"
            " name",
            _targets,
        ),
        chosen(
            "changes",
            ["parameters"],
            "`OLD_VALUE` and `NEW_VALUE` of the setting, `old_visibility` and `visibility`",
            _changes,
        ),
        address_rule("ipAddress"),
        *metadata_rules(
            application="id.applicationName",
            customer="id.customerId",
            owner_domain="ownerDomain",
            event_type="type",
            parameters="parameters",
        ),
    ),
)
