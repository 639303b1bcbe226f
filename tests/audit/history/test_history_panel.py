"""The page of an object says what changed in it, to those who may read the log."""

import pytest

from app.audit.history.panel import history_panel
from app.identity.roles import Role
from app.identity.service.people import change_role, suspend_member
from app.kernel.actor import Actor, ActorType
from tests.factories.audit import AuditEventFactory
from tests.factories.event_types import EventTypeVersionFactory
from tests.factories.identity import ApiKeyFactory, InvitationFactory
from tests.factories.summaries import SummaryFactory

TITLE = "What changed here"


@pytest.fixture
def auditor(alder):
    return alder.people[Role.AUDITOR]


def changes(alder, member, number=1):
    """Change the role of a member as often, the way the app does it."""
    with alder.app.test_request_context("/"), alder.session():
        for turn in range(number):
            role = Role.ANALYST if turn % 2 == 0 else Role.AUDITOR
            change_role(alder.actor("owner"), member.id, role=role)


def history(page):
    section = next(n for n in page.tree.iter("section") if n.get("aria-label") == TITLE)
    body = section.find(".//tbody")
    return [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in body]


def test_page_of_a_member_says_what_changed_and_who_did_it(alder, auditor):
    changes(alder, auditor)
    page = alder.as_person("owner").get(f"{alder.path}/people/{auditor.id}")
    (row,) = history(page)
    assert row[1:] == [
        "member.role_changed",
        "Owner of Alder",
        "role: Auditor → Analyst",
        "success",
    ]


def test_without_a_change_the_reason_stands_there(alder, auditor):
    with alder.app.test_request_context("/"), alder.session():
        suspend_member(alder.actor("owner"), auditor.id, reason="Left in May")
    page = alder.as_person("owner").get(f"{alder.path}/people/{auditor.id}")
    assert "status: active → suspended" in page.words or "Left in May" in page.words


def test_history_leads_to_the_events_and_to_all_of_them_in_the_log(alder, auditor):
    changes(alder, auditor, 8)
    owner = alder.as_person("owner")
    page = owner.get(f"{alder.path}/people/{auditor.id}")
    assert len(history(page)) == 6
    assert "The latest 6 events." in page.words
    log = owner.get(page.links["All in the audit log"])
    assert "8 events ·" in log.words


def test_who_may_not_read_the_log_gets_no_history(alder):
    nobody = Actor(ActorType.PERSON, "nobody", "Nobody", tenant_id=alder.tenant.id)
    with alder.app.test_request_context("/"), alder.session():
        assert history_panel(nobody, "anything") is None
    assert alder.log("audit_event.searched") == []


def test_looking_at_a_history_is_a_search_of_the_log(alder, auditor):
    alder.as_person("owner").get(f"{alder.path}/people/{auditor.id}")
    (event,) = alder.log("audit_event.searched")
    assert event.extra["query"] == f"target:{auditor.id}"


@pytest.mark.parametrize(
    ("factory", "path"),
    [
        (InvitationFactory, "people/invitations/{id}"),
        (ApiKeyFactory, "settings/api-keys/{id}"),
        (SummaryFactory, "summaries/{id}"),
    ],
)
def test_every_record_has_its_history(alder, factory, path):
    made = alder.make(factory)
    alder.make(AuditEventFactory, target_id=str(made.id), action="record.touched")
    page = alder.as_person("owner").get(f"{alder.path}/{path.format(id=made.id)}")
    assert history(page)[0][1] == "record.touched"


def test_settings_and_event_types_have_theirs(alder):
    owner = alder.as_person("owner")
    settings = owner.get(f"{alder.path}/settings")
    assert "tenant.created" in [row[1] for row in history(settings)]
    made = alder.make(EventTypeVersionFactory)
    alder.make(AuditEventFactory, target_id=made.action, action="event_type.registered")
    page = owner.get(f"{alder.path}/event-types/{made.action}")
    assert history(page)[0][1] == "event_type.registered"


def test_object_without_events_says_so(alder, auditor):
    page = alder.as_person("owner").get(f"{alder.path}/people/{auditor.id}")
    assert "The audit log has no event about this" in page.words


def test_events_of_another_tenant_are_not_in_it(alder, birch, auditor):
    birch.make(AuditEventFactory, target_id=str(auditor.id), action="foreign.thing_done")
    page = alder.as_person("owner").get(f"{alder.path}/people/{auditor.id}")
    assert "foreign.thing_done" not in page.words


def test_what_a_program_wrote_does_not_pass_for_what_the_app_wrote(alder, auditor):
    alder.make(
        AuditEventFactory,
        action="member.role_changed",
        actor_name="Owner of Alder",
        target_type="member",
        target_id=str(auditor.id),
        received_from="a key",
    )
    page = alder.as_person("owner").get(f"{alder.path}/people/{auditor.id}")
    (row,) = history(page)
    assert row[2].startswith("Owner of Alder")
    assert row[2].endswith("so a program wrote")
