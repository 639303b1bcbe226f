"""The breaker of an endpoint: after failures in a row it is left alone for a while.

Shared by all processes through a row for each address. Once the pause is over one caller tries
it, alone: success closes the breaker, failure opens it again.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app.gateway.endpoints.models import ModelBreaker
from app.gateway.errors import FailureCode
from app.gateway.settings import GatewaySettings
from app.kernel import clock
from app.kernel.database import current_session, unit_of_work

# Failures of the endpoint, not of one request or of one key.
COUNTED = frozenset({FailureCode.UNREACHABLE, FailureCode.TOO_SLOW, FailureCode.UNAVAILABLE})


class BreakerState(StrEnum):
    """As the ledger keeps it for each try."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


@dataclass(frozen=True, slots=True)
class BreakerStatus:
    """How an endpoint is doing, for people; `open_until` is None while it is closed."""

    state: BreakerState
    failures: int = 0
    last_failure: str | None = None
    open_until: dt.datetime | None = None


def enter(endpoint: str, timeout_s: float) -> BreakerState:
    """Ask whether a try may be made at an address: CLOSED and HALF_OPEN say yes, OPEN says no.

    HALF_OPEN is given to one caller at a time, for `timeout_s` seconds at most; it has to end
    with `note_answer` or `note_failure`.
    """
    now = clock.now()
    trial_until = now + dt.timedelta(seconds=timeout_s)
    with unit_of_work() as session:
        open_until = session.scalar(
            select(ModelBreaker.open_until).where(ModelBreaker.endpoint == endpoint)
        )
        if open_until is None:
            return BreakerState.CLOSED
        taken = session.scalar(
            update(ModelBreaker)
            .where(
                ModelBreaker.endpoint == endpoint,
                ModelBreaker.open_until <= now,
                or_(ModelBreaker.trial_until.is_(None), ModelBreaker.trial_until <= now),
            )
            .values(trial_until=trial_until, changed_at=now)
            .returning(ModelBreaker.endpoint)
            .execution_options(synchronize_session=False)
        )
    return BreakerState.OPEN if taken is None else BreakerState.HALF_OPEN


def note_answer(endpoint: str) -> None:
    """Note that the endpoint answered, rightly or not: it is there, and the count begins anew."""
    with unit_of_work() as session:
        session.execute(
            update(ModelBreaker)
            .where(ModelBreaker.endpoint == endpoint, ModelBreaker.failures > 0)
            .values(failures=0, open_until=None, trial_until=None, changed_at=clock.now())
            .execution_options(synchronize_session=False)
        )


def note_failure(
    endpoint: str, code: FailureCode, state: BreakerState, settings: GatewaySettings
) -> None:
    """Note that the endpoint failed; `state` is what `enter` gave for this try.

    A failed trial opens the breaker again at once. Of those who were on their way when it opened,
    each counts, and none lengthens the pause.
    """
    now = clock.now()
    pause_until = now + dt.timedelta(seconds=settings.breaker_pause_s)
    with unit_of_work() as session:
        failures = session.scalar(
            insert(ModelBreaker)
            .values(endpoint=endpoint, failures=1, last_failure=code.value, changed_at=now)
            .on_conflict_do_update(
                index_elements=["endpoint"],
                set_={
                    "failures": ModelBreaker.failures + 1,
                    "last_failure": code.value,
                    "changed_at": now,
                },
            )
            .returning(ModelBreaker.failures)
        )
        opens = failures is not None and failures >= settings.breaker_failures
        if not opens and state is not BreakerState.HALF_OPEN:
            return
        is_new = ModelBreaker.open_until.is_(None)
        is_ours = is_new if state is BreakerState.CLOSED else ModelBreaker.endpoint == endpoint
        session.execute(
            update(ModelBreaker)
            .where(ModelBreaker.endpoint == endpoint, is_ours)
            .values(open_until=pause_until, trial_until=None)
            .execution_options(synchronize_session=False)
        )


def list_breakers() -> dict[str, BreakerStatus]:
    """Return how endpoints are doing, by address; one that never failed has no entry."""
    now = clock.now()
    rows = current_session().scalars(select(ModelBreaker).execution_options(populate_existing=True))
    return {
        row.endpoint: BreakerStatus(
            _state(row.open_until, now), row.failures, row.last_failure, row.open_until
        )
        for row in rows
    }


def _state(open_until: dt.datetime | None, now: dt.datetime) -> BreakerState:
    if open_until is None:
        return BreakerState.CLOSED
    return BreakerState.OPEN if now < open_until else BreakerState.HALF_OPEN
