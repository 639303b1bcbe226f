"""Changing the place of people: what happens, what the log says, and what nobody may do."""

import pytest
from sqlalchemy import select

from app.identity.models import Membership


def path_of(world, role):
    return f"{world.path}/people/{world.people[role].id}"


def row_of(world, role):
    with world.session() as session:
        statement = select(Membership).where(Membership.id == world.people[role].id)
        return session.scalar(statement)


def test_role_change_is_in_the_log_with_before_and_after(alder):
    owner = alder.as_person("owner")
    page = owner.get(f"{path_of(alder, 'analyst')}/role")
    page = owner.submit(page, "Change role", role="auditor")
    assert "Analyst of Alder is Auditor now." in page.words
    assert row_of(alder, "analyst").role == "auditor"
    (event,) = alder.log("member.role_changed")
    assert event.changes == {"role": {"before": "Analyst", "after": "Auditor"}}
    assert event.target_name == "Analyst of Alder"
    assert event.actor_name == "Owner of Alder"


def test_new_role_counts_from_the_next_request_on(alder):
    analyst, owner = alder.as_person("analyst"), alder.as_person("owner")
    analyst.get(f"{alder.path}/settings", expect=403)
    page = owner.get(f"{path_of(alder, 'analyst')}/role")
    owner.submit(page, "Change role", role="auditor")
    analyst.get(f"{alder.path}/settings")


def test_suspension_keeps_its_reason(alder):
    owner = alder.as_person("owner")
    page = owner.get(f"{path_of(alder, 'editor')}/suspension")
    page = owner.submit(page, "Suspend", reason="ticket 4711")
    assert "suspended" in page.words
    (event,) = alder.log("member.suspended")
    assert event.reason == "ticket 4711"
    assert event.changes == {"status": {"before": "active", "after": "suspended"}}


def test_reinstated_member_has_the_role_of_before(alder):
    owner = alder.as_person("owner")
    owner.submit(owner.get(f"{path_of(alder, 'support')}/suspension"), "Suspend")
    page = owner.submit(owner.get(path_of(alder, "support")), "Reinstate")
    assert page.heading == "Support reviewer of Alder"
    row = row_of(alder, "support")
    assert (row.status, row.role) == ("active", "support")
    assert len(alder.log("member.reinstated")) == 1


def test_removed_member_is_gone_and_what_they_did_stays(alder):
    analyst, owner = alder.as_person("analyst"), alder.as_person("owner")
    page = owner.get(f"{path_of(alder, 'analyst')}/removal")
    page = owner.submit(page, "Remove", reason="left the company")
    assert page.heading == "People"
    assert row_of(alder, "analyst") is None
    analyst.get(f"{alder.path}/", expect=404)
    assert alder.account(alder.people["analyst"].email) is not None
    started = [event.actor_name for event in alder.log("session.started")]
    assert "Analyst of Alder" in started
    (event,) = alder.log("member.removed")
    assert (event.target_name, event.reason) == ("Analyst of Alder", "left the company")


@pytest.mark.parametrize(
    ("action", "values"),
    [("role", {"role": "auditor"}), ("suspension", {}), ("removal", {}), ("reinstatement", {})],
)
def test_nobody_changes_themselves(alder, action, values):
    owner = alder.as_person("owner")
    values = {**values, "csrf_token": owner.token()}
    page = owner.post(f"{path_of(alder, 'owner')}/{action}", values, expect=409)
    assert "You cannot change your own place here" in page.words
    assert row_of(alder, "owner").role == "owner"
    assert not [event for event in alder.log() if event.action.startswith("member.")]


def test_own_page_offers_no_change(alder):
    page = alder.as_person("owner").get(path_of(alder, "owner"))
    assert not {"Change role", "Suspend", "Remove"} & set(page.links)


@pytest.mark.parametrize(
    ("action", "values", "words"),
    [
        ("role", {"role": "analyst"}, "is Analyst already"),
        ("reinstatement", {}, "is not suspended"),
    ],
)
def test_change_that_changes_nothing_is_refused_and_not_in_the_log(alder, action, values, words):
    owner = alder.as_person("owner")
    values = {**values, "csrf_token": owner.token()}
    page = owner.post(f"{path_of(alder, 'analyst')}/{action}", values, expect=409)
    assert words in page.words
    assert not [event for event in alder.log() if event.action.startswith("member.")]


def test_suspended_member_is_not_suspended_twice(alder):
    owner = alder.as_person("owner")
    page = owner.get(f"{path_of(alder, 'editor')}/suspension")
    owner.submit(page, "Suspend")
    assert "suspended already" in owner.submit(page, "Suspend", expect=409).errors
    assert len(alder.log("member.suspended")) == 1


@pytest.mark.parametrize("role", ["superuser", "", "Owner"])
def test_unknown_role_is_refused_by_the_form(alder, role):
    owner = alder.as_person("owner")
    page = owner.get(f"{path_of(alder, 'analyst')}/role")
    page = owner.submit(page, "Change role", expect=422, role=role)
    assert "Role:" in page.errors
    assert row_of(alder, "analyst").role == "analyst"


def test_reason_that_no_database_can_store_is_refused(alder):
    owner = alder.as_person("owner")
    page = owner.get(f"{path_of(alder, 'analyst')}/suspension")
    page = owner.submit(page, "Suspend", expect=422, reason="a\x00b")
    assert "cannot be stored" in page.errors
