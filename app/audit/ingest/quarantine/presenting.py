"""Refused items and replays as the components show them."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_wtf.csrf import generate_csrf

from app.audit.contract.refusal import RefusalKind
from app.audit.ingest.quarantine.models import QuarantinedItem, QuarantineReplay, ReplayStatus
from app.audit.ingest.quarantine.service import ANY_ACTION, NO_ACTION
from app.audit.ingest.quarantine.trying import laid_out
from app.kernel.actor import Actor
from app.kernel.times import exact
from app.vocabulary.permissions import Permission

# As much of an item as a page shows.
SHOWN = 8_000

KIND_TONES = {
    RefusalKind.UNREADABLE: "danger",
    RefusalKind.FRAME: "danger",
    RefusalKind.TYPE: "warning",
    RefusalKind.UNREGISTERED: "info",
}
_STATUS_TONES = {
    ReplayStatus.RUNNING: "info",
    ReplayStatus.FINISHED: "success",
    ReplayStatus.CANCELLED: "neutral",
    ReplayStatus.STOPPED: "warning",
}


def kind_badge(kind: str) -> dict[str, str]:
    """Return why an item is refused, as a badge."""
    found = RefusalKind(kind)
    return {"text": found.words, "tone": KIND_TONES[found]}


def item_title(item: QuarantinedItem) -> str:
    """Return what an item is called."""
    return f"Refused: {item.action or NO_ACTION}"


def item_facts(item: QuarantinedItem, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return what is known of a refused item."""
    facts: list[dict[str, Any]] = [
        {"label": "Action", "code": item.action} if item.action else _none("Action"),
        {"label": "Refused as", "badge": kind_badge(item.kind)},
        {"label": "Received", "value": exact(item.received_at, zone)},
        {"label": "Sent by key", "code": item.received_from},
        {"label": "Sent", "value": _times(item.times_sent)},
        {"label": "Tried", "value": _times(item.attempts)},
        {"label": "Last tried", "value": exact(item.last_tried_at, zone)},
        {"label": "Size", "value": f"{item.item_bytes:,} bytes"},
        {"label": "SHA-256", "code": item.item_hash},
    ]
    return facts


def problem_table(item: QuarantinedItem) -> dict[str, Any]:
    """Return the reasons of the refusal as a table."""
    return {
        "caption": "Why it is refused",
        "columns": [
            {"key": "pointer", "label": "Field", "type": "code"},
            {"key": "detail", "label": "What is wrong"},
        ],
        "rows": [
            {
                "id": f"problem-{number}",
                "cells": {
                    "pointer": problem["pointer"] or "the whole item",
                    "detail": problem["detail"],
                },
            }
            for number, problem in enumerate(item.problems, start=1)
        ],
    }


def item_panel(item: QuarantinedItem) -> dict[str, Any]:
    """Return the item as it was sent, cut to what a page can show, and saying so."""
    text = laid_out(item)
    kept = len(item.item.encode())
    notes = []
    if not item.is_whole:
        notes.append(f"Only the first {kept:,} of {item.item_bytes:,} bytes were kept.")
    if len(text) > SHOWN:
        notes.append(f"Here are the first {SHOWN:,} of {len(text):,} characters.")
    return {
        "panel": {"title": "As it was sent", "meta": " ".join(notes) or None},
        "text": {"blocks": [{"type": "code", "text": text[:SHOWN]}]},
    }


def item_actions(actor: Actor, item: QuarantinedItem) -> list[dict[str, Any]]:
    """Return what the actor may do about an item."""
    if not actor.may(Permission.QUARANTINE_UPDATE):
        return []
    replay = {
        "label": "Replay",
        "href": url_for("quarantine.replay", item_id=item.id),
        "csrf_token": generate_csrf(),
    }
    discard = {"label": "Discard", "href": url_for("quarantine.discard", item_id=item.id)}
    can_replay = item.is_whole and item.kind != RefusalKind.UNREADABLE
    return [replay, discard] if can_replay else [discard]


def item_advice(item: QuarantinedItem) -> str:
    """Return what a person can do about an item."""
    if not item.is_whole:
        return "Only its beginning was kept, so its sender has to send it again."
    return RefusalKind(item.kind).advice


def type_link(actor: Actor, item: QuarantinedItem) -> list[dict[str, Any]]:
    """Return the way to where the item's type is mended or registered, where there is one."""
    if item.kind == RefusalKind.TYPE and actor.may(Permission.EVENT_TYPE_READ):
        href = url_for("event_types.show", action=item.action)
        return [{"label": "Its type", "href": href}]
    if item.kind == RefusalKind.UNREGISTERED and actor.may(Permission.EVENT_TYPE_CREATE):
        return [
            {"label": "Register its type", "href": url_for("event_types.new", action=item.action)}
        ]
    return []


def replay_title(replay: QuarantineReplay) -> str:
    """Return what a replay is called."""
    return f"Replay of {replay.action or ANY_ACTION}"


def replay_badge(replay: QuarantineReplay) -> dict[str, str]:
    """Return how far a replay is, in one word."""
    status = ReplayStatus(replay.status)
    return {"text": status.value, "tone": _STATUS_TONES[status]}


def replay_facts(replay: QuarantineReplay, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return what is known of a replay; its result once it has ended."""
    facts: list[dict[str, Any]] = [
        {"label": "Items", "value": f"{replay.items:,}"},
        {"label": "Asked for by", "value": replay.requested_by},
        {"label": "Asked for", "value": exact(replay.requested_at, zone)},
    ]
    if replay.finished_at is None:
        return facts
    return [
        *facts,
        {"label": "Ended", "value": exact(replay.finished_at, zone)},
        {"label": "Stored", "value": f"{replay.stored:,}"},
        {"label": "In the log already", "value": f"{replay.duplicates:,}"},
        {"label": "Still refused", "value": f"{replay.refused:,}"},
    ]


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def _none(label: str) -> dict[str, str]:
    return {"label": label, "value": "none that can be read"}
