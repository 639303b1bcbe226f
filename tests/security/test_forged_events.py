"""A key of a program must not write what only the app itself may testify to."""

import pytest
from sqlalchemy import text

from app.kernel import clock
from app.vocabulary.audit_tags import AuditTag


@pytest.mark.parametrize("tag", [AuditTag.SUMMARY_APPROVED, AuditTag.MEMBER_ROLE_CHANGED])
def test_program_cannot_testify_to_an_act_of_a_person_in_the_app(alder, program_of, tag):
    program = program_of(alder)
    answer = program.send(event_of(alder.people["owner"], tag.value))
    assert answer.status_code == 422 or program.key_id in stored(alder, tag.value)


def test_event_says_which_key_brought_it(alder, program_of):
    program = program_of(alder)
    program.send(event_of(alder.people["owner"], "invoice.approved"))
    told = stored(alder, "invoice.approved")
    assert program.key_id in told, "nobody can tell whose key wrote this event"


def test_key_writes_into_its_own_tenant_only(alder, birch, program_of):
    program = program_of(alder)
    moved = program.key.replace(alder.tenant.slug, birch.tenant.slug)
    program.key = moved
    assert program.send(event_of(alder.people["owner"], "invoice.paid")).status_code == 401
    assert not birch.log("invoice.paid")
    assert not alder.log("invoice.paid")


def test_same_event_id_in_two_tenants_is_two_events(alder, birch, program_of):
    event = {**event_of(alder.people["owner"], "invoice.sent"), "id": str(alder.tenant.id)}
    answers = [program_of(world).send(event).get_json()["status"] for world in (alder, birch)]
    assert answers == ["stored", "stored"]


def test_api_takes_no_cookie_in_place_of_a_key(alder):
    owner = alder.as_person("owner")
    response = owner.client.post("/api/v1/events", json=event_of(alder.people["owner"], "a.b"))
    assert response.status_code == 401


def stored(world, action):
    """Return everything that the log holds of the one event of that action, as text."""
    with world.session() as session:
        rows = text("SELECT to_jsonb(audit_events)::text FROM audit_events WHERE action = :action")
        return session.scalars(rows, {"action": action}).one()


def event_of(member, action):
    return {
        "occurred_at": clock.now().isoformat(),
        "actor": {"type": "person", "id": str(member.account_id), "name": member.name},
        "action": action,
    }
