"""When to try again, and how long to wait before it."""

import email.utils
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from app.gateway.chat import AttemptFailedError

MAX_ATTEMPTS = 3
FIRST_PAUSE_S = 0.5

# Parameters that some endpoints know under another name, or do not know at all. The first
# refusal of one is answered with the other name, or without it, where None stands here.
_OTHERWISE_CALLED = {
    "max_tokens": "max_completion_tokens",
    "max_completion_tokens": "max_tokens",
    "temperature": None,
    "top_p": None,
    "seed": None,
}


def pause_before_next(
    failure: AttemptFailedError, tries: int, remaining_s: float, jitter: float
) -> float | None:
    """Return the seconds to wait before another try, or None when there is to be none.

    `tries` were made so far, `remaining_s` is left of the deadline, and `jitter` from 0 to 1
    spreads callers who failed together. What the endpoint asks for with Retry-After is waited
    for exactly, unless the deadline comes first.
    """
    if not failure.may_pass or tries >= MAX_ATTEMPTS:
        return None
    backoff = FIRST_PAUSE_S * 2 ** (tries - 1) * (0.5 + jitter / 2)
    pause = backoff if failure.retry_after_s is None else failure.retry_after_s
    return pause if pause < remaining_s else None


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110, section 10.2.3), or None.

    Both forms are read, a number of seconds and a date; nonsense counts as no header.
    """
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        seconds = _seconds_until(value, now)
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def without_parameter(
    parameters: Mapping[str, Any], refused: str | None, refused_before: Sequence[str]
) -> dict[str, Any] | None:
    """Return the parameters as an endpoint may take them that does not know the one `refused`.

    None when there is no other way to say it, which is also so for one refused before.
    """
    if refused is None or refused not in parameters or refused not in _OTHERWISE_CALLED:
        return None
    rest = {name: value for name, value in parameters.items() if name != refused}
    other_name = _OTHERWISE_CALLED[refused]
    if other_name is None:
        return rest
    return None if other_name in refused_before else {**rest, other_name: parameters[refused]}


def _seconds_until(date: str, now: datetime) -> float:
    try:
        moment = email.utils.parsedate_to_datetime(date)
    except (ValueError, OverflowError):
        return math.nan
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - now).total_seconds()
