"""Invitations: a secret in a mail, which whoever invites can read as well."""

import re

from tests.factories.identity import PASSWORD
from tests.security.conftest import link_path, newest_mail
from tests.support.browser import Visitor


def test_invitation_dies_with_the_rights_of_whoever_sent_it(app, alder, invite, visitor):
    """Else somebody who is about to be removed leaves a back door open for a week."""
    admin, owner = alder.as_person("admin"), alder.as_person("owner")
    path = invite(alder, admin, "back.door@people.example", "admin")
    removal = f"{alder.path}/people/{alder.people['admin'].id}/removal"
    owner.post(removal, {"reason": "left in anger", "csrf_token": owner.token()})
    response = visitor.client.get(path)
    assert response.status_code in (404, 409), "a removed admin's invitation still opens the door"


def test_link_does_not_tell_whether_an_address_has_an_account_elsewhere(
    alder, birch, invite, visitor
):
    """Whoever may invite reads the link in the outbox, so what the form says is theirs to read."""
    admin = alder.as_person("admin")
    known = visitor.get(invite(alder, admin, birch.people["owner"].email))
    unknown = visitor.get(invite(alder, admin, "nobody.at.all@people.example"))
    assert fields_of(known) == fields_of(unknown)


def test_wrong_password_at_an_invitation_is_in_the_log_of_its_owner(alder, birch, invite, visitor):
    """A refused sign-in is; the same guess at the acceptance page leaves no trace."""
    victim = birch.people["owner"]
    page = visitor.get(invite(alder, alder.as_person("admin"), victim.email))
    visitor.submit(page, "Join", expect=422, name="Somebody", password="a wrong guess")
    failed = [event for event in birch.log("session.started") if event.outcome == "failure"]
    assert [event.actor_id for event in failed] == [str(victim.account_id)]


def test_link_box_of_a_mail_holds_the_invitation_and_nothing_from_a_name(app, alder, invite):
    owner = alder.as_person("owner")
    bait = "https://evil.example/invitations/alder.0.x"
    path = invite(alder, owner, "bait@people.example", "admin")
    guest = Visitor(app)
    guest.submit(guest.get(path), "Join", name=bait, password=PASSWORD)
    invite(alder, guest, "innocent@people.example")
    mail = newest_mail(alder, "innocent@people.example")
    assert f'value="{bait}"' not in owner.get(f"{alder.path}/settings/outbox/{mail.id}").text


def test_admin_cannot_take_an_owners_invitation_out_of_the_outbox(app, alder, invite):
    """The link makes whoever opens it first an owner, and the outbox shows it to every admin."""
    invite(alder, alder.as_person("owner"), "second.owner@people.example", "owner")
    mail = newest_mail(alder, "second.owner@people.example")
    shown = alder.as_person("admin").client.get(f"{alder.path}/settings/outbox/{mail.id}").text
    taken = re.search(r"/invitations/[\w.-]+", shown)
    if taken is None:
        return
    thief = Visitor(app)
    thief.submit(thief.get(taken.group()), "Join", name="The admin", password=PASSWORD)
    form = thief.get(f"{alder.path}/people/{alder.people['analyst'].id}/role", expect=200)
    assert 'value="owner"' not in form.text, "the admin can make owners now, so is one"


def test_name_of_a_person_is_one_line(alder, invite, visitor):
    """It becomes the subject of mails, where a line break is another header or an error."""
    page = visitor.get(invite(alder, alder.as_person("owner"), "lines@people.example"))
    name = "Ann\r\nBcc: everybody@people.example"
    visitor.client.post(
        page.form("Join").action,
        data={**page.form("Join").values, "name": name, "password": PASSWORD},
    )
    account = alder.account("lines@people.example")
    assert account is None or account.name.isprintable()


def test_invitation_is_spent_by_its_first_acceptance(alder, invite, app, visitor):
    path = invite(alder, alder.as_person("owner"), "once@people.example")
    visitor.submit(visitor.get(path), "Join", name="Once", password=PASSWORD)
    assert visitor.client.get(path).status_code == 409


def test_secret_of_another_invitation_opens_nothing(alder, invite, visitor):
    owner = alder.as_person("owner")
    one = invite(alder, owner, "one@people.example")
    other = invite(alder, owner, "other@people.example", "owner")
    crossed = f"{other.rpartition('.')[0]}.{one.rpartition('.')[2]}"
    assert visitor.client.get(crossed).status_code == 404


def test_invitation_of_one_tenant_is_none_of_another(alder, birch, invite, visitor):
    path = invite(alder, alder.as_person("owner"), "moved@people.example")
    moved = path.replace(alder.tenant.slug, birch.tenant.slug)
    assert visitor.client.get(moved).status_code == 404


def test_mail_names_the_address_of_the_settings_whatever_host_was_asked(app, alder):
    owner = alder.as_person("owner")
    values = {
        "email": "host@people.example",
        "role": "analyst",
        "csrf_token": owner.token(),
    }
    owner.client.post(
        f"{alder.path}/people/invitations/new",
        data=values,
        headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
    )
    assert link_path(alder, "host@people.example").startswith("/invitations/")
    page = owner.get(f"{alder.path}/people/invitations")
    assert "evil.example" not in page.text


def fields_of(page):
    return [node.get("name") for node in page.form("Join").node.iter("input")]
