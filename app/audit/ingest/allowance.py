"""How many events a key may send: counted by the minute and by the day, across all processes.

The count belongs to the transaction that stores the events, so that what is refused or failed
costs nothing, and a client that tries again is not charged twice.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.audit.ingest.rules.service import Rules
from app.kernel import clock
from app.kernel.problems import TooManyRequests

MINUTE_S = 60
DAY_S = 24 * 60 * 60


_SPEND = text(
    "INSERT INTO rate_windows AS kept (key, window_start, hits)"
    " SELECT key, window_start, :events"
    " FROM unnest(CAST(:keys AS varchar[]), CAST(:starts AS timestamptz[]))"
    " AS asked (key, window_start)"
    " ON CONFLICT (key, window_start)"
    # A long idle client and a wrong clock must not overflow the column.
    " DO UPDATE SET hits = least(kept.hits + excluded.hits, 2000000000)"
    " RETURNING key, hits"
)


@dataclass(frozen=True, slots=True)
class Window:
    """What is left of one limit, after the events of this request."""

    words: str
    limit: int
    used: int
    ends_in_s: int

    @property
    def is_exceeded(self) -> bool:
        return self.used > self.limit

    @property
    def headers(self) -> Mapping[str, str]:
        """What a client reads to slow down before it is refused."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(0, self.limit - self.used)),
            "RateLimit-Reset": str(self.ends_in_s),
        }


def spend_events(session: Session, key_id: str, events: int, rules: Rules) -> Window:
    """Count events of a key; return the limit that is nearest to its end.

    Raises `TooManyRequests`, with the seconds to wait, when one of the two is exceeded: then
    nothing of the request may be stored.
    """
    now = clock.now()
    limits = (
        ("minute", MINUTE_S, rules.events_per_minute),
        ("day", DAY_S, rules.events_per_day),
    )
    starts = {words: _start(now, seconds) for words, seconds, _ in limits}
    counted = session.execute(
        _SPEND,
        {
            "keys": [f"events:{words}:{key_id}" for words in starts],
            "starts": list(starts.values()),
            "events": events,
        },
    )
    used: dict[str, int] = dict(map(tuple, counted))
    windows = [
        Window(
            words,
            limit,
            used[f"events:{words}:{key_id}"],
            math.ceil(starts[words].timestamp() + seconds - now.timestamp()),
        )
        for words, seconds, limit in limits
    ]
    for window in reversed(windows):
        if window.is_exceeded:
            raise _refusal(window, events)
    return min(windows, key=lambda window: (window.limit - window.used) / window.limit)


def _start(now: datetime, seconds: int) -> datetime:
    return datetime.fromtimestamp(now.timestamp() // seconds * seconds, tz=now.tzinfo)


def _refusal(window: Window, events: int) -> TooManyRequests:
    left = max(0, window.limit - (window.used - events))
    advice = (
        f"send {left:,} of them, or come back in {window.ends_in_s:,} seconds"
        if left
        else f"come back in {window.ends_in_s:,} seconds"
    )
    refusal = TooManyRequests(
        f"This API key may send {window.limit:,} events a {window.words}. Nothing of this request"
        f" was stored; {advice}.",
        window.ends_in_s,
    )
    refusal.headers.update({**window.headers, "RateLimit-Remaining": str(left)})
    return refusal
