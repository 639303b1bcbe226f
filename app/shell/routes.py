"""The start page, and the overview of a tenant."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.audit.ingest.quarantine.queries import count_waiting
from app.audit.overview import TROUBLE, count_events, latest_trouble, week_view
from app.gateway.releases import count_to_decide
from app.identity.queries.api_keys import count_keys_expiring
from app.identity.queries.invitations import count_open_invitations
from app.kernel.actor import Actor
from app.kernel.rendering import redirect_to, render_page
from app.kernel.routing import PublicPages, TenantPages
from app.kernel.standing import standing, tenant_here
from app.shell.first_steps import first_steps
from app.summaries.queries import count_approved, count_waiting_reviews
from app.summaries.reviewing.queue import WAITING
from app.vocabulary.permissions import Permission

pages = TenantPages("shell", __name__)
public = PublicPages("start", __name__)


@public.get("/", reason="Sends people to where they sign in, or to their tenants.")
def home() -> ResponseReturnValue:
    if not current_user.is_authenticated:
        return redirect_to(url_for("public.sign_in"))
    tenants = standing().tenants
    if len(tenants) == 1:
        return redirect_to(url_for("shell.overview", tenant=tenants[0].slug))
    return redirect_to(url_for("account.tenants"))


@pages.get("/", requires=Permission.TENANT_READ)
def overview(actor: Actor) -> ResponseReturnValue:
    reads_log = actor.may(Permission.AUDIT_EVENT_READ)
    context = {
        "header": {"title": "Overview", "meta": f"What needs you today in {tenant_here().name}"},
        "steps": [
            {**step, "icon": "arrow-right", "variant": "quiet"} for step in first_steps(actor)
        ],
        "cards": {
            "items": _cards(actor),
            "layout": "cards",
            "label": "What needs you, and what happened",
        },
        "histogram": _week() if reads_log else None,
        "panels": _trouble() if reads_log else [],
    }
    return render_page("overview.html", context)


def _week() -> dict[str, Any] | None:
    week = week_view()
    return {**week, "label": "Events of the last seven days"} if week else None


def _trouble() -> list[dict[str, Any]]:
    """Return the panel of what failed or was denied lately; nothing when nothing did."""
    trouble = latest_trouble()
    if not trouble["rows"]:
        return []
    see_all = {"label": "See all", "href": trouble["href"], "variant": "quiet"}
    table = {
        "caption": "Latest failed or denied events",
        "columns": trouble["columns"],
        "rows": trouble["rows"],
    }
    panel = {"title": "Failed or denied this week", "flush": True, "actions": [see_all]}
    return [{"panel": panel, "table": table}]


def _cards(actor: Actor) -> list[dict[str, Any]]:
    """Return the numbers that this person may see, each a link to the list behind it."""
    cards = []
    if actor.may(Permission.SUMMARY_APPROVE):
        waiting = count_waiting_reviews(actor)
        cards.append(
            _card("Summaries to review", waiting, "summary_queue.index", f"shelf:{WAITING}")
        )
    if actor.may(Permission.PROMPT_APPROVE) and (proposed := count_to_decide(actor)):
        cards.append(_card("Prompts to decide", proposed, "prompts.index"))
    if actor.may(Permission.MEMBER_CREATE):
        cards.append(_card("Open invitations", count_open_invitations(actor), "invitations.index"))
    if actor.may(Permission.API_KEY_READ):
        cards.append(_card("Keys expiring soon", count_keys_expiring(), "keys.index"))
    if actor.may(Permission.QUARANTINE_READ) and (refused := count_waiting()):
        cards.append(_card("Events in quarantine", refused, "quarantine.index"))
    if actor.may(Permission.AUDIT_EVENT_READ):
        day, failed = "created:24h", f"{TROUBLE} created:24h"
        cards.append(_card("Events in 24 hours", count_events(day), "audit.index", day))
        cards.append(
            _card(
                "Failed or denied",
                count_events(failed),
                "audit.index",
                failed,
                tone="danger",
            )
        )
    if not actor.may(Permission.SUMMARY_APPROVE):
        approved = count_approved(actor)
        cards.append(_card("Approved summaries", approved, "summaries.index", "status:approved"))
    return cards


def _card(
    label: str, value: int, endpoint: str, query: str | None = None, *, tone: str = "neutral"
) -> dict[str, Any]:
    return {
        "label": label,
        "value": f"{value:,}",
        "href": url_for(endpoint, q=query) if query else url_for(endpoint),
        "tone": tone if value else "neutral",
    }
