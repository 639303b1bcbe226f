"""Inviting people, and accepting an invitation."""

import datetime as dt
from uuid import UUID

from sqlalchemy import select

from app.identity.errors import AlreadyMember, InvitationClosed, SignInRefused
from app.identity.models import Account, Invitation, Membership
from app.identity.passwords import hash_password, verify_password
from app.identity.queries.invitations import get_open_invitation, open_invitation_to
from app.identity.roles import Role
from app.identity.service.people import demand_reach
from app.identity.tokens import hash_secret, new_secret
from app.kernel import clock
from app.kernel.actor import Actor, ActorType
from app.kernel.commands import Done, Target, command
from app.kernel.database import current_session
from app.kernel.ids import uuid7
from app.kernel.mail import Message, queue_mail, wipe_mail
from app.kernel.problems import NotFound
from app.tenancy.queries import get_tenant
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

LIFETIME = dt.timedelta(days=7)

DOES_NOT_FIT = (
    "That password does not fit. If you use Ballast already with this address, this needs the"
    " password you have there."
)


@command(requires=Permission.MEMBER_CREATE, audit=AuditTag.INVITATION_CREATED)
def invite_member(actor: Actor, *, email: str, role: Role, link: str) -> Done[UUID]:
    """Offer somebody a place; the mail goes out once the invitation is stored.

    `link` is the address of the acceptance page with `{token}` where the secret belongs.
    Raises `AlreadyMember`, `RoleOutOfReach`.
    """
    email = email.strip().lower()
    demand_reach(actor, role)
    session = current_session()
    if session.scalar(select(Membership.id).where(Membership.email == email)):
        raise AlreadyMember(f"{email} is a member already.")
    if open_invitation_to(email):
        raise AlreadyMember(f"{email} has an open invitation; withdraw it to send another.")
    secret, now = new_secret(), clock.now()
    invitation = Invitation(
        id=uuid7(),
        email=email,
        role=role.value,
        secret_hash=hash_secret(secret),
        invited_by=UUID(actor.id) if actor.type is ActorType.PERSON else actor.tenant,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    session.add(invitation)
    tenant = get_tenant(actor.tenant)
    address = link.replace("{token}", f"{tenant.slug}.{invitation.id.hex}.{secret}")
    queue_mail(
        Message(
            to=email,
            subject=f"{actor.name} invites you to {tenant.name} on Ballast",
            body=(
                f"{actor.name} invites you to {tenant.name} as {role.label}.\n\n"
                f"Accept here within {LIFETIME.days} days:\n{address}\n\n"
                "If you did not expect this, ignore it: nothing happens.\n"
            ),
            about=invitation.id,
            for_owners=role is Role.OWNER,
        )
    )
    return Done(invitation.id, targets=(_target(invitation),), metadata={"role": role.label})


@command(requires=Permission.MEMBER_CREATE, audit=AuditTag.INVITATION_REVOKED)
def revoke_invitation(actor: Actor, invitation_id: UUID) -> Done[None]:
    """Withdraw an open invitation. Raises `InvitationClosed`, `NotFound`."""
    invitation = current_session().get(Invitation, (actor.tenant, invitation_id))
    if invitation is None:
        raise NotFound
    if invitation.accepted_at or invitation.revoked_at:
        raise InvitationClosed("This invitation is closed already; nothing changed.")
    invitation.revoked_at = clock.now()
    wipe_mail(invitation.id)
    return Done(None, targets=(_target(invitation),))


@command(requires=None, audit=AuditTag.INVITATION_ACCEPTED)
def accept_invitation(actor: Actor, token: str, *, name: str, password: str) -> Done[Account]:
    """Become a member with the invitation's role, by the secret that the mail carried.

    Somebody new gets an account with this name and password. Somebody who has one already keeps
    their name, and shows with the password that it is theirs. Raises `InvitationClosed`,
    `SignInRefused`, `AlreadyMember`, `NotFound`.
    """
    invitation = get_open_invitation(token)
    session = current_session()
    # A second click on the button waits here, and finds the invitation used.
    session.refresh(invitation, with_for_update=True)
    get_open_invitation(token)
    account = session.scalar(select(Account).where(Account.email == invitation.email))
    if account is None:
        account = Account(
            id=uuid7(),
            email=invitation.email,
            name=name,
            password_hash=hash_password(password),
            created_at=clock.now(),
        )
        session.add(account)
        session.flush()
    elif not verify_password(account.password_hash, password):
        raise SignInRefused(DOES_NOT_FIT)
    if session.scalar(select(Membership.id).where(Membership.account_id == account.id)):
        raise AlreadyMember(f"{account.email} is a member already; sign in.")
    now = clock.now()
    invitation.accepted_at = now
    wipe_mail(invitation.id)
    member = Membership(
        id=uuid7(),
        account_id=account.id,
        name=account.name,
        email=account.email,
        role=invitation.role,
        status="active",
        joined_at=now,
    )
    session.add(member)
    person = Actor(
        ActorType.PERSON, str(account.id), account.name, invitation.tenant_id, source=actor.source
    )
    return Done(
        account,
        actor=person,
        targets=(Target("member", str(member.id), member.name),),
        metadata={"role": Role(invitation.role).label},
    )


def _target(invitation: Invitation) -> Target:
    return Target("invitation", str(invitation.id), invitation.email)
