"""Summaries of the demonstration: asked for, drafted, and partly signed, by the product itself.

Nothing here is written by hand: the same commands and the same gateway run as for anybody, with
the built-in extractive provider, so the demonstration shows what that provider says.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.identity.models import Membership
from app.identity.queries.actors import load_actor
from app.kernel.database import Scope, current_session
from app.kernel.routing import database
from app.summaries.queries import get_summary, list_claims
from app.summaries.service.decisions import approve_summary, reject_summary
from app.summaries.service.job import draft
from app.summaries.service.requests import request_summary
from app.summaries.signing import hash_of
from app.summaries.states import RejectReason
from app.tenancy.queries import find_tenant


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asked a summary of, and who signed it or sent it back, if anybody has yet."""

    tenant: str
    asked_by: str
    title: str
    query: str
    signed_by: str | None = None
    sent_back_by: str | None = None
    lacks: str = ""


WISHES = (
    Wish(
        "alder",
        "analyst@alder.example",
        "Access from 198.51.100.7",
        "ip:198.51.100.7 created:7d",
        signed_by="support@alder.example",
    ),
    Wish(
        "alder",
        "analyst@alder.example",
        "Failed sign-ins of the week",
        "action:session.started outcome:failure created:7d",
    ),
    Wish(
        "alder",
        "analyst@alder.example",
        "Files taken out",
        "action:audit_event.exported created:90d",
        sent_back_by="support@alder.example",
        lacks="It does not say which of them were made at night. Ask about the nights alone.",
    ),
    Wish(
        "birch",
        "analyst@birch.example",
        "Tariff changes",
        "action:tariff created:30d",
        signed_by="support@birch.example",
    ),
    Wish(
        "birch",
        "analyst@birch.example",
        "Meter gateway failures",
        "actor:meter-gateway outcome:failure created:14d",
    ),
)


def draft_summaries() -> None:
    """Ask for, draft and sign the summaries of the demonstration. Needs an app context."""
    for wish in WISHES:
        with database().session():
            tenant = find_tenant(wish.tenant)
        if tenant is None:
            raise RuntimeError(f"Load the demonstration first: {wish.tenant} is missing.")
        with database().session(Scope(tenant.id)):
            _fulfil(wish)


def _fulfil(wish: Wish) -> None:
    asker = load_actor(account_of(wish.asked_by))
    summary_id = request_summary(asker, query_text=wish.query, title=wish.title)
    # The request has queued the job as well; the worker finds it done and leaves it alone.
    draft(asker, str(summary_id))
    if wish.sent_back_by is not None:
        reviewer = load_actor(account_of(wish.sent_back_by))
        reject_summary(reviewer, summary_id, reason=RejectReason.MISSING, note=wish.lacks)
    if wish.signed_by is None:
        return
    signer = load_actor(account_of(wish.signed_by))
    summary = get_summary(signer, summary_id)
    approve_summary(signer, summary_id, seen_hash=hash_of(summary, list_claims(summary_id)))


def account_of(email: str) -> UUID:
    """Return the account of somebody in the tenant in scope."""
    statement = select(Membership.account_id).where(Membership.email == email)
    return current_session().scalars(statement).one()
