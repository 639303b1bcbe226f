"""Drafts that wait for one person in every tenant that they review in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.identity.queries.actors import load_actor
from app.kernel.database import Scope, current_session
from app.kernel.routing import database
from app.kernel.standing import TenantFacts
from app.summaries.models import Summary
from app.summaries.queries import waits_for
from app.summaries.reservations import reservation_of
from app.vocabulary.permissions import Permission

MOST = 100


@dataclass(frozen=True, slots=True)
class WaitingDraft:
    """A draft and whose it is. `held_by` is who has it in hand, None when nobody has."""

    tenant: TenantFacts
    id: UUID
    title: str
    events: int
    requested_by_name: str
    requested_at: datetime
    held_by: str | None


def list_waiting_everywhere(
    account_id: UUID, tenants: Sequence[TenantFacts]
) -> tuple[WaitingDraft, ...]:
    """Return the oldest drafts that wait for a person in the tenants they are a member of.

    At most `MOST`, oldest first. Each tenant is read in a session of its own, behind its own
    wall, with what the person may do there.
    """
    found = [draft for tenant in tenants for draft in _list_waiting(account_id, tenant)]
    return tuple(sorted(found, key=lambda draft: (draft.requested_at, draft.id))[:MOST])


def _list_waiting(account_id: UUID, tenant: TenantFacts) -> Iterator[WaitingDraft]:
    with database().session(Scope(tenant.id)):
        actor = load_actor(account_id)
        if not actor.may(Permission.SUMMARY_APPROVE):
            return
        statement = (
            select(Summary)
            .where(waits_for(actor))
            .order_by(Summary.requested_at, Summary.id)
            .limit(MOST)
        )
        for summary in current_session().scalars(statement):
            held = reservation_of(summary)
            yield WaitingDraft(
                tenant,
                summary.id,
                summary.title,
                summary.events_total,
                summary.requested_by_name,
                summary.requested_at,
                held.holder_name if held else None,
            )
