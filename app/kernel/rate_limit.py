"""Rate limits that hold across processes, counted in PostgreSQL."""

import math
from datetime import datetime

from sqlalchemy import DateTime, delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock
from app.kernel.database import Base, unit_of_work
from app.kernel.problems import TooManyRequests

API_CALLS_PER_MINUTE = 600


class RateWindow(Base):
    """How often a key was used in one fixed window of time."""

    __tablename__ = "rate_windows"

    key: Mapped[str] = mapped_column(primary_key=True)
    window_start: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    hits: Mapped[int]


def spend(key: str, *, allowed: int, window_s: int, cost: int = 1) -> None:
    """Count a use of the key; raise `TooManyRequests` when the window's allowance is spent.

    `allowed` uses per fixed window of `window_s` seconds. The count is kept at once, whatever
    becomes of the request, because a failed sign-in is exactly what has to be counted.
    """
    now = clock.now()
    window_start = datetime.fromtimestamp(now.timestamp() // window_s * window_s, tz=now.tzinfo)
    statement = (
        insert(RateWindow)
        .values(key=key, window_start=window_start, hits=cost)
        .on_conflict_do_update(
            index_elements=["key", "window_start"], set_={"hits": RateWindow.hits + cost}
        )
        .returning(RateWindow.hits)
    )
    with unit_of_work() as session:
        hits = session.scalars(statement).one()
    if hits > allowed:
        wait = math.ceil(window_start.timestamp() + window_s - now.timestamp())
        raise TooManyRequests(f"Too many tries. Come back in {wait} seconds.", wait)


def spend_api_call(key_id: str) -> None:
    """Count a call of an API key; raise `TooManyRequests` after so many a minute."""
    spend(f"api-key:{key_id}", allowed=API_CALLS_PER_MINUTE, window_s=60)


def forget(key: str) -> None:
    """Forget the uses of a key, after a success that shows that it was no attack."""
    with unit_of_work() as session:
        session.execute(delete(RateWindow).where(RateWindow.key == key))
