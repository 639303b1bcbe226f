"""What became of an answer, written into the ledger by whoever checked it."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import update

from app.gateway.models import ModelCall
from app.kernel.database import unit_of_work


def record_verdicts(call_id: UUID, verdicts: Iterable[str]) -> None:
    """Write down how many claims of a call's answer got which verdict.

    For the tenant in scope; a call of another tenant, or none, is left as it is. Written again it
    replaces what was there, so that a job may be repeated. Needs a session without a unit of work.
    """
    counts = dict(sorted(Counter(str(verdict) for verdict in verdicts).items()))
    with unit_of_work() as session:
        session.execute(
            update(ModelCall)
            .where(ModelCall.id == call_id)
            .values(verdicts=counts)
            .execution_options(synchronize_session=False)
        )
