"""Slack audit logs.

The fields are those of Slack's reference, "Audit logs API".
"""

from app.audit.importers.actions import action_of
from app.audit.importers.fields import Raw, at, first_words, mapping, party, text, words
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


def _recognise(record: Raw) -> float:
    action, actor = text(record, "action"), record.get("actor")
    if action is None or not isinstance(actor, dict) or "user" not in actor:
        return 0.0
    context = mapping(record, "context")
    return share(
        isinstance(record.get("entity"), dict) or "details" in record,
        "location" in context,
        "ua" in context,
        isinstance(actor.get("user"), dict) and "type" in actor,
    )


def _id(record: Raw) -> str:
    name = words(record.get("id"))
    return id_of_name("slack", name) if name else id_of_record("slack", record)


def _actor_type(record: Raw) -> str:
    return "person" if words(at(record, "actor.type")) in (None, "user") else "service"


def _action(record: Raw) -> str:
    return action_of("slack", text(record, "action") or "")


def _outcome(record: Raw) -> str | None:
    # Slack records what was done; only failed sign-ins say so, by their name.
    found = outcome_of(text(record, "action") or "")
    return found if found in ("failure", "denied") and _is_attempt(record) else None


def _is_attempt(record: Raw) -> bool:
    action = text(record, "action") or ""
    return action.endswith(("_failed", "_denied", "_blocked"))


def _targets(record: Raw) -> list[dict[str, str]]:
    entity = mapping(record, "entity")
    kind = words(entity.get("type"))
    if kind is None:
        return []
    thing = mapping(entity, kind)
    name = first_words(thing, ("name", "title", "email", "domain"))
    known = party(kind, words(thing.get("id")), name)
    return [known] if known else []


SLACK = Format(
    name="slack",
    title="Slack audit logs",
    origin='Answers of `GET /audit/v1/logs` (`{"entries": […]}`), or one entry a line.',
    recognise=_recognise,
    refuses=("an entry without `date_create`",),
    rules=(
        chosen("id", ["id"], "as it is; where there is none, made of the whole entry", _id),
        moment_rule("date_create", how="seconds since 1970"),
        chosen("actor.type", ["actor.type"], "`user` is a person, else a service", _actor_type),
        text_rule("actor.id", "actor.user.id", "actor.user.email"),
        text_rule("actor.name", "actor.user.name", "actor.user.email"),
        chosen("action", ["action"], "`user_login` → `slack.user_login`", _action),
        chosen(
            "outcome",
            ["action"],
            "a failure for `…_failed`, denied for `…_denied` and `…_blocked`; Slack records what"
            " was done",
            _outcome,
        ),
        chosen("targets", ["entity"], "the entity, with its type, id and name", _targets),
        address_rule("context.ip_address"),
        text_rule("source.user_agent", "context.ua"),
        text_rule("source.session", "context.session_id"),
        *metadata_rules(
            actor_email="actor.user.email",
            workspace="context.location.name",
            workspace_id="context.location.id",
            workspace_domain="context.location.domain",
            details="details",
        ),
    ),
)
