"""Acts of admins that leave more than an event: invitations, keys, roles."""

import datetime as dt

from app.audit.event import Party
from app.identity.models import ApiKey, Invitation
from app.identity.roles import Role
from app.identity.service.invitations import LIFETIME
from app.kernel.actor import Source
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission
from seeds.scene import NOWHERE, Member, Scene

# Soon enough for the start page to say so.
EXPIRES_IN_DAYS = 9

INSTALLER = Party("system", "flask tenants create", "flask tenants create")


def invite(
    scene: Scene, host: Member | None, email: str, role: Role, at: dt.datetime
) -> Invitation:
    """Tell an invitation and return its row, still open; without a host the installer invites."""
    invitation = Invitation(
        id=scene.chance.id_at(at),
        email=email,
        role=role.value,
        secret_hash=scene.chance.unusable_hash(),
        invited_by=host.account_id if host else scene.tenant_id,
        created_at=at,
        expires_at=at + LIFETIME,
    )
    scene.invitations.append(invitation)
    scene.record(
        at,
        host.actor if host else INSTALLER,
        AuditTag.INVITATION_CREATED,
        host.desk if host else NOWHERE,
        targets=(_target(invitation),),
        metadata={"role": role.label},
    )
    return invitation


def revoke_invitation(scene: Scene, invitation: Invitation, host: Member, at: dt.datetime) -> None:
    """Tell that an open invitation was withdrawn."""
    invitation.revoked_at = at
    scene.record(
        at, host.actor, AuditTag.INVITATION_REVOKED, host.desk, targets=(_target(invitation),)
    )


def create_key(
    scene: Scene,
    maker: Member,
    name: str,
    at: dt.datetime,
    *,
    days: int | None = None,
    source: Source | None = None,
) -> ApiKey:
    """Tell that a key was made, valid for so many days or until revoked; return its row."""
    scope = Permission.AUDIT_EVENT_CREATE.value
    key = ApiKey(
        id=scene.chance.id_at(at),
        name=name,
        secret_hash=scene.chance.unusable_hash(),
        scopes=[scope],
        created_by=maker.person.name,
        created_at=at,
        expires_at=at + dt.timedelta(days=days) if days else None,
    )
    scene.api_keys.append(key)
    scene.record(
        at,
        maker.actor,
        AuditTag.API_KEY_CREATED,
        source or maker.desk,
        targets=(Party("api_key", str(key.id), name),),
        metadata={"scopes": scope},
    )
    return key


def revoke_key(scene: Scene, key: ApiKey, revoker: Member, at: dt.datetime) -> None:
    """Tell that a key was revoked."""
    key.revoked_at = at
    target = Party("api_key", str(key.id), key.name)
    scene.record(at, revoker.actor, AuditTag.API_KEY_REVOKED, revoker.desk, targets=(target,))


def change_role(
    scene: Scene, admin: Member, member: Member, roles: tuple[Role, Role], at: dt.datetime
) -> None:
    """Tell that a member got another role, at the admin's desk."""
    scene.record(
        at,
        admin.actor,
        AuditTag.MEMBER_ROLE_CHANGED,
        admin.desk,
        targets=(member.target,),
        changes={"role": {"before": roles[0].label, "after": roles[1].label}},
    )


def _target(invitation: Invitation) -> Party:
    return Party("invitation", str(invitation.id), invitation.email)
