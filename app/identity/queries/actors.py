"""Resolving the person that a job acts for."""

from uuid import UUID

from app.identity.queries.memberships import find_active_membership
from app.identity.roles import Role, permissions_of
from app.kernel.actor import Actor, ActorType
from app.kernel.database import current_session, scope_of
from app.kernel.problems import NotSignedIn


def load_actor(account_id: UUID) -> Actor:
    """Return the account as an actor in the tenant in scope, with what it may do right now.

    Raises `NotSignedIn` for somebody who is no active member any more.
    """
    membership = find_active_membership(account_id)
    if membership is None:
        raise NotSignedIn("The person who asked for this is no active member any more.")
    return Actor(
        ActorType.PERSON,
        str(account_id),
        membership.name,
        tenant_id=scope_of(current_session()).tenant_id,
        permissions=permissions_of(Role(membership.role)),
    )
