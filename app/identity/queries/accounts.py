"""Reading accounts."""

from sqlalchemy import select

from app.identity.models import Account
from app.kernel.database import current_session


def has_account(email: str) -> bool:
    """Say whether somebody can sign in with the address, which is in lower case."""
    statement = select(Account.id).where(Account.email == email)
    return current_session().scalar(statement) is not None
