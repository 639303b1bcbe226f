"""Reading one's own sessions."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.identity.models import SignInSession
from app.identity.sessions import IDLE_LIFETIME
from app.kernel import clock
from app.kernel.database import current_session
from app.kernel.problems import NotFound


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A browser in which an account is signed in."""

    id: UUID
    ip: str | None
    user_agent: str | None
    last_seen_at: datetime
    is_current: bool


def list_live_sessions(account_id: UUID, current_id: str | None) -> tuple[LiveSession, ...]:
    """Return where the account is signed in, the browser seen last first."""
    now = clock.now()
    statement = (
        select(SignInSession)
        .where(
            SignInSession.account_id == account_id,
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > now,
            SignInSession.last_seen_at > now - IDLE_LIFETIME,
        )
        .order_by(SignInSession.last_seen_at.desc())
        .limit(50)
    )
    return tuple(
        LiveSession(
            one.id,
            str(one.ip) if one.ip else None,
            one.user_agent,
            one.last_seen_at,
            str(one.id) == current_id,
        )
        for one in current_session().scalars(statement)
    )


def get_own_session(account_id: UUID, session_id: UUID) -> SignInSession:
    """Return one of the account's own sessions; raises `NotFound` for anybody else's."""
    session = current_session().get(SignInSession, session_id)
    if session is None or session.account_id != account_id:
        raise NotFound
    return session
