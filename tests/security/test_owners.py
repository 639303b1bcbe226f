"""An owner is above an admin: "the only role that can make another owner", say the roles."""

import pytest


def test_admin_cannot_make_an_owner(alder):
    member = alder.people["analyst"]
    admin = alder.as_person("admin")
    path = f"{alder.path}/people/{member.id}/role"
    admin.client.post(path, data={"role": "owner", "csrf_token": admin.token()})
    assert role_of(alder, member) == "analyst"


def test_admin_cannot_invite_an_owner(alder):
    admin = alder.as_person("admin")
    values = {"email": "accomplice@people.example", "role": "owner", "csrf_token": admin.token()}
    admin.client.post(f"{alder.path}/people/invitations/new", data=values)
    assert "accomplice@people.example" not in admin.get(f"{alder.path}/people/invitations").text


@pytest.mark.parametrize(
    ("step", "values"),
    [("role", {"role": "editor"}), ("suspension", {"reason": ""}), ("removal", {"reason": ""})],
)
def test_admin_cannot_touch_an_owner(alder, step, values):
    """With a second owner there, the rule of the last owner protects nobody."""
    owner = alder.as_person("owner")
    second = f"{alder.path}/people/{alder.people['analyst'].id}/role"
    owner.post(second, {"role": "owner", "csrf_token": owner.token()})
    admin = alder.as_person("admin")
    path = f"{alder.path}/people/{alder.people['owner'].id}/{step}"
    admin.client.post(path, data={**values, "csrf_token": admin.token()})
    assert owner.client.get(f"{alder.path}/settings").status_code == 200


def test_two_owners_who_demote_each_other_leave_one(alder):
    owner, other = alder.people["owner"], alder.people["admin"]
    first = alder.as_person("owner")
    first.post(
        f"{alder.path}/people/{other.id}/role", {"role": "owner", "csrf_token": first.token()}
    )
    second = alder.as_person("admin")
    path = f"{alder.path}/people"
    second.post(f"{path}/{owner.id}/role", {"role": "admin", "csrf_token": second.token()})
    first.client.post(
        f"{path}/{other.id}/role", data={"role": "analyst", "csrf_token": first.token()}
    )
    assert "owner" in {role_of(alder, owner), role_of(alder, other)}


@pytest.mark.parametrize("role", ["analyst", "support", "editor", "auditor"])
def test_nobody_below_an_admin_changes_people(alder, role):
    person = alder.as_person(role)
    path = f"{alder.path}/people/{alder.people['admin'].id}"
    for step in ("role", "suspension", "removal", "reinstatement"):
        sent = {"role": "analyst", "csrf_token": person.token()}
        assert person.client.post(f"{path}/{step}", data=sent).status_code == 403
    assert role_of(alder, alder.people["admin"]) == "admin"


def role_of(world, member):
    with world.session() as session:
        return session.get(type(member), (world.tenant.id, member.id)).role
