"""Who may give or take which role."""

from uuid import UUID

from app.identity.queries.memberships import find_active_membership
from app.identity.roles import Role, reaches
from app.kernel.actor import Actor, ActorType


def may_reach(actor: Actor, role: Role) -> bool:
    """Say whether the actor may give somebody the role, or take it from them.

    The command line and the worker reach every role; what people reach is said by `roles.reaches`.
    """
    if actor.type is not ActorType.PERSON:
        return actor.type is ActorType.SYSTEM
    membership = find_active_membership(UUID(actor.id))
    return membership is not None and reaches(Role(membership.role), role)
