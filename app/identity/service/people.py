"""Changing the place of people in a tenant."""

from uuid import UUID

from sqlalchemy import or_, select

from app.identity.errors import LastOwner, NothingToChange, NotYourself, RoleOutOfReach
from app.identity.models import Membership
from app.identity.reach import may_reach
from app.identity.roles import Role, permissions_of
from app.kernel.actor import Actor
from app.kernel.commands import Change, Done, Target, command
from app.kernel.database import current_session
from app.kernel.problems import NotFound
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission


@command(requires=Permission.MEMBER_UPDATE, audit=AuditTag.MEMBER_ROLE_CHANGED)
def change_role(actor: Actor, member_id: UUID, *, role: Role) -> Done[None]:
    """Give a member another role.

    Raises `RoleOutOfReach` when the actor reaches not both roles, `NotYourself`,
    `NothingToChange`, `LastOwner`, `NotFound`.
    """
    member = _member_in_reach(actor, member_id)
    demand_reach(actor, role)
    before = Role(member.role)
    if before is role:
        raise NothingToChange(f"{member.name} is {role.label} already; nothing changed.")
    _demand_another_owner(member)
    member.role = role.value
    return Done(
        None, targets=(target_of(member),), changes={"role": Change(before.label, role.label)}
    )


@command(requires=Permission.MEMBER_UPDATE, audit=AuditTag.MEMBER_SUSPENDED)
def suspend_member(actor: Actor, member_id: UUID, *, reason: str) -> Done[None]:
    """Shut a member out, from their next request on, until they are reinstated."""
    member = _member_in_reach(actor, member_id)
    if member.status == "suspended":
        raise NothingToChange(f"{member.name} is suspended already; nothing changed.")
    _demand_another_owner(member)
    before, member.status = member.status, "suspended"
    return Done(
        None,
        targets=(target_of(member),),
        changes={"status": Change(before, "suspended")},
        reason=reason or None,
    )


@command(requires=Permission.MEMBER_UPDATE, audit=AuditTag.MEMBER_REINSTATED)
def reinstate_member(actor: Actor, member_id: UUID) -> Done[None]:
    """Let a suspended member in again, with the role they had."""
    member = _member_in_reach(actor, member_id)
    if member.status == "active":
        raise NothingToChange(f"{member.name} is not suspended; nothing changed.")
    before, member.status = member.status, "active"
    return Done(None, targets=(target_of(member),), changes={"status": Change(before, "active")})


@command(requires=Permission.MEMBER_DELETE, audit=AuditTag.MEMBER_REMOVED)
def remove_member(actor: Actor, member_id: UUID, *, reason: str) -> Done[None]:
    """End a membership. What the person did stays in the log; the account itself stays too."""
    member = _member_in_reach(actor, member_id)
    _demand_another_owner(member)
    current_session().delete(member)
    return Done(
        None,
        targets=(target_of(member),),
        changes={"role": Change(Role(member.role).label, None)},
        reason=reason or None,
    )


def demand_reach(actor: Actor, role: Role) -> None:
    """Raise `RoleOutOfReach` unless the actor may give and take the role."""
    if may_reach(actor, role):
        return
    if role is Role.OWNER:
        raise RoleOutOfReach("Only an owner can make, change or remove an owner. Ask one.")
    missing = permissions_of(role) - actor.permissions
    raise RoleOutOfReach(
        f"The role {role.label} holds {', '.join(sorted(missing))}, which you do not."
    )


def target_of(member: Membership) -> Target:
    """Return a member as the target of an event."""
    return Target("member", str(member.id), member.name)


def _member_in_reach(actor: Actor, member_id: UUID) -> Membership:
    """Return the member as they are now, locked together with all owners, in one order.

    Whoever changes places in this tenant at the same time waits here, so that two owners who
    demote each other at once cannot both succeed.
    """
    statement = (
        select(Membership)
        .where(or_(Membership.id == member_id, Membership.role == Role.OWNER.value))
        .order_by(Membership.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    locked = {member.id: member for member in current_session().scalars(statement)}
    member = locked.get(member_id)
    if member is None:
        raise NotFound
    if str(member.account_id) == actor.id:
        raise NotYourself("You cannot change your own place here; ask another admin or owner.")
    demand_reach(actor, Role(member.role))
    return member


def _demand_another_owner(member: Membership) -> None:
    """Raise `LastOwner` if the member is the only active owner."""
    statement = select(Membership.id).where(
        Membership.role == Role.OWNER.value, Membership.status == "active"
    )
    if set(current_session().scalars(statement)) == {member.id}:
        raise LastOwner("This is the only active owner. Make somebody else an owner first.")
