"""The app's own events are what their contracts say: every command is run, its event checked."""

import pytest

from app.audit import record
from app.audit.contract.machine import list_problems
from app.audit.contract.validate import read_event
from app.audit.event_types.coverage.matrix import list_holes
from app.audit.event_types.document import document_of
from app.audit.event_types.lock import list_findings
from app.audit.event_types.own import own_contract, own_types
from app.identity.roles import Role
from app.vocabulary.audit_tags import AuditTag
from tests.laws.command_calls import CALLS

pytestmark = pytest.mark.law


@pytest.fixture
def written(app, monkeypatch):
    """The events that the app writes about itself, as they are about to be stored."""
    drafts = []
    store = record.store_events

    def keep(session, events, **named):
        drafts.extend(events)
        return store(session, events, **named)

    monkeypatch.setattr(record, "store_events", keep)
    return drafts


def misfits(drafts):
    """Return what of the drafts does not fit: the frame's reader and the type's contract."""
    found = []
    for draft in drafts:
        document = document_of(draft)
        assert read_event(document).action == draft.action
        contract = own_contract(draft.action, draft.version)
        found += [
            f"{draft.action} {problem.pointer}: {problem.detail}"
            for problem in list_problems(contract.validator, document)
        ]
    return found


def test_there_is_a_contract_for_every_action_and_for_nothing_else():
    assert set(own_types()) == {tag.value for tag in AuditTag}


def test_every_contract_is_sound_and_its_samples_fit():
    assert list_findings() == []


@pytest.mark.parametrize("name", sorted(CALLS))
def test_event_of_every_command_fits_its_contract(app, alder, written, name):
    with app.test_request_context("/"), alder.session():
        run = CALLS[name].prepare(alder)
        written.clear()
        run()

    assert written, "The command wrote no event."
    assert misfits(written) == []


def test_events_of_an_evening_of_clicking_fit_their_contracts(alder, written, visitor):
    """What the calls above leave out: failures, denials, reasons, readings."""
    owner, analyst = alder.as_person(Role.OWNER), alder.as_person(Role.ANALYST)
    visitor.submit(
        visitor.get("/sign-in"),
        "Sign in",
        expect=422,
        email=alder.people[Role.OWNER].email,
        password="wrong-password-here",
    )
    owner.get(f"{alder.path}/audit-log?q=action:session.*")
    event = alder.log()[-1]
    owner.get(f"{alder.path}/audit-log/{event.id}")
    analyst.get(f"{alder.path}/settings/edit", expect=403)

    actions = {draft.action for draft in written}
    assert {"session.started", "audit_event.searched", "access.denied"} <= actions
    assert misfits(written) == []


def test_no_changing_route_is_without_an_event(app):
    assert list_holes(app) == []
