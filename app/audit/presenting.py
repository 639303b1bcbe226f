"""Events as the components show them."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for

from app.audit.collection import AUDIT_LOG, OUTCOME_TONES
from app.audit.contract.types import UNREGISTERED
from app.audit.histogram import Bucket, Histogram
from app.audit.models import AuditEvent
from app.kernel.collections.declaration import Count, Exactness
from app.kernel.query_language.canonical import write
from app.kernel.query_language.terms import Operator, Term
from app.kernel.record_pages import MAX_TITLE
from app.kernel.times import exact, iso, span
from app.kernel.untrusted_text import single_line

_AGENT_SHOWN = 80
# Over a longer stretch the axis names days instead of hours.
_HOURS_SHOWN = dt.timedelta(days=2)


def event_title(event: AuditEvent) -> str:
    """Return what happened in a few words: `member.role_changed: Ana Ruiz`."""
    words = event.action.replace(".", " ").replace("_", " ").capitalize()
    title = f"{words}: {event.target_name}" if event.target_name else words
    return single_line(title, MAX_TITLE)


def event_facts(event: AuditEvent, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return everything that is known of an event, as items of a summary list."""
    facts: list[dict[str, Any]] = [
        {"label": "Action", "code": event.action},
        {"label": "Actor", "value": f"{event.actor_name} ({event.actor_type})"},
        {
            "label": "Outcome",
            "badge": {"text": event.outcome, "tone": OUTCOME_TONES[event.outcome]},
        },
        {
            "label": "Time",
            "time": {
                "text": exact(event.occurred_at, zone),
                "datetime": iso(event.occurred_at),
                "title": f"Received {exact(event.received_at, zone)}",
            },
        },
    ]
    facts.append(_type_fact(event))
    facts += [
        {"label": "Target", "value": f"{target['name']} ({target['type']})"}
        for target in event.targets
    ]
    optional = (
        ("Address", event.source_ip),
        ("Session", event.session),
        ("Request", event.request_id),
        ("Actor id", event.actor_id),
        ("Event id", str(event.id)),
        ("Delivered by", event.received_from),
    )
    facts += [{"label": label, "code": value} for label, value in optional if value]
    if event.user_agent:
        facts.append({"label": "Program", "value": event.user_agent[:_AGENT_SHOWN]})
    if event.reason:
        facts.append({"label": "Reason", "value": event.reason})
    facts += [
        {"label": key.replace("_", " ").capitalize(), "value": str(value)}
        for key, value in sorted(event.extra.items())
        if value is not None
    ]
    facts += [
        {
            "label": key.replace("_", " ").capitalize(),
            "diff": {"before": change.get("before"), "after": change.get("after")},
        }
        for key, change in event.changes.items()
    ]
    return facts


def _type_fact(event: AuditEvent) -> dict[str, Any]:
    version = event.event_type_version
    if version == UNREGISTERED:
        return {
            "label": "Type",
            "badge": {"text": "unregistered", "tone": "neutral"},
            "sub": "held to no contract",
        }
    address = url_for("event_types.show", action=event.action, version=version)
    return {"label": "Type", "link": {"href": address, "text": f"version {version}"}}


def event_pivots(event: AuditEvent) -> list[dict[str, str]]:
    """Return the ways on from an event: what else the same actor did, what else was done to it."""
    pivots = [{"label": "Same actor", "href": _log("actor", event.actor_id)}]
    if event.target_id:
        pivots.append({"label": "Same target", "href": _log("target", event.target_id)})
    if event.source_ip:
        pivots.append({"label": "Same address", "href": _log("ip", event.source_ip)})
    return pivots


def histogram_view(
    histogram: Histogram, zone: ZoneInfo, href_of: Callable[[Bucket], str]
) -> dict[str, Any]:
    """Return a histogram as its component draws it, each bar a link to its own window."""
    return {
        "summary": _summary(histogram),
        "label": "Events over time" if histogram.is_exact else "Events over time, estimated",
        "range_label": span(histogram.start, histogram.end, zone),
        "buckets": [
            {
                "start_label": exact(bucket.start, zone),
                "end_label": exact(bucket.end, zone),
                "count": bucket.count,
                "failed": bucket.failed,
                "href": href_of(bucket),
                "tick": tick,
            }
            for bucket, tick in zip(histogram.buckets, _ticks(histogram.buckets, zone), strict=True)
        ],
    }


def _summary(histogram: Histogram) -> str:
    """Say in a few words what the bars add up to, and whether that is an estimate."""
    if histogram.took_too_long:
        return "Counting took too long. Narrow the time."
    exactness = Exactness.EXACT if histogram.is_exact else Exactness.ABOUT
    total, failed = (Count(n, exactness) for n in (histogram.total, histogram.failed))
    events = "event" if total == Count(1) else "events"
    return f"{total.words} {events}" + (f", {failed.words} failed" if failed.value else "")


def _ticks(buckets: Sequence[Bucket], zone: ZoneInfo) -> list[str | None]:
    """Return the word below each bar: the day, or within two days the hour, where one begins."""
    starts = [bucket.start.astimezone(zone) for bucket in buckets]
    by_day = starts[-1] - starts[0] > _HOURS_SHOWN if starts else False
    words = [f"{at:%-d %b}" if by_day else f"{at:%H}:00" for at in starts]
    return [
        word if index and word != words[index - 1] else None for index, word in enumerate(words)
    ]


def _log(key: str, value: str) -> str:
    term = Term(key, Operator.EQUALS, (value,))
    return url_for("audit.index", q=write((term,), AUDIT_LOG.fields))
