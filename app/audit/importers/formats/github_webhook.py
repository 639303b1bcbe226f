"""GitHub web hooks: the payloads that GitHub delivers when something happens.

The fields are those of GitHub's reference, "Webhook events and payloads". A payload has no time
of its own; it is that of what it is about.
"""

from typing import Any

from app.audit.importers.actions import action_of
from app.audit.importers.fields import Raw, at, first_words, mapping, party, text, words
from app.audit.importers.fingerprint import id_of_record
from app.audit.importers.format import Format, share
from app.audit.importers.formats.github_webhook_kinds import kind_of
from app.audit.importers.moments import moment_of
from app.audit.importers.outcomes import outcome_of
from app.audit.importers.refusal import RecordRefused
from app.audit.importers.rules import chosen, metadata_rules, text_rule

# Where what it is about says when it was last touched; the most telling first.
_TIMES = (
    "updated_at",
    "completed_at",
    "submitted_at",
    "published_at",
    "closed_at",
    "dismissed_at",
    "fixed_at",
    "started_at",
    "created_at",
    "timestamp",
    "commit.committer.date",
)
_OWN_TIMES = ("starred_at", "effective_date")
_LAST_TIMES = ("updated_at", "created_at")
# The times of a repository tell of its own changes, and of what was pushed to it.
_REPOSITORY_TIMES = {
    "repository": "repository.updated_at",
    "push": "repository.pushed_at",
    "ref": "repository.pushed_at",
}
_NAMES = ("full_name", "name", "title", "login", "slug", "user.login", "number", "tag_name", "id")
# What somebody did by a delivery that has no word for it.
_DONE = {"push": "pushed", "fork": "forked", "ref": "changed", "status": "reported"}


# What is put beside the fields of a payload, for the rules.
_ADDED = ("kind", "subject", "subject_name")


def _recognise(record: Raw) -> float:
    sender = mapping(record, "sender")
    if text(sender, "login") is None or isinstance(record.get("actor"), str):
        return 0.0
    return share(
        "type" in sender and "id" in sender,
        any(name in record for name in ("repository", "organization", "installation")),
        "action" in record or "ref" in record or "repository" in record,
    )


def _parts(record: Raw) -> tuple[Raw]:
    """Return the payload with what it is about under names that the rules can give."""
    kind, subject = kind_of(record)
    own = mapping(record, subject)
    return ({**record, "kind": kind, "subject": own, "subject_name": subject},)


def _id(record: Raw) -> str:
    made = {name: value for name, value in record.items() if name not in _ADDED}
    return id_of_record("github_webhook", made)


def _moment(record: Raw) -> str:
    is_of_repository = record["subject_name"] == "repository"
    within = () if is_of_repository else tuple(f"subject.{path}" for path in _TIMES)
    of_repository = _REPOSITORY_TIMES.get(record["kind"], "")
    for path in (*_OWN_TIMES, *within, of_repository, *_LAST_TIMES):
        value = at(record, path) if path else None
        if value:
            return moment_of(value)
    raise RecordRefused("no time: the payload tells none of what it is about")


def _actor_type(record: Raw) -> str:
    return "person" if words(at(record, "sender.type")) == "User" else "service"


def _action(record: Raw) -> str:
    kind = record["kind"]
    return action_of("github", kind, text(record, "action") or _DONE.get(kind, "changed"))


def _outcome(record: Raw) -> str | None:
    return outcome_of(first_words(record, ("subject.conclusion", "subject.state", "state")))


def _targets(record: Raw) -> list[dict[str, str]]:
    subject, repository = record["subject"], mapping(record, "repository")
    own = None
    if record["subject_name"] != "repository":
        name = first_words(subject, _NAMES)
        own = party(f"github_{record['kind']}", first_words(subject, ("node_id", "id")), name)
    found = [
        own,
        party(
            "github_repository",
            words(repository.get("id")),
            first_words(repository, ("full_name", "name")),
        ),
        party(
            "github_organization",
            words(at(record, "organization.id")),
            words(at(record, "organization.login")),
        ),
    ]
    return [one for one in found if one]


def _changes(record: Raw) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name, change in list(mapping(record, "changes").items())[:50]:
        before = words(at(change, "from"))
        if before is not None:
            after = words(at(change, "to")) or words(record["subject"].get(name))
            changes[name[:128]] = {"before": before[:2_000], "after": after and after[:2_000]}
    return changes


GITHUB_WEBHOOK = Format(
    name="github_webhook",
    title="GitHub web hooks",
    origin="Payloads as GitHub delivers them, one a line or as a JSON list.",
    wrapper="payload",
    recognise=_recognise,
    parts=_parts,
    refuses=("a payload that tells no time of what it is about, such as a ping",),
    rules=(
        chosen("id", [], "made of the whole payload", _id),
        chosen(
            "occurred_at",
            [*_OWN_TIMES, "subject", *sorted(set(_REPOSITORY_TIMES.values())), *_LAST_TIMES],
            "`updated_at`, `completed_at`, `created_at` and the like of what it is about; those"
            " of the repository only where it was changed or pushed to itself",
            _moment,
        ),
        chosen("actor.type", ["sender.type"], "`User` is a person, else a service", _actor_type),
        text_rule("actor.id", "sender.id", "sender.login"),
        text_rule("actor.name", "sender.login"),
        chosen(
            "action",
            ["action"],
            "the event, told by its fields, and what was done: `github.pull_request.opened`",
            _action,
        ),
        chosen(
            "outcome",
            ["subject.conclusion", "subject.state", "state"],
            "of runs, checks and deployments",
            _outcome,
        ),
        chosen(
            "targets",
            ["subject", "repository", "organization.id", "organization.login"],
            "what it is about, the repository, the organisation",
            _targets,
        ),
        chosen("changes", ["changes", "subject"], "`changes`, field by field", _changes),
        *metadata_rules(
            ref="ref",
            ref_type="ref_type",
            number="number",
            before="before",
            after="after",
            link="subject.html_url",
            installation="installation.id",
        ),
    ),
)
