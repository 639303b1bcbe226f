"""What the calls of a month took and may still take, counted from the ledger itself.

There is no account beside the ledger that could drift from it: what is spent is the sum of its
rows. A call that is being made counts with what it reserved, until it must be over; so what a
process that died had reserved comes free by itself.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.gateway.budgets.models import ModelBudget
from app.gateway.budgets.pricing import Amount
from app.gateway.models import ModelCall
from app.gateway.purposes import Purpose
from app.kernel.database import current_session

STARTED = "started"
# Over and above the deadline of a call: time to write down how it ended.
GRACE = dt.timedelta(seconds=5)

# Enough for a thousand summaries, and not enough for a surprise.
DEFAULT_MONTHLY_TOKENS = 5_000_000


Summed = InstrumentedAttribute[Any]


@dataclass(frozen=True, slots=True)
class Limits:
    """The most of a month; None is no limit."""

    tokens: int | None = DEFAULT_MONTHLY_TOKENS
    micros: int | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """A purpose in a month: its limits, what was used, and what calls under way may yet use.

    `unpriced` is how many calls took tokens whose price nobody knows.
    """

    purpose: str
    limits: Limits
    used: Amount
    reserved: Amount
    calls: int
    unpriced: int

    @property
    def left(self) -> Amount:
        """What is left of the limits; tokens are -1 where there is no limit, money None."""
        tokens, micros = self.limits.tokens, self.limits.micros
        taken = self.used + self.reserved
        return Amount(
            -1 if tokens is None else max(tokens - taken.tokens, 0),
            None if micros is None else max(micros - (taken.micros or 0), 0),
        )

    def allows(self, wanted: Amount) -> bool:
        """Say whether so much may still be reserved. Without a price the tokens alone decide."""
        taken = self.used + self.reserved + wanted
        tokens, micros = self.limits.tokens, self.limits.micros
        return (tokens is None or taken.tokens <= tokens) and (
            micros is None or wanted.micros is None or (taken.micros or 0) <= micros
        )


def month_of(moment: dt.datetime) -> dt.datetime:
    """Return when the month of a moment began, in UTC, as bills have it."""
    return moment.astimezone(dt.UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def get_limits(purpose: str) -> Limits:
    """Return the limits of a purpose in the tenant in scope."""
    row = current_session().scalar(
        select(ModelBudget)
        .where(ModelBudget.purpose == purpose)
        .execution_options(populate_existing=True)
    )
    return Limits() if row is None else Limits(row.monthly_tokens, row.monthly_micros)


def get_account(
    purpose: str, now: dt.datetime, deadline_s: float, *, besides: UUID | None = None
) -> Account:
    """Return how the month stands for a purpose of the tenant in scope.

    `deadline_s` is how long a call may take: one that was taken up longer ago reserves nothing.
    `besides` is a call that does not count, because it is the one that asks.
    """
    is_started = ModelCall.status == STARTED
    is_alive = ModelCall.claimed_at > now - dt.timedelta(seconds=deadline_s) - GRACE
    reserves = is_started & is_alive
    charged, reserved = ModelCall.tokens_charged, ModelCall.tokens_reserved
    statement = select(
        _sum(~is_started, charged),
        _money(~is_started, ModelCall.micros_charged),
        _sum(reserves, reserved),
        _money(reserves, ModelCall.micros_reserved),
        func.count(),
        func.count().filter((charged > 0) & ModelCall.micros_charged.is_(None)),
    ).where(ModelCall.purpose == purpose, ModelCall.started_at >= month_of(now))
    if besides is not None:
        statement = statement.where(ModelCall.id != besides)
    row = current_session().execute(statement).one()
    used, reserving = Amount(int(row[0]), _whole(row[1])), Amount(int(row[2]), _whole(row[3]))
    return Account(purpose, get_limits(purpose), used, reserving, row[4], row[5])


def list_accounts(now: dt.datetime, deadline_s: float) -> tuple[Account, ...]:
    """Return how the month stands for every purpose."""
    return tuple(get_account(purpose.value, now, deadline_s) for purpose in Purpose)


def _sum(where: ColumnElement[bool], column: Summed) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((where, column), else_=0)), 0)


def _money(where: ColumnElement[bool], column: Summed) -> ColumnElement[Any]:
    # NULL where no call has a price: not nothing, but not known.
    return func.sum(case((where, column)))


def _whole(found: object) -> int | None:
    return None if found is None else int(str(found))
