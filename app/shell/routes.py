"""The start page, and the overview of a tenant."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.audit.counts import count_events
from app.identity.queries.api_keys import count_keys_expiring
from app.identity.queries.invitations import count_open_invitations
from app.kernel.actor import Actor
from app.kernel.rendering import redirect_to, render_page
from app.kernel.routing import PublicPages, TenantPages
from app.kernel.standing import standing, tenant_here
from app.shell.first_steps import first_steps
from app.summaries.queries import count_approved, count_waiting_reviews
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
    context = {
        "needs": _needs(actor),
        "today": _today(actor),
        "steps": first_steps(actor),
        "tenant_name": tenant_here().name,
    }
    return render_page("overview.html", context)


def _needs(actor: Actor) -> list[dict[str, Any]]:
    """Return what waits for this person; every number links to the list behind it."""
    needs: list[dict[str, Any]] = []
    if actor.may(Permission.SUMMARY_APPROVE):
        needs.append(
            _card(
                "Summaries to review",
                count_waiting_reviews(actor),
                "summaries.index",
                "status:in_review",
            )
        )
    if actor.may(Permission.MEMBER_CREATE):
        needs.append(_card("Open invitations", count_open_invitations(actor), "invitations.index"))
    if actor.may(Permission.API_KEY_READ):
        needs.append(_card("Keys that expire within 14 days", count_keys_expiring(), "keys.index"))
    return needs


def _today(actor: Actor) -> list[dict[str, Any]]:
    """Return what happened in the last 24 hours."""
    cards = []
    if actor.may(Permission.AUDIT_EVENT_READ):
        failed = "outcome:failure,denied created:24h"
        cards = [
            _card("Events in 24 hours", count_events("created:24h"), "audit.index", "created:24h"),
            _card("Failed or denied", count_events(failed), "audit.index", failed, tone="danger"),
        ]
    cards.append(
        _card("Approved summaries", count_approved(actor), "summaries.index", "status:approved")
    )
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
