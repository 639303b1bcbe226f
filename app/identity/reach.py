"""Who may give or take which role."""

from app.identity.queries.memberships import is_owner
from app.identity.roles import Role, permissions_of
from app.kernel.actor import Actor


def may_reach(actor: Actor, role: Role) -> bool:
    """Say whether the actor may give somebody the role, or take it from them.

    Nobody reaches beyond what they hold. Being an owner is more than what it permits: an admin
    holds the same permissions, and yet only an owner makes, changes or removes owners.
    """
    if role is Role.OWNER and not is_owner(actor):
        return False
    return permissions_of(role) <= actor.permissions
