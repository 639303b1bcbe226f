"""Signed-in browsers: sessions in the database, found by the secret in the browser's cookie."""

import datetime as dt
from typing import cast

from flask import session as cookie
from flask_login import LoginManager, UserMixin, login_user, logout_user
from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from app.identity.models import Account, SignInSession
from app.identity.tokens import hash_secret, new_secret
from app.kernel import clock
from app.kernel.actor import Source
from app.kernel.database import current_session, has_session, unit_of_work
from app.kernel.ids import uuid7

LIFETIME = dt.timedelta(days=14)
IDLE_LIFETIME = dt.timedelta(days=3)
# `last_seen_at` is moved at most this often, so that reading pages does not write on each.
SEEN_EVERY = dt.timedelta(minutes=5)

# Made once: every page begins with it.
_LIVE = (
    select(SignInSession)
    .options(joinedload(SignInSession.account))
    .where(
        SignInSession.secret_hash == bindparam("secret"),
        SignInSession.ended_at.is_(None),
        SignInSession.expires_at > bindparam("now"),
        SignInSession.last_seen_at > bindparam("idle_since"),
    )
)

login_manager = LoginManager()


class SignedIn(UserMixin):
    """What Flask-Login keeps of a request's session: its secret is the id in the cookie."""

    def __init__(self, secret: str, session: SignInSession) -> None:
        self.secret = secret
        self.session = session

    def get_id(self) -> str:
        return self.secret

    @property
    def account(self) -> Account:
        return self.session.account


def open_session(account: Account, source: Source) -> SignedIn:
    """Start a session for an account in the open unit of work."""
    secret, now = new_secret(), clock.now()
    session = SignInSession(
        id=uuid7(),
        secret_hash=hash_secret(secret),
        account_id=account.id,
        started_at=now,
        last_seen_at=now,
        expires_at=now + LIFETIME,
        ip=source.ip,
        user_agent=source.user_agent,
        account=account,
    )
    current_session().add(session)
    return SignedIn(secret, session)


@login_manager.user_loader  # type: ignore[untyped-decorator]  # Flask-Login ships no types
def find_signed_in(secret: str) -> SignedIn | None:
    """Return the live session of a secret, or None when it is unknown, ended or too old."""
    if not has_session():
        # Flask-Login asks for every template; the page of an error has no database to ask.
        return None
    now = clock.now()
    asked = {"secret": hash_secret(secret), "now": now, "idle_since": now - IDLE_LIFETIME}
    session = cast("SignInSession | None", current_session().scalar(_LIVE, asked))
    if session is None:
        return None
    if now - session.last_seen_at > SEEN_EVERY:
        with unit_of_work():
            session.last_seen_at = now
    return SignedIn(secret, session)


def let_in(signed_in: SignedIn) -> None:
    """Put a session's secret into the browser's cookie.

    What the cookie held before is forgotten: somebody else may have planted it, and would know
    the token that its forms carry.
    """
    cookie.clear()
    login_user(signed_in)


def forget_browser() -> None:
    """Take everything out of the browser's cookie."""
    logout_user()
    cookie.clear()
