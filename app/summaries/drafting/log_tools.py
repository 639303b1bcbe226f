"""The tools that read a log: counts of a slice, its groups, and what its actions mean."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.audit.collection import AUDIT_LOG
from app.audit.event_types.queries import find_type
from app.audit.groups import list_groups
from app.audit.queries import LogSlice, get_totals
from app.gateway.redaction import clean_value
from app.gateway.tools import tool
from app.kernel.query_language.query import parse
from app.summaries.drafting.codebook import Codebook
from app.vocabulary.permissions import Permission

SLICE_TOTALS, SLICE_GROUPS = "slice_totals", "slice_groups"
DESCRIPTION = "event_type_description"
_MOST_GROUPS = 24

_SLICE = {
    "query": {"type": "string", "maxLength": 2_000},
    "start": {"type": "string", "maxLength": 40},
    "end": {"type": "string", "maxLength": 40},
}


@tool(
    SLICE_TOTALS,
    "How many events a slice holds, and how many of them failed or were denied.",
    requires=Permission.AUDIT_EVENT_READ,
    arguments=_SLICE,
)
def slice_totals(arguments: Mapping[str, Any]) -> dict[str, int]:
    """Return the counts of a slice of the tenant in scope."""
    totals = get_totals(_slice(arguments))
    return {"total": totals.count, "failed": totals.failed, "denied": totals.denied}


@tool(
    SLICE_GROUPS,
    "The telling groups of a slice, names as tokens.",
    requires=Permission.AUDIT_EVENT_READ,
    arguments=_SLICE,
)
def slice_groups(arguments: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return who did what how often in a slice; actors are tokens of this answer alone."""
    codebook = Codebook()
    found = list_groups(_slice(arguments), limit=_MOST_GROUPS)[:_MOST_GROUPS]
    return [
        {
            "actor": codebook.actor(group.key.actor_id),
            "action": codebook.action(group.key.action),
            "outcome": group.key.outcome,
            "count": group.count,
        }
        for group in found
    ]


@tool(
    DESCRIPTION,
    "What actions mean, in the words of their event types.",
    requires=Permission.EVENT_TYPE_READ,
    arguments={
        "actions": {"type": "array", "items": {"type": "string"}, "maxItems": _MOST_GROUPS},
    },
)
def event_type_description(arguments: Mapping[str, Any]) -> dict[str, str]:
    """Return the titles of event types by action; actions without a type are left out."""
    found = {action: find_type(action) for action in arguments["actions"]}
    return {action: clean_value(kind.newest.kind.title) for action, kind in found.items() if kind}


def _slice(arguments: Mapping[str, Any]) -> LogSlice:
    start, end = (datetime.fromisoformat(arguments[name]) for name in ("start", "end"))
    return LogSlice(parse(arguments["query"], AUDIT_LOG.fields), start, end)
