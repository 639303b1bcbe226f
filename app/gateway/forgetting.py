"""Prompts and answers word for word have their own retention; the ledger of calls stays."""

import datetime as dt

from sqlalchemy import select, update

from app.gateway.gateway import gateway_settings
from app.gateway.models import ModelAnswer
from app.kernel import clock
from app.kernel.database import unit_of_work

BATCH = 1_000


def forget_texts() -> int:
    """Empty the texts of the tenant in scope whose days are over; return how many.

    In batches, each a transaction of its own.
    """
    now = clock.now()
    oldest_kept = now - dt.timedelta(days=gateway_settings().answers_days)
    emptied = 0
    while True:
        with unit_of_work() as session:
            over = session.scalars(
                select(ModelAnswer.call_id)
                .where(ModelAnswer.created_at < oldest_kept, ModelAnswer.emptied_at.is_(None))
                .limit(BATCH)
            ).all()
            session.execute(
                update(ModelAnswer)
                .where(ModelAnswer.call_id.in_(over))
                .values(messages=[], answer=None, emptied_at=now)
                .execution_options(synchronize_session=False)
            )
        emptied += len(over)
        if len(over) < BATCH:
            return emptied
