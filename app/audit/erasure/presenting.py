"""Erasures as the components show them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_wtf.csrf import generate_csrf

from app.audit.erasure.models import ErasureStatus, PersonErasure
from app.audit.retention.holds.models import LegalHold
from app.audit.retention.holds.presenting import hold_words
from app.kernel.job_pages import Progress
from app.kernel.times import exact, iso
from app.kernel.untrusted_text import single_line

_TONES = {
    ErasureStatus.COUNTING: "info",
    ErasureStatus.WAITING: "warning",
    ErasureStatus.RUNNING: "info",
    ErasureStatus.FINISHED: "success",
    ErasureStatus.REFUSED: "neutral",
    ErasureStatus.WITHDRAWN: "neutral",
}
NOT_SAID = "Not said any more"
_SHOWN = 80

# The parts of an event, and what is kept outside events, as they are called on the page.
PLACES = {
    "actor": "Who acted: id and name",
    "targets": "Targets: ids and names",
    "source": "Address, session and program",
    "reason": "Reasons",
    "changes": "Changes: values before and after",
    "metadata": "Metadata",
}
COPIES = {
    "exports": "Files of exports, of everybody",
    "uploads": "Uploaded files whose import has ended",
    "refused_items": "Refused items in quarantine",
    "saved_views": "Saved views that name them or are theirs alone",
    "mails": "Mails that were sent",
    "claims": "Claims of summaries that are not signed: the person is blanked",
    "questions": "Questions asked of summaries that are not signed: the person is blanked",
    "eval_cases": "Cases of the evaluation that reviews brought in: the person is blanked",
    "eval_results": "Results of such cases: the person is blanked",
    "model_calls": "Words sent to a model, and its answers: the person is blanked",
}
# What no erasure reaches; docs/erasure.md says the same.
OUT_OF_REACH = (
    "Files that were downloaded: exports, proofs, packs. Packs made before still open every value.",
    "Backups of the database, and the log files of the servers.",
    "Signed summaries, which cannot be changed, and what a model's provider kept.",
    "The account and the membership, if there is one: remove the person under People.",
    "The filters and reasons of legal holds, and uploads that wait to be imported.",
    "Types, times and actions of events, and events that come in later: they show what they bring.",
)


def erasure_badge(erasure: PersonErasure) -> dict[str, str]:
    """Return how far an erasure is, in one word."""
    status = ErasureStatus(erasure.status)
    return {"text": status.value, "tone": _TONES[status]}


def whom(erasure: PersonErasure) -> str:
    """Return the id of the person, as long as the erasure has not ended."""
    return single_line(erasure.person_id, _SHOWN) if erasure.person_id else NOT_SAID


def erasure_facts(erasure: PersonErasure, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return who asked for what, and who decided."""
    facts: list[dict[str, Any]] = []
    if erasure.person_id is not None:
        facts.append({"label": "Actor id", "code": erasure.person_id})
        words = ", ".join(erasure.texts or []) or "None"
        facts.append({"label": "Looked for", "value": words, "folds": True})
    else:
        facts.append({"label": "Whom", "value": NOT_SAID, "sub": "It has ended."})
    facts += [
        {"label": "Reason", "value": erasure.reason, "folds": True},
        {"label": "Asked by", "value": erasure.asked_by_name},
        _time("Asked", erasure.asked_at, zone),
    ]
    if erasure.decided_at is not None:
        verb = "Refused" if erasure.status == ErasureStatus.REFUSED else "Confirmed"
        facts += [
            {"label": f"{verb} by", "value": erasure.decided_by_name or ""},
            _time(verb, erasure.decided_at, zone),
        ]
    if erasure.finished_at is not None:
        facts.append(_time("Ended", erasure.finished_at, zone))
    return facts


