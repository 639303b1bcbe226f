"""Reading invitations."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, func, select

from app.identity.errors import InvitationClosed
from app.identity.models import Invitation
from app.identity.queries.memberships import find_active_membership
from app.identity.roles import Role, reaches
from app.identity.tokens import hash_secret, same_hash
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.database import Scope, current_session, enter_scope
from app.kernel.problems import NotFound
from app.kernel.untrusted_text import is_storable
from app.tenancy.queries import find_tenant


@dataclass(frozen=True, slots=True)
class Offer:
    """An invitation as the invited person sees it.

    It says nothing of whether they have an account: whoever invited them may be reading along.
    """

    tenant_name: str
    tenant_slug: str
    email: str
    role: str


_KEPT = Invitation.__table__.columns
# How many invitations of a `tenant` are open at the moment `now`; made once, because every page
# counts them together with what else waits.
OPEN_INVITATIONS = (
    select(func.count())
    .where(
        _KEPT.tenant_id == bindparam("tenant"),
        _KEPT.accepted_at.is_(None),
        _KEPT.revoked_at.is_(None),
        _KEPT.expires_at > bindparam("now"),
    )
    .scalar_subquery()
)


def open_invitation_to(email: str) -> bool:
    """Say whether the address has an invitation that can still be accepted."""
    statement = select(Invitation.id).where(
        Invitation.email == email,
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > clock.now(),
    )
    return current_session().scalar(statement) is not None


def count_open_invitations(actor: Actor) -> int:
    """Return how many invitations of the actor's tenant wait for an answer."""
    asked = {"tenant": actor.tenant, "now": clock.now()}
    return current_session().scalar(select(OPEN_INVITATIONS), asked) or 0


def get_open_invitation(token: str) -> Invitation:
    """Return the invitation of a mail's token, its tenant now in scope.

    Raises `NotFound` for a token that never was, `InvitationClosed` for one that is no longer.
    """
    if not is_storable(token):
        raise NotFound
    slug, _, rest = token.partition(".")
    id_hex, _, secret = rest.partition(".")
    tenant = find_tenant(slug)
    invitation_id = _uuid(id_hex)
    if tenant is None or invitation_id is None:
        raise NotFound
    session = current_session()
    enter_scope(session, Scope(tenant_id=tenant.id))
    invitation = session.get(Invitation, (tenant.id, invitation_id))
    if invitation is None or not same_hash(invitation.secret_hash, hash_secret(secret)):
        raise NotFound
    closed = invitation.accepted_at or invitation.revoked_at
    if closed or invitation.expires_at <= clock.now():
        raise InvitationClosed(
            "This invitation was used, withdrawn, or has expired. Ask for a new one."
        )
    if not _is_still_offered(invitation):
        raise InvitationClosed("Whoever invited you may not do so any more. Ask for a new one.")
    return invitation


def _is_still_offered(invitation: Invitation) -> bool:
    """Say whether whoever sent the invitation could still send it.

    What the command line invites is offered by the tenant itself, which does not go.
    """
    if invitation.invited_by == invitation.tenant_id:
        return True
    sender = find_active_membership(invitation.invited_by)
    return sender is not None and reaches(Role(sender.role), Role(invitation.role))


def get_offer(token: str) -> Offer:
    """Return what an invitation offers, by the mail's token; raises like the above."""
    invitation = get_open_invitation(token)
    tenant = find_tenant(token.partition(".")[0])
    if tenant is None:
        raise NotFound
    return Offer(tenant.name, tenant.slug, invitation.email, invitation.role)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(hex=text)
    except ValueError:
        return None
