"""What can go wrong with people, sessions, invitations and keys."""

from app.kernel.problems import InvalidInput, Problem, Refused


class SignInRefused(Problem):
    """Address and password do not fit. Says no more, so that nobody can probe for addresses."""

    status = 422
    code = "sign-in-refused"
    title = "That did not work"


class LastOwner(Refused):
    """The tenant would be left without an owner."""


class NotYourself(Refused):
    """Nobody changes their own place in a tenant; somebody else has to."""


class NothingToChange(Refused):
    """The member has this place already; the log shall not say that it changed."""


class RoleOutOfReach(Refused):
    """Nobody can give or take what they do not hold, and only owners make or unmake owners."""


class AlreadyMember(InvalidInput):
    """The address belongs to a member already, or to somebody with an open invitation."""


class InvitationClosed(Refused):
    """The invitation was used, withdrawn, or has expired."""


class KeyRevoked(Refused):
    """The key was revoked before."""
