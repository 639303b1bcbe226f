"""The places of the navigation: at most seven, each with the permission that opens it."""

from dataclasses import dataclass

from sqlalchemy import ScalarSelect

from app.identity.queries.invitations import OPEN_INVITATIONS
from app.summaries.queries import UNSEEN_OUTCOMES, WAITING_REVIEWS
from app.vocabulary.permissions import Permission


@dataclass(frozen=True, slots=True)
class Place:
    """One entry.

    `blueprints` are the ones whose pages lie in it; `waiting` is the SQL of how much waits there
    for whoever holds `waits_for`, and `news` of what there is to see for everybody, both over the
    parameters `tenant`, `reader` and `now`.
    """

    label: str
    endpoint: str
    icon: str
    requires: Permission
    blueprints: tuple[str, ...]
    waiting: ScalarSelect[int] | None = None
    waits_for: Permission | None = None
    news: ScalarSelect[int] | None = None


_AUDIT_LOG = (
    "audit",
    "audit_views",
    "event_types",
    "exports",
    "imports",
    "ingestion",
    "quarantine",
    "seal",
    "sharing",
)
PLACES = (
    Place("Overview", "shell.overview", "house", Permission.TENANT_READ, ("shell",)),
    Place(
        "Audit log",
        "audit.index",
        "text-align-start",
        Permission.AUDIT_EVENT_READ,
        _AUDIT_LOG,
    ),
    Place(
        "Summaries",
        "summaries.index",
        "bookmark",
        Permission.SUMMARY_READ,
        ("summaries", "summary_queue", "summary_steps"),
        waiting=WAITING_REVIEWS,
        waits_for=Permission.SUMMARY_APPROVE,
        news=UNSEEN_OUTCOMES,
    ),
    Place(
        "People",
        "people.index",
        "users",
        Permission.MEMBER_READ,
        ("people", "invitations"),
        waiting=OPEN_INVITATIONS,
        waits_for=Permission.MEMBER_READ,
    ),
    Place(
        "Settings",
        "settings.index",
        "settings",
        Permission.SETTING_READ,
        (
            "settings",
            "keys",
            "model_calls",
            "models",
            "prompts",
            "evaluations",
            "retention",
            "deletions",
            "holds",
            "review_quality",
        ),
    ),
)
