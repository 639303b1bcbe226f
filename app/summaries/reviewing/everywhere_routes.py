"""One queue for people who review in several tenants."""

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from app.kernel.actor import Actor
from app.kernel.clock import UTC_ZONE
from app.kernel.record_pages import Panel, render_record
from app.kernel.routing import AccountPages
from app.kernel.standing import standing
from app.kernel.times import time_cell
from app.summaries.reviewing.everywhere import MOST, WaitingDraft, list_waiting_everywhere
from app.vocabulary.permissions import Permission

pages = AccountPages("reviews", __name__)

_COLUMNS = (
    {"key": "draft", "label": "Draft", "type": "link"},
    {"key": "tenant", "label": "Organisation"},
    {"key": "held", "label": "In the hand of", "priority": "2"},
    {"key": "events", "label": "Events", "type": "num", "priority": "3"},
    {"key": "by", "label": "Asked by", "priority": "2"},
    {"key": "asked", "label": "Asked", "type": "time"},
)


@pages.get("/account/reviews", requires=Permission.SUMMARY_APPROVE)
def index(actor: Actor) -> ResponseReturnValue:
    drafts = list_waiting_everywhere(UUID(actor.id), standing().tenants)
    table = {
        "columns": list(_COLUMNS),
        "rows": [{"id": str(draft.id), "cells": _cells(draft)} for draft in drafts],
        "empty": "No draft waits for you in any organisation",
    }
    meta = "Of all your organisations, oldest first, times in UTC. You review each in its own."
    title = f"The oldest {MOST}" if len(drafts) == MOST else "Waiting"
    return render_record(
        "Drafts to review",
        [Panel(title, table=table)],
        meta=meta,
        crumbs=[{"label": "Organisations", "href": url_for("account.tenants")}],
    )


def _cells(draft: WaitingDraft) -> dict[str, object]:
    href = url_for("summaries.show", tenant=draft.tenant.slug, summary_id=draft.id)
    return {
        "draft": {"text": draft.title, "href": href},
        "tenant": draft.tenant.name,
        "held": draft.held_by or "nobody yet",
        "events": draft.events,
        "by": draft.requested_by_name,
        "asked": time_cell(draft.requested_at, UTC_ZONE),
    }
