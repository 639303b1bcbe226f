"""Mail about summaries: to reviewers when a draft waits, to whoever asked when it is decided.

No word of the log leaves the house with it; a mail says that there is something, and where.
"""

import datetime as dt
from uuid import UUID

from flask import current_app
from sqlalchemy import or_
from sqlalchemy.dialects.postgresql import insert

from app.identity.queries.memberships import list_holders
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.database import current_session
from app.kernel.mail import Message, queue_mail
from app.kernel.tenant_wall import tenant_in_scope
from app.summaries.models import ReviewerNotice, Summary
from app.summaries.states import Status
from app.tenancy.queries import get_tenant
from app.vocabulary.permissions import Permission

# A reviewer gets one mail in this time, however many drafts come.
QUIET = dt.timedelta(hours=1)


def tell_reviewers(summary: Summary) -> int:
    """Write to everybody who may sign this draft and was not written to lately; return to how many.

    In the open transaction, so that there is mail exactly when there is a draft.
    """
    told = 0
    for holder in list_holders(Permission.SUMMARY_APPROVE):
        if str(holder.account_id) == summary.requested_by or not _is_first(holder.account_id):
            continue
        told += 1
        queue_mail(
            Message(
                to=holder.email,
                subject=f"A summary waits for review in {_tenant_name()}",
                body=(
                    "A draft of a summary waits for somebody who checks and signs it.\n\n"
                    f"{_address('summaries/queue')}\n\n"
                    "You get at most one such mail an hour, however many drafts wait.\n"
                ),
                about=summary.id,
            )
        )
    return told


def tell_requester(actor: Actor, summary: Summary) -> None:
    """Write to whoever asked for the summary what was decided, if they are still here."""
    if summary.is_seeded or summary.requested_by == actor.id:
        return
    asked = [
        holder
        for holder in list_holders(Permission.SUMMARY_READ)
        if str(holder.account_id) == summary.requested_by
    ]
    status = Status(summary.status).words
    for holder in asked:
        queue_mail(
            Message(
                to=holder.email,
                subject=f"Your summary was {status} in {_tenant_name()}",
                body=(
                    f"{actor.name} has {status} a summary that you asked for.\n\n"
                    f"{_address(f'summaries/{summary.id}')}\n"
                ),
                about=summary.id,
            )
        )


def _is_first(account_id: UUID) -> bool:
    """Note that a reviewer is told now; False when they were told less than an hour ago.

    One statement, so that of two drafts at once one writes.
    """
    now = clock.now()
    statement = insert(ReviewerNotice).values(
        tenant_id=tenant_in_scope(), account_id=account_id, notified_at=now
    )
    noted = statement.on_conflict_do_update(
        index_elements=["tenant_id", "account_id"],
        set_={"notified_at": now},
        where=or_(ReviewerNotice.notified_at <= now - QUIET),
    ).returning(ReviewerNotice.account_id)
    return current_session().scalar(noted) is not None


def _tenant_name() -> str:
    return get_tenant(tenant_in_scope()).name


def _address(place: str) -> str:
    base = current_app.config["SETTINGS"].public_url.rstrip("/")
    return f"{base}/t/{get_tenant(tenant_in_scope()).slug}/{place}"
