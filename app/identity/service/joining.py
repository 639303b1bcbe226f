"""Accepting an invitation and signing in with it, in one go."""

from app.identity.errors import SignInRefused
from app.identity.queries.accounts import has_account
from app.identity.queries.invitations import Offer
from app.identity.service.invitations import DOES_NOT_FIT, accept_invitation
from app.identity.service.sign_in import sign_in, spend_try
from app.identity.sessions import SignedIn, let_in
from app.kernel.actor import Actor


def join(actor: Actor, token: str, offer: Offer, *, name: str, password: str) -> None:
    """Make the visitor a member by the invitation of the token, and sign them in.

    Somebody with an account signs in first, so that a wrong guess is limited, and is in the log
    of their tenants, like any other. Raises `SignInRefused`, `TooManyRequests`, `AlreadyMember`,
    `InvitationClosed`, `NotFound`.
    """
    if not has_account(offer.email):
        spend_try(actor, offer.email)
        accept_invitation(actor, token, name=name, password=password)
        let_in(sign_in(actor, email=offer.email, password=password))
        return
    signed_in = _prove(actor, offer, password)
    accept_invitation(actor, token, name=name, password=password)
    let_in(signed_in)


def _prove(actor: Actor, offer: Offer, password: str) -> SignedIn:
    try:
        return sign_in(actor, email=offer.email, password=password)
    except SignInRefused:
        raise SignInRefused(DOES_NOT_FIT) from None
