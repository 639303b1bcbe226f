"""The rules: from the digest in a chat request to claims, one for each group that stands out.

Nothing is computed that the digest does not say, so the claims are as true as the digest; what
a reader may not expect is judgement.
"""

import json
from collections.abc import Mapping
from typing import Any

from app.gateway.extractive.questions import NO_EVIDENCE, Selection, select_for

ANSWERED_SCHEMA = "audit-summary-claims"
MAX_CLAIMS = 8
MAX_ABSENCES = 2
MAX_CITED = 8

# What comes first in a summary; groups of the same kind stay in the digest's order.
_PRECEDENCE = {"failures": 0, "denied": 0, "asked": 1, "rare": 1, "burst": 2, "frequent": 3}
_DIMENSIONS = ("actor", "action", "target", "outcome", "ip")


class NotAnswerableError(ValueError):
    """The request is not one that the rules have an answer for."""


def claims_from(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer to a chat request with a digest in it; raises `NotAnswerableError`.

    At most eight claims, two of which may be absences; a digest without anything to say is
    refused with `no_evidence`.
    """
    digest = _digest_of(request)
    if "mistakes" in digest:
        return _mended(digest)
    chosen = _selected(digest)
    absences = [_absence(action) for action in chosen.absent[:MAX_ABSENCES]]
    by_precedence = sorted(chosen.groups, key=lambda group: _PRECEDENCE[group["why"]])
    activities = [_activity(group) for group in by_precedence[: MAX_CLAIMS - len(absences)]]
    claims = activities + absences
    if chosen.refusal is not None or not claims:
        return {"claims": [], "refusal": chosen.refusal or NO_EVIDENCE}
    return {"claims": claims, "refusal": None}


def _selected(digest: Mapping[str, Any]) -> Selection:
    """Return what of the digest is told: all of it, or what answers the question."""
    if digest["total"] == 0:
        return Selection(refusal=NO_EVIDENCE)
    if "focus" in digest:
        return select_for(digest["focus"], digest)
    return Selection(digest["groups"], [absent["action"] for absent in digest["absent"]])


def _mended(digest: Mapping[str, Any]) -> dict[str, Any]:
    """Return a claim for each that was wrong: what the digest says of the events it cites."""
    return {
        "claims": [_instead(one["claim"], digest) for one in digest["mistakes"]],
        "refusal": None,
    }


def _instead(claim: Mapping[str, Any], digest: Mapping[str, Any]) -> dict[str, Any]:
    for group in digest["groups"]:
        if set(claim["event_ids"]) & set(group["event_ids"]):
            return _activity(group)
    return dict(claim)


def _digest_of(request: Mapping[str, Any]) -> dict[str, Any]:
    try:
        schema_name = request["response_format"]["json_schema"]["name"]
        digest = json.loads(request["messages"][-1]["content"])
        known = {group["why"] for group in digest["groups"]} <= _PRECEDENCE.keys()
        is_digest = known and {"total", "absent"} <= digest.keys()
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise NotAnswerableError("The request holds no digest of an audit log.") from error
    if schema_name != ANSWERED_SCHEMA or not is_digest:
        raise NotAnswerableError(f"The built-in provider only answers {ANSWERED_SCHEMA}.")
    return dict(digest)


def _activity(group: Mapping[str, Any]) -> dict[str, Any]:
    cited = group["event_ids"][:MAX_CITED]
    is_exact = group.get("exact", all(group[name] is not None for name in _DIMENSIONS))
    # Times are known of the whole group only, so they say nothing about some of its events.
    knows_times = is_exact or len(cited) == group["count"]
    return {
        "kind": "activity",
        **{name: group[name] for name in _DIMENSIONS},
        "count": group["count"] if is_exact else len(cited),
        "first": group["first"] if knows_times else None,
        "last": group["last"] if knows_times else None,
        "complete": is_exact,
        "event_ids": cited,
    }


def _absence(action: str) -> dict[str, Any]:
    return {
        "kind": "absence",
        **dict.fromkeys(_DIMENSIONS),
        "action": action,
        "count": 0,
        "first": None,
        "last": None,
        "complete": True,
        "event_ids": [],
    }
