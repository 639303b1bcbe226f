"""One person in two tenants: both are a click away, and neither shines into the other."""

import pytest
from sqlalchemy import update

from app.identity.models import Membership
from app.kernel.database import unit_of_work
from tests.factories.audit import AuditEventFactory
from tests.factories.identity import MembershipFactory


@pytest.fixture
def guest(alder, birch):
    """Alder's analyst, who is an auditor of Birch."""
    member = alder.people["analyst"]
    values = {"name": member.name, "email": member.email, "role": "auditor"}
    return birch.make(MembershipFactory, account_id=member.account_id, **values)


def suspend(world, member):
    with world.session() as session, unit_of_work():
        statement = update(Membership).where(Membership.id == member.id)
        session.execute(statement.values(status="suspended"))


def test_person_with_two_tenants_chooses_one(alder, birch, guest):
    page = alder.as_person("analyst").get("/tenants")
    assert page.heading == "Choose an organisation"
    assert page.links["Alder Health"] == f"{alder.path}/"
    assert page.links["Birch Health"] == f"{birch.path}/"


def test_person_with_one_tenant_is_not_asked(alder, birch):
    assert alder.as_person("owner").get("/tenants").heading == "Overview"


def test_switcher_lists_both_and_marks_the_one_that_is_open(alder, birch, guest):
    page = alder.as_person("analyst").get(f"{birch.path}/")
    hrefs = {link.get("href"): link.get("aria-current") for link in page.tree.iter("a")}
    assert hrefs[f"{birch.path}/"] is not None
    assert f"{alder.path}/" in hrefs


def test_switcher_lists_nobody_elses_tenant(alder, birch, guest):
    page = alder.as_person("owner").get(f"{alder.path}/")
    assert "Birch" not in page.text


def test_each_tenants_pages_show_only_its_own(alder, birch, guest):
    alder.make(AuditEventFactory, target_name="Document of Alder")
    birch.make(AuditEventFactory, target_name="Document of Birch")
    person = alder.as_person("analyst")
    for here, there in ((alder, birch), (birch, alder)):
        own, other = here.tenant.name.split()[0], there.tenant.name.split()[0]
        log = person.get(f"{here.path}/audit-log?q=action:document").words
        assert f"Document of {own}" in log
        assert f"Document of {other}" not in log
        people = " ".join(row[0] for row in person.get(f"{here.path}/people").rows)
        assert f"Owner of {own}" in people
        assert f"Owner of {other}" not in people


def test_role_is_that_of_the_tenant_that_is_open(alder, birch, guest):
    person = alder.as_person("analyst")
    assert person.get(f"{birch.path}/settings").heading == "Settings"
    person.get(f"{alder.path}/settings", expect=403)


def test_suspended_in_one_tenant_stays_in_the_other(alder, birch, guest):
    person = alder.as_person("analyst")
    suspend(alder, alder.people["analyst"])
    person.get(f"{alder.path}/", expect=404)
    page = person.get(f"{birch.path}/")
    assert page.heading == "Overview"
    assert "Alder Health" not in page.links


def test_suspended_while_signed_in_is_shut_out_at_the_next_request(alder):
    person, owner = alder.as_person("analyst"), alder.as_person("owner")
    person.get(f"{alder.path}/people")
    member = f"{alder.path}/people/{alder.people['analyst'].id}"
    owner.submit(owner.get(f"{member}/suspension"), "Suspend", reason="left")
    person.get(f"{alder.path}/people", expect=404)
    owner.submit(owner.get(member), "Reinstate")
    person.get(f"{alder.path}/people")


def test_what_happens_in_one_tenant_is_not_in_the_log_of_the_other(alder, birch, guest):
    person = alder.as_person("analyst")
    before = len(birch.log())
    person.get(f"{alder.path}/audit-log?q=outcome:failure")
    assert len(alder.log("audit_event.searched")) == 1
    assert len(birch.log()) == before
