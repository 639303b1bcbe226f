"""Signing in and out.

Both act on an account, not on a tenant; their events go into the log of every tenant that the
account is an active member of.
"""

from sqlalchemy import select

from app.identity.errors import SignInRefused
from app.identity.models import Account, SignInSession
from app.identity.passwords import verify_password
from app.identity.queries.memberships import tenant_ids_of
from app.identity.sessions import SignedIn, open_session
from app.kernel import clock
from app.kernel.actor import Actor, ActorType
from app.kernel.commands import Done, Outcome, Target, command
from app.kernel.database import current_session
from app.kernel.problems import NotFound
from app.kernel.rate_limit import forget, spend
from app.vocabulary.audit_tags import AuditTag

TRIES_PER_ADDRESS = 10
TRIES_PER_ADDRESS_ANYWHERE = 100
TRIES_PER_SOURCE = 50
WINDOW_S = 600

_REFUSAL = "The address or the password is not right. Check both, or ask an admin to invite you."


def sign_in(actor: Actor, *, email: str, password: str) -> SignedIn:
    """Start a session. Raises `SignInRefused`, or `TooManyRequests` after too many tries.

    A refusal for a known account is in its tenants' logs; one for an unknown address is in
    none, because it belongs to nobody.
    """
    email = email.strip().lower()
    spend_try(actor, email)
    signed_in = _try_sign_in(actor, email, password)
    if signed_in is None:
        raise SignInRefused(_REFUSAL)
    forget(f"sign-in:pair:{email}:{actor.source.ip}")
    return signed_in


def spend_try(actor: Actor, email: str) -> None:
    """Count a try of a password for the address; raises `TooManyRequests` when none is left."""
    spend(f"sign-in:source:{actor.source.ip}", allowed=TRIES_PER_SOURCE, window_s=WINDOW_S)
    # By address and source together, so that a stranger cannot lock somebody out from where they
    # are; many sources together still meet a limit.
    pair = f"sign-in:pair:{email}:{actor.source.ip}"
    spend(pair, allowed=TRIES_PER_ADDRESS, window_s=WINDOW_S)
    spend(f"sign-in:address:{email}", allowed=TRIES_PER_ADDRESS_ANYWHERE, window_s=WINDOW_S)


@command(requires=None, audit=AuditTag.SESSION_STARTED)
def _try_sign_in(actor: Actor, email: str, password: str) -> Done[SignedIn | None]:
    account = current_session().scalar(select(Account).where(Account.email == email))
    fits = verify_password(account.password_hash if account else None, password)
    if account is None:
        return Done(None, tenant_ids=(), outcome=Outcome.FAILURE)
    person = Actor(ActorType.PERSON, str(account.id), account.name, source=actor.source)
    tenants = tenant_ids_of(account.id)
    if not fits:
        return Done(
            None, actor=person, tenant_ids=tenants, outcome=Outcome.FAILURE, reason="password"
        )
    signed_in = open_session(account, actor.source)
    return Done(
        signed_in,
        actor=person,
        tenant_ids=tenants,
        targets=(_target(signed_in.session),),
    )


@command(requires=None, audit=AuditTag.SESSION_ENDED)
def end_session(actor: Actor, session: SignInSession) -> Done[None]:
    """End one session of the actor's own account. Raises `NotFound` for somebody else's."""
    if str(session.account_id) != actor.id:
        raise NotFound
    session.ended_at = clock.now()
    return Done(None, targets=(_target(session),), tenant_ids=tenant_ids_of(session.account_id))


def _target(session: SignInSession) -> Target:
    return Target("session", str(session.id), session.ip or "session")
