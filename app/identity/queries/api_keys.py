"""Reading API keys."""

import datetime as dt

from sqlalchemy import func, select

from app.identity.models import ApiKey
from app.kernel import clock
from app.kernel.database import current_session


def count_keys_expiring(within: dt.timedelta = dt.timedelta(days=14)) -> int:
    """Return how many live keys of the tenant in scope end soon."""
    now = clock.now()
    live = select(ApiKey.id).where(
        ApiKey.revoked_at.is_(None), ApiKey.expires_at > now, ApiKey.expires_at <= now + within
    )
    return current_session().scalar(select(func.count()).select_from(live.subquery())) or 0
