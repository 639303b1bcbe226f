"""Laws of commands: each writes exactly one event, and none when it comes to nothing."""

import inspect
from collections import Counter

import pytest
from sqlalchemy import create_engine, text

from app.kernel.actor import Actor, ActorType
from app.kernel.commands import COMMANDS
from app.kernel.database import current_session
from app.kernel.problems import PermissionMissing
from app.vocabulary.audit_tags import AuditTag
from tests.laws.command_calls import CALLS

pytestmark = pytest.mark.law

# Commands that run before an actor has permissions, or on nobody's behalf; each with the reason.
WITHOUT_PERMISSION = {
    "app.identity.gate._record_denial": "Writes down that somebody had no permission.",
    "app.identity.service.invitations.accept_invitation": "The invited have no role yet.",
    "app.identity.service.sign_in._try_sign_in": "Nobody is signed in yet.",
    "app.identity.service.sign_in.end_session": "Everybody may end their own session.",
    "app.tenancy.service.create_tenant": "Only the command line calls it.",
}


@pytest.fixture
def events(settings):
    """The actions in all logs, oldest first, as the owner of the tables sees them."""
    engine = create_engine(settings.database.for_owner())

    def read() -> list[str]:
        with engine.connect() as connection:
            return list(
                connection.scalars(text("SELECT action FROM audit_events ORDER BY received_at, id"))
            )

    yield read
    engine.dispose()


def test_every_command_has_a_call_here(app):
    assert set(COMMANDS) == set(CALLS), "Add the new command to tests/laws/command_calls.py."


def test_commands_without_a_permission_are_the_named_ones(app):
    found = {name for name, spec in COMMANDS.items() if spec.requires is None}
    assert found == set(WITHOUT_PERMISSION)


def test_every_audit_tag_is_written_by_some_command(app):
    assert {spec.audit for spec in COMMANDS.values()} == set(AuditTag)


def test_every_command_says_what_it_does(app):
    for name in COMMANDS:
        function = CALLS[name].function
        if not function.__name__.startswith("_"):
            assert inspect.getdoc(function), name


@pytest.mark.parametrize("name", sorted(CALLS))
def test_command_writes_exactly_one_event_of_its_tag(app, alder, events, name):
    with app.test_request_context("/"), alder.session():
        run = CALLS[name].prepare(alder)
        before = events()
        run()
    # One of them deletes events, and so what was there before may have become less.
    assert Counter(events()) - Counter(before) == Counter([COMMANDS[name].audit.value])


@pytest.mark.parametrize("name", sorted(set(CALLS) - set(WITHOUT_PERMISSION)))
def test_command_refuses_somebody_without_the_permission(app, alder, events, name):
    nobody = Actor(ActorType.PERSON, "nobody", "Nobody", tenant_id=alder.tenant.id)
    with app.test_request_context("/"), alder.session():
        run = CALLS[name].prepare(alder)
        before = events()
        with pytest.raises(PermissionMissing):
            run(nobody)
        assert events() == before


@pytest.mark.parametrize("name", sorted(CALLS))
def test_command_that_fails_at_the_end_leaves_nothing(app, alder, events, name, monkeypatch):
    """The event cannot be written, so the change must not be there either."""

    def broken(*_arguments):
        raise RuntimeError("the log is away")

    with app.test_request_context("/"), alder.session():
        run = CALLS[name].prepare(alder)
        before = events()
        monkeypatch.setitem(app.extensions, "ballast.recorder", broken)
        with pytest.raises(RuntimeError, match="the log is away"):
            run()
        assert events() == before
        assert not current_session().new
        assert not current_session().dirty