def number_facts(erasure: PersonErasure) -> list[dict[str, Any]]:
    """Return how many events and values go, or went, and where they stand."""
    is_done = erasure.status == ErasureStatus.FINISHED
    events = erasure.erased if is_done else max(erasure.found - erasure.held - erasure.broken, 0)
    facts: list[dict[str, Any]] = [
        {"label": "Events erased" if is_done else "Events to erase", "value": f"{events:,}"}
    ]
    facts += [
        {"label": label, "value": f"{erasure.fields.get(name, 0):,} values"}
        for name, label in PLACES.items()
        if erasure.fields.get(name)
    ]
    facts += [
        {"label": label, "value": f"{erasure.elsewhere.get(name, 0):,}"}
        for name, label in COPIES.items()
        if erasure.elsewhere.get(name)
    ]
    if erasure.elsewhere.get("claims_signed"):
        count = erasure.elsewhere["claims_signed"]
        facts.append({"label": "Claims of signed summaries", "value": f"{count:,} stay"})
    if erasure.broken:
        facts.append(
            {
                "label": "Left as they are",
                "value": f"{erasure.broken:,} events",
                "sub": "They are not what was sealed. Erasing them would cover that up.",
            }
        )
    return facts


def held_facts(held_by: Mapping[str, int], holds: Sequence[LegalHold]) -> list[dict[str, Any]]:
    """Return which holds keep how many of the events, and why."""
    known = {str(hold.id): hold for hold in holds}
    return [
        {
            "label": f"{count:,} events",
            "link": {
                "text": hold_words(known[hold_id]),
                "href": url_for("holds.show", hold_id=hold_id),
            },
            "sub": known[hold_id].reason,
        }
        for hold_id, count in held_by.items()
        if hold_id in known
    ]


def erasure_progress(erasure: PersonErasure) -> Progress | None:
    """Return how far the pass through the log is; None when nothing is under way."""
    if not ErasureStatus(erasure.status).is_working:
        return None
    words = f"{erasure.found:,} events found so far"
    if erasure.status == ErasureStatus.RUNNING:
        words = f"{erasure.erased:,} events erased"
    poll = url_for("erasures.progress", erasure_id=erasure.id)
    return Progress(words, erasure.reached, erasure.until, poll)


def consequences(erasure: PersonErasure) -> list[str]:
    """Return what confirming an erasure does, in numbers."""
    count = max(erasure.found - erasure.held - erasure.broken, 0)
    values = sum(erasure.fields.values())
    words = [
        f"{values:,} values in {count:,} events are blanked. They cannot be brought back.",
        "Every proof, checkpoint and pack stays valid.",
    ]
    gone = [
        f"{label[0].lower()}{label[1:]} ({erasure.elsewhere[name]:,})"
        for name, label in COPIES.items()
        if erasure.elsewhere.get(name)
    ]
    if gone:
        words.append(f"Outside events goes as well: {'; '.join(gone)}.")
    if erasure.held:
        words.append(
            f"{erasure.held:,} events stay as they are because of a hold. Ask again once it is"
            " released."
        )
    return words


def erasure_actions(
    erasure: PersonErasure, *, actor_id: str, may_create: bool, may_approve: bool
) -> list[dict[str, Any]]:
    """Return what may be done about an erasure."""
    if ErasureStatus(erasure.status) not in {ErasureStatus.COUNTING, ErasureStatus.WAITING}:
        return []
    actions: list[dict[str, Any]] = []
    if may_approve and erasure.asked_by != actor_id:
        actions.append(
            {"label": "Refuse", "href": url_for("erasures.refuse", erasure_id=erasure.id)}
        )
    if may_create:
        href = url_for("erasures.withdraw", erasure_id=erasure.id)
        actions.append({"label": "Withdraw", "href": href, "csrf_token": generate_csrf()})
    return actions


def _time(label: str, at: datetime, zone: ZoneInfo) -> dict[str, Any]:
    return {"label": label, "time": {"text": exact(at, zone), "datetime": iso(at)}}
