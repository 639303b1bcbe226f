"""Owners: only owners make and unmake them, and one always stays."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select, update

from app.identity.errors import LastOwner, RoleOutOfReach
from app.identity.models import Membership
from app.identity.queries.actors import load_actor
from app.identity.roles import Role
from app.identity.service.people import change_role, remove_member, suspend_member
from app.kernel.database import unit_of_work
from tests.factories.identity import MembershipFactory

WAYS = {
    "demoted": lambda actor, member: change_role(actor, member.id, role=Role.ANALYST),
    "suspended": lambda actor, member: suspend_member(actor, member.id, reason=""),
    "removed": lambda actor, member: remove_member(actor, member.id, reason=""),
}


def active_owners(world):
    with world.session() as session:
        statement = select(func.count()).where(
            Membership.role == "owner", Membership.status == "active"
        )
        return session.scalar(statement)


def owner_path(world):
    return f"{world.path}/people/{world.people['owner'].id}"


def test_admin_cannot_make_an_owner(alder):
    admin = alder.as_person("admin")
    page = admin.get(f"{alder.path}/people/{alder.people['analyst'].id}/role")
    assert "Everything, and the only role" not in page.words
    admin.submit(page, "Change role", expect=422, role="owner")
    assert active_owners(alder) == 1


def test_admin_cannot_invite_an_owner(alder):
    admin = alder.as_person("admin")
    page = admin.get(f"{alder.path}/people/invitations/new")
    values = {"email": "new@people.example", "role": "owner"}
    admin.submit(page, "Send invitation", expect=422, **values)
    assert alder.log("invitation.created") == []


@pytest.mark.parametrize("action", ["role", "suspension", "removal"])
def test_admin_cannot_touch_an_owner(alder, action):
    alder.make(MembershipFactory, role="owner")
    admin = alder.as_person("admin")
    values = {"role": "analyst", "csrf_token": admin.token()}
    page = admin.post(f"{owner_path(alder)}/{action}", values, expect=409)
    assert "Only an owner can make, change or remove an owner." in page.words
    assert active_owners(alder) == 2


def test_admin_is_not_offered_what_they_cannot_do(alder):
    admin = alder.as_person("admin")
    assert "Change role" not in admin.get(owner_path(alder)).links
    analyst = f"{alder.path}/people/{alder.people['analyst'].id}"
    assert "Change role" in admin.get(analyst).links


def test_rule_stands_in_the_service_and_not_only_in_the_form(app, alder):
    with app.test_request_context("/"), alder.session():
        admin = alder.actor("admin")
        with pytest.raises(RoleOutOfReach, match="Only an owner"):
            change_role(admin, alder.people["analyst"].id, role=Role.OWNER)


def test_owner_makes_another_owner(alder):
    owner = alder.as_person("owner")
    page = owner.get(f"{alder.path}/people/{alder.people['admin'].id}/role")
    owner.submit(page, "Change role", role="owner")
    assert active_owners(alder) == 2


def test_owner_unmakes_another_owner(alder):
    other = alder.make(MembershipFactory, role="owner", name="Other Owner")
    owner = alder.as_person("owner")
    page = owner.get(f"{alder.path}/people/{other.id}/removal")
    assert "no member any more" in owner.submit(page, "Remove").words


def test_suspended_owner_does_not_count_as_one_who_stays(app, alder):
    """The last active owner stays, even if a suspended one is there, whoever asks."""
    alder.make(MembershipFactory, role="owner", status="suspended")
    with app.test_request_context("/"), alder.session():
        for way in WAYS.values():
            with pytest.raises(LastOwner):
                way(alder.system(), alder.people["owner"])
    assert active_owners(alder) == 1


@pytest.mark.parametrize("way", sorted(WAYS))
def test_two_owners_cannot_unmake_each_other_at_once(app, alder, way):
    alder.people["second"] = alder.make(MembershipFactory, role="owner")
    start = Barrier(2)

    def unmake(mine, theirs):
        with app.test_request_context("/"), alder.session():
            actor = load_actor(alder.people[mine].account_id)
            start.wait()
            try:
                WAYS[way](actor, alder.people[theirs])
            except (LastOwner, RoleOutOfReach) as refusal:
                return type(refusal).__name__
            return "done"

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(unmake, ["owner", "second"], ["second", "owner"]))
    assert answers.count("done") == 1, answers
    assert active_owners(alder) == 1


def test_member_made_owner_meanwhile_is_treated_as_one(app, alder):
    """What was read before waiting for the lock is not what is decided on."""
    member = alder.people["analyst"]
    with app.test_request_context("/"), alder.session() as session:
        session.get(Membership, (alder.tenant.id, member.id))
        admin = alder.actor("admin")
        with alder.session() as other, unit_of_work():
            other.execute(update(Membership).where(Membership.id == member.id).values(role="owner"))
        with pytest.raises(RoleOutOfReach):
            suspend_member(admin, member.id, reason="")


def test_invitation_as_owner_stays_good_for_an_owner_only(alder):
    owner = alder.as_person("owner")
    page = owner.get(f"{alder.path}/people/invitations/new")
    owner.submit(page, "Send invitation", email="second@people.example", role="owner")
    assert alder.log("invitation.created")[-1].extra == {"role": "Owner"}
