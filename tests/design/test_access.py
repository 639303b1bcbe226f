"""The gallery is for people who hold `design:read` in a tenant of theirs, and for nobody else."""

from sqlalchemy import update

from app.identity.models import Membership
from app.kernel.database import unit_of_work
from tests.factories.identity import AccountFactory, MembershipFactory

HOLDERS = ("owner", "admin", "editor")
OTHERS = ("analyst", "support", "auditor")


def suspend(world, role):
    with world.session() as session, unit_of_work():
        statement = update(Membership).where(Membership.id == world.people[role].id)
        session.execute(statement.values(status="suspended"))


def test_holders_of_the_permission_see_the_gallery(alder):
    for role in HOLDERS:
        assert alder.as_person(role).get("/design").heading == "Design system"


def test_others_are_refused_and_the_refusal_is_in_the_log(alder):
    for role in OTHERS:
        person = alder.as_person(role)
        page = person.get("/design/badge/examples/neutral", expect=403)
        assert "design:read" in page.words
        denial = alder.log("access.denied")[-1]
        assert denial.outcome == "denied"
        assert denial.actor_id == str(alder.people[role].account_id)
        assert denial.extra["permission"] == "design:read"
        assert denial.extra["endpoint"] == "design.example"


def test_nobody_signed_in_is_sent_to_sign_in_and_comes_back(visitor):
    response = visitor.client.get("/design/badge")
    assert response.status_code == 303
    assert response.headers["Location"] == "/sign-in?next=/design/badge"


def test_one_tenant_that_gives_the_permission_is_enough(alder, birch):
    analyst = alder.people["analyst"]
    values = {"name": analyst.name, "email": analyst.email, "role": "editor"}
    birch.make(MembershipFactory, account_id=analyst.account_id, **values)
    assert alder.as_person("analyst").get("/design").heading == "Design system"


def test_refusal_is_in_the_log_of_every_tenant_of_the_person(alder, birch):
    analyst = alder.people["analyst"]
    values = {"name": analyst.name, "email": analyst.email, "role": "auditor"}
    birch.make(MembershipFactory, account_id=analyst.account_id, **values)
    alder.as_person("analyst").get("/design", expect=403)
    for world in (alder, birch):
        assert world.log("access.denied")[-1].extra["permission"] == "design:read"


def test_suspended_membership_gives_nothing(alder):
    editor = alder.as_person("editor")
    suspend(alder, "editor")
    before = len(alder.log("access.denied"))
    editor.get("/design", expect=403)
    assert len(alder.log("access.denied")) == before


def test_person_of_no_tenant_is_refused(app, alder):
    with alder.session(), unit_of_work():
        account = AccountFactory(name="Nobody's guest")
    page = alder.sign_in(account.email).get("/design", expect=403)
    assert "Ask an admin of your tenant." in page.words


def test_links_to_the_gallery_are_shown_to_those_who_may_see_it(alder):
    settings = f"{alder.path}/settings"
    assert alder.as_person("owner").get(settings).links["Design system"] == "/design"
    assert "Design system" not in alder.as_person("auditor").get(settings).links
    account = "/account/sessions"
    assert alder.as_person("editor").get(account).links["Design system"] == "/design"
    assert "Design system" not in alder.as_person("analyst").get(account).links


def test_way_back_leads_to_where_the_work_is(alder):
    page = alder.as_person("owner").get("/design")
    assert page.links["Back to work"] == "/"
