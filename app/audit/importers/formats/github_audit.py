"""GitHub audit log, of an organisation or an enterprise: exported, streamed, or by the API.

The fields are those of GitHub's reference, "Audit log events for your organization".
"""

import re
from typing import Any

from app.audit.importers.actions import action_of
from app.audit.importers.fields import Raw, first_words, party, text, words
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

_ACTION = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
_TARGETS = (
    ("github_repository", ("repo_id", "repository_id"), ("repo", "repository")),
    ("github_team", ("team_id",), ("team", "data.team")),
    ("github_user", ("user_id",), ("user",)),
    ("github_hook", ("hook_id", "data.hook_id"), ("name",)),
    ("github_organization", ("org_id",), ("org",)),
    ("github_enterprise", ("business_id",), ("business",)),
)
# Pairs of fields that tell one field before and after.
_CHANGES = (
    ("visibility", "previous_visibility", "visibility"),
    ("permission", "old_permission", "permission"),
    ("name", "old_name", "name"),
    ("login", "old_login", "login"),
)


def _recognise(record: Raw) -> float:
    action = text(record, "action") or ""
    if not _ACTION.fullmatch(action) or isinstance(record.get("actor"), dict):
        return 0.0
    return share(
        "actor" in record,
        "org" in record or "business" in record or "repo" in record or "user" in record,
        "created_at" in record or "@timestamp" in record or "at_sign_timestamp" in record,
        "_document_id" in record
        or "actor_location" in record
        or "operation_type" in record
        or "repo" in record
        or "org" in record,
    )


def _id(record: Raw) -> str:
    name = words(record.get("_document_id"))
    return id_of_name("github", name) if name else id_of_record("github", record)


def _actor_type(record: Raw) -> str:
    name = text(record, "actor") or ""
    is_bot = record.get("actor_is_bot") in (True, "true") or name.endswith("[bot]")
    return "service" if is_bot else "person"


def _action(record: Raw) -> str:
    return action_of("github", text(record, "action") or "")


def _outcome(record: Raw) -> str | None:
    return outcome_of(first_words(record, ("conclusion", "status_code")))


def _targets(record: Raw) -> list[dict[str, str]]:
    found = [
        party(kind, first_words(record, ids), first_words(record, names))
        for kind, ids, names in _TARGETS
        if kind != "github_hook" or first_words(record, ids)
    ]
    return [one for one in found if one]


def _changes(record: Raw) -> dict[str, Any]:
    changes = {}
    for name, before, after in _CHANGES:
        old, new = words(record.get(before)), words(record.get(after))
        if old is not None:
            changes[name] = {"before": old[:2_000], "after": new[:2_000] if new else None}
    return changes


_TARGET_SOURCES = [path for _, ids, names in _TARGETS for path in (*ids, *names)]

GITHUB_AUDIT = Format(
    name="github",
    title="GitHub audit log",
    origin="The JSON export of an organisation's or enterprise's audit log, its stream, or"
    " answers of `GET /orgs/{org}/audit-log`.",
    recognise=_recognise,
    refuses=("a record without `@timestamp` and `created_at`",),
    rules=(
        chosen("id", ["_document_id"], "made of it; else of the whole record", _id),
        moment_rule("@timestamp", "created_at", "at_sign_timestamp"),
        chosen(
            "actor.type",
            ["actor_is_bot", "actor"],
            "a service for bots, else a person",
            _actor_type,
        ),
        text_rule("actor.id", "actor_id", "actor"),
        text_rule("actor.name", "actor"),
        chosen("action", ["action"], "`repo.create` → `github.repo.create`", _action),
        chosen(
            "outcome",
            ["conclusion", "status_code"],
            "of a workflow run its conclusion, of an API request its status; else success, since"
            " GitHub records what was done",
            _outcome,
        ),
        text_rule("reason", "explanation", "reason"),
        chosen(
            "targets",
            _TARGET_SOURCES,
            "repository, team, user, hook, organisation, enterprise",
            _targets,
        ),
        chosen(
            "changes",
            [path for _, before, after in _CHANGES for path in (before, after)],
            "pairs such as `previous_visibility` and `visibility`",
            _changes,
        ),
        address_rule("actor_ip"),
        text_rule("source.user_agent", "user_agent"),
        text_rule("source.request_id", "request_id"),
        *metadata_rules(
            operation="operation_type",
            country="actor_location.country_code",
            access="programmatic_access_type",
            token_id="token_id",  # noqa: S106  the name of a field
            token_scopes="token_scopes",  # noqa: S106  the name of a field
            protocol="transport_protocol_name",
            public_repo="public_repo",
            workflow_id="workflow_id",
            workflow_run_id="workflow_run_id",
            head_branch="head_branch",
            url_path="url_path",
            data="data",
            external_identity="external_identity_nameid",
        ),
    ),
)
