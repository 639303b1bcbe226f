"""Transactions: all or nothing, one at a time, and never by accident."""

import pytest
from sqlalchemy import select, text

from app.identity.service.api_keys import create_api_key
from app.kernel.database import current_session, unit_of_work
from app.kernel.mail import OutboxMessage
from app.kernel.rate_limit import spend
from app.vocabulary.permissions import Permission
from tests.factories.mail import OutboxMessageFactory


def begin_and_fail():
    with unit_of_work() as session:
        session.add(OutboxMessageFactory.build())
        session.flush()
        raise ZeroDivisionError


def subjects(world):
    with world.session() as session:
        return list(session.scalars(select(OutboxMessage.subject)))


def test_unit_inside_a_unit_is_refused(alder):
    with alder.session(), unit_of_work(), pytest.raises(RuntimeError, match="already open"):  # noqa: SIM117  it is the inner one that is refused
        with unit_of_work():
            pass


def test_command_inside_a_command_is_refused(alder):
    with alder.session(), unit_of_work(), pytest.raises(RuntimeError, match="already open"):
        create_api_key(
            alder.system(),
            name="k",
            scopes=(Permission.AUDIT_EVENT_CREATE,),
            lifetime_days=None,
        )


def test_count_of_a_limit_inside_a_unit_is_refused(alder):
    """Otherwise the count would commit half of what the unit has begun."""
    with alder.session(), unit_of_work(), pytest.raises(RuntimeError, match="already open"):
        spend("a key", allowed=1, window_s=60)


def test_unit_that_fails_leaves_nothing_and_the_next_one_works(alder):
    with alder.session():
        with pytest.raises(ZeroDivisionError):
            begin_and_fail()
        with unit_of_work():
            current_session().add(OutboxMessageFactory.build(subject="The second"))
    assert subjects(alder) == ["The second"]


def test_what_no_unit_commits_is_gone(alder):
    with alder.session() as session:
        session.add(OutboxMessageFactory.build())
        session.flush()
    assert subjects(alder) == []


def test_without_a_session_nothing_pretends_to_be_one():
    with pytest.raises(RuntimeError, match="No session is open here"):
        current_session()


def test_statement_that_never_ends_is_cut_off(alder):
    with alder.session() as session:
        assert session.scalar(text("SHOW statement_timeout")) == "15s"
