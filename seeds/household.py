"""How a tenant came to its people: the beginning, invitations, changed roles, goodbyes."""

import dataclasses
import datetime as dt

from app.audit.event import Party
from app.identity.roles import Role
from app.vocabulary.audit_tags import AuditTag
from seeds.paperwork import INSTALLER, change_role, invite
from seeds.scene import Member, Scene

_FAREWELLS = (
    "HR-2091: contract ended",
    "HR-2117: on leave until further notice",
)


def found_tenant(scene: Scene, former_name: str) -> None:
    """Tell how the tenant was made, filled with people, and named."""
    tenant = Party("tenant", str(scene.tenant_id), former_name)
    scene.record(scene.founded_at, INSTALLER, AuditTag.TENANT_CREATED, targets=(tenant,))
    for member in scene.members:
        _join(scene, member)
    owner = scene.members[0]
    scene.record(
        scene.calendar.on_day(0, "09:20"),
        owner.actor,
        AuditTag.SETTING_UPDATED,
        owner.desk,
        targets=(dataclasses.replace(tenant, name=scene.tenant.name),),
        changes={
            "name": {"before": former_name, "after": scene.tenant.name},
            "time_zone": {"before": "UTC", "after": scene.tenant.time_zone},
        },
    )


def change_people(scene: Scene) -> None:
    """Tell who got another role, and who was suspended."""
    for member in scene.members:
        changed_at = member.role_changed_at
        if changed_at is not None:
            roles = (member.first_role, member.person.role)
            change_role(scene, _admin(scene, changed_at), member, roles, changed_at)
    leavers = [member for member in scene.members if member.suspended_at]
    for member, reason in zip(leavers, _FAREWELLS, strict=False):
        _suspend(scene, member, reason)


def suspend_by_mistake(scene: Scene, member: Member, at: dt.datetime, reason: str) -> None:
    """Tell that the wrong person was suspended, and reinstated minutes later."""
    admin = _admin(scene, at)
    statuses = {"active": "suspended", "suspended": "active"}
    moments = (at, at + dt.timedelta(minutes=11, seconds=38))
    tags = (AuditTag.MEMBER_SUSPENDED, AuditTag.MEMBER_REINSTATED)
    for moment, tag, (before, after) in zip(moments, tags, statuses.items(), strict=True):
        scene.record(
            moment,
            admin.actor,
            tag,
            admin.desk,
            targets=(member.target,),
            changes={"status": {"before": before, "after": after}},
            reason=reason if tag is AuditTag.MEMBER_SUSPENDED else None,
        )


def _join(scene: Scene, member: Member) -> None:
    invited_at = member.joined_at - scene.chance.pause(18 * 60, 55 * 60)
    is_first = member is scene.members[0]
    if is_first:
        invited_at = member.joined_at - dt.timedelta(minutes=19)
    host = None if is_first else _admin(scene, invited_at)
    invitation = invite(scene, host, member.person.email, member.first_role, invited_at)
    invitation.accepted_at = member.joined_at
    scene.record(
        member.joined_at,
        member.actor,
        AuditTag.INVITATION_ACCEPTED,
        member.desk,
        targets=(member.target,),
        metadata={"role": member.first_role.label},
    )


def _suspend(scene: Scene, member: Member, reason: str) -> None:
    at = member.suspended_at
    if at is None:
        return
    admin = _admin(scene, at)
    scene.record(
        at,
        admin.actor,
        AuditTag.MEMBER_SUSPENDED,
        admin.desk,
        targets=(member.target,),
        changes={"status": {"before": "active", "after": "suspended"}},
        reason=reason,
    )


def _admin(scene: Scene, at: dt.datetime) -> Member:
    """Return who does an admin's work at that time: an admin, or the owner while there is none."""
    admins = scene.members_with(Role.ADMIN, at) or scene.members_with(Role.OWNER, at)
    return admins[0]
