"""Reading members."""

from uuid import UUID

from app.identity.models import Membership
from app.kernel.actor import Actor
from app.kernel.database import current_session
from app.kernel.problems import NotFound


def get_member(actor: Actor, member_id: UUID) -> Membership:
    """Return a member of the actor's tenant; raises `NotFound`."""
    member = current_session().get(Membership, (actor.tenant, member_id))
    if member is None:
        raise NotFound
    return member
