"""What tests of people and their sessions share."""

import pytest
from sqlalchemy import select, update

from app.identity.models import SignInSession
from app.kernel.database import unit_of_work
from app.kernel.routing import database


@pytest.fixture
def sessions_of(app):
    """Return the session rows of a member, oldest first."""

    def rows(member):
        with app.app_context(), database().session() as session:
            statement = select(SignInSession).where(SignInSession.account_id == member.account_id)
            return list(session.scalars(statement.order_by(SignInSession.started_at)))

    return rows


@pytest.fixture
def change_sessions(app):
    """Change the session rows of a member past the app's own commands."""

    def change(member, **values):
        statement = update(SignInSession).where(SignInSession.account_id == member.account_id)
        with app.app_context(), database().session(), unit_of_work() as session:
            session.execute(statement.values(**values))

    return change
