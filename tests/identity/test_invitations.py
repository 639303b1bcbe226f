"""Invitations: from the form to the mail to the member, and every way in which they end."""

import datetime as dt

import pytest
from sqlalchemy import select

from app.identity.models import Invitation, Membership
from app.kernel import clock
from tests.factories.identity import PASSWORD, SECRET, InvitationFactory, MembershipFactory


def new(world):
    """Return the address of somebody who has no account yet."""
    return f"new@{world.tenant.slug}.example"


def invite(world, email=None, role="support", expect=200):
    admin = world.as_person("admin")
    page = admin.get(f"{world.path}/people/invitations/new")
    return admin, admin.submit(
        page,
        "Send invitation",
        expect=expect,
        role=role,
        email=new(world) if email is None else email,
    )


def link_in_outbox(world, visitor):
    """Read the link where a tenant without a mail server reads it: on the outbox page."""
    outbox = visitor.get(f"{world.path}/settings/outbox")
    mail = visitor.get(next(href for href in outbox.links.values() if "/outbox/" in href))
    word = next(word for word in mail.words.split() if "/invitations/" in word)
    return word[word.index("/invitations/") :]


def path_of(world, invitation):
    return f"/invitations/{world.tenant.slug}.{invitation.id.hex}.{SECRET}"


def member_of(world, email):
    with world.session() as session:
        return session.scalar(select(Membership).where(Membership.email == email))


def test_new_person_comes_in_by_the_mail(alder, visitor):
    admin, page = invite(alder)
    assert f"{new(alder)} is invited. The invitation is in the outbox" in page.words
    join = visitor.get(link_in_outbox(alder, admin))
    assert join.heading == "Join Alder Health"
    assert f"{new(alder)} is invited as Support reviewer." in join.words
    page = visitor.submit(join, "Join", name="Nora New", password="a long new password")
    assert page.heading == "Overview"
    assert "Nora New" in page.words
    assert member_of(alder, new(alder)).role == "support"
    alder.sign_in(new(alder), "a long new password").get(f"{alder.path}/summaries")


def test_whole_way_is_in_the_log(alder, visitor):
    admin, _ = invite(alder)
    join = visitor.get(link_in_outbox(alder, admin))
    visitor.submit(join, "Join", name="Nora New", password="a long new password")
    (created,) = alder.log("invitation.created")
    assert (created.actor_name, created.target_name) == ("Admin of Alder", new(alder))
    (accepted,) = alder.log("invitation.accepted")
    assert (accepted.actor_name, accepted.extra) == ("Nora New", {"role": "Support reviewer"})
    assert alder.log("session.started")[-1].actor_name == "Nora New"


def test_person_with_an_account_proves_it_with_the_password(alder, birch, visitor):
    known = birch.people["analyst"].email
    admin, _ = invite(alder, email=known)
    join = visitor.get(link_in_outbox(alder, admin))
    refused = visitor.submit(
        join, "Join", expect=422, name="Somebody", password="not theirs at all"
    )
    assert "That password does not fit" in refused.errors
    page = visitor.submit(refused, "Join", name="Somebody", password=PASSWORD)
    assert page.heading == "Overview"
    assert member_of(alder, known).name == "Analyst of Birch"
    assert {"Alder Health", "Birch Health"} <= set(visitor.get("/tenants").links)


def test_secret_of_an_invitation_is_stored_only_as_a_hash(alder):
    admin, _ = invite(alder)
    secret = link_in_outbox(alder, admin).rsplit(".", 1)[1]
    with alder.session() as session:
        stored = session.scalar(select(Invitation).where(Invitation.email == new(alder)))
    assert secret not in str(vars(stored))


def test_second_invitation_to_the_same_address_is_refused(alder):
    admin, _ = invite(alder)
    page = admin.get(f"{alder.path}/people/invitations/new")
    page = admin.submit(page, "Send invitation", expect=422, email=new(alder).upper())
    assert "has an open invitation; withdraw it to send another" in page.errors
    assert page.form("Send invitation").values["email"] == new(alder).upper()
    assert len(alder.log("invitation.created")) == 1


def test_member_is_not_invited_again(alder):
    _, page = invite(alder, email=alder.people["auditor"].email, expect=422)
    assert "is a member already" in page.errors


@pytest.mark.parametrize("email", ["nobody", "a@b", "a b@c.example", "", "a@b.example\x00"])
def test_address_that_cannot_be_one_is_refused(alder, email):
    _, page = invite(alder, email=email, expect=422)
    assert "Work email:" in page.errors


def test_withdrawn_invitation_lets_nobody_in(alder, visitor):
    admin, page = invite(alder)
    link = link_in_outbox(alder, admin)
    assert "withdrawn" in admin.submit(page, "Withdraw").words
    page = visitor.get(link, expect=409)
    assert "was used, withdrawn, or has expired" in page.words
    assert len(alder.log("invitation.revoked")) == 1


def test_withdrawn_address_can_be_invited_again(alder):
    admin, page = invite(alder)
    admin.submit(page, "Withdraw")
    page = admin.get(f"{alder.path}/people/invitations/new")
    assert "is invited" in admin.submit(page, "Send invitation", email=new(alder)).words


@pytest.mark.parametrize("state", ["expires_at", "revoked_at", "accepted_at"])
def test_closed_invitation_says_so(alder, visitor, state):
    invitation = alder.make(InvitationFactory, **{state: clock.now() - dt.timedelta(seconds=1)})
    page = visitor.get(path_of(alder, invitation), expect=409)
    assert "Ask for a new one." in page.words


def test_invitation_is_used_once(alder, visitor):
    invitation = alder.make(InvitationFactory, email=new(alder))
    join = visitor.get(path_of(alder, invitation))
    answers = {"name": "Nora New", "password": "a long new password"}
    visitor.submit(join, "Join", **answers)
    visitor.get(path_of(alder, invitation), expect=409)


def test_invitation_that_closes_while_the_form_is_open_lets_nobody_in(alder, visitor):
    admin, page = invite(alder)
    join = visitor.get(link_in_outbox(alder, admin))
    admin.submit(page, "Withdraw")
    visitor.submit(join, "Join", expect=409, name="Nora", password="a long new password")
    assert member_of(alder, new(alder)) is None


def test_two_invitations_make_one_member(alder, visitor):
    """Two admins who invite at the same moment may both get through."""
    first, second = (alder.make(InvitationFactory, email=new(alder)) for _ in range(2))
    join = visitor.get(path_of(alder, first))
    visitor.submit(join, "Join", name="Nora New", password="a long new password")
    join = visitor.get(path_of(alder, second))
    page = visitor.submit(join, "Join", expect=422, name="Nora New", password="a long new password")
    assert "is a member already" in page.errors


@pytest.mark.parametrize("change", ["secret", "id", "tenant", "nothing like one"])
def test_made_up_link_is_not_there(alder, birch, visitor, change):
    invitation = alder.make(InvitationFactory)
    slug, ident = alder.tenant.slug, invitation.id.hex
    links = {
        "secret": f"{slug}.{ident}.another",
        "id": f"{slug}.{'0' * 32}.{SECRET}",
        "tenant": f"{birch.tenant.slug}.{ident}.{SECRET}",
        "nothing like one": "x",
    }
    visitor.get(f"/invitations/{links[change]}", expect=404)


def test_short_password_is_refused_and_the_name_kept(alder, visitor):
    invitation = alder.make(InvitationFactory, email=new(alder))
    join = visitor.get(path_of(alder, invitation))
    page = visitor.submit(join, "Join", expect=422, name="Nora New", password="short")
    assert "Use 12 characters or more." in page.errors
    assert page.form("Join").values["name"] == "Nora New"


def test_longest_address_is_shown_everywhere(alder, visitor):
    """Nothing that a form takes may be too long for the page that shows it."""
    email = f"{'a' * 300}@people.example"
    admin, page = invite(alder, email=email)
    assert page.heading.startswith("aaa")
    assert "Join Alder" in visitor.get(link_in_outbox(alder, admin)).heading


def test_blanks_are_no_name(alder, visitor):
    invitation = alder.make(InvitationFactory, email=new(alder))
    join = visitor.get(path_of(alder, invitation))
    page = visitor.submit(join, "Join", expect=422, name="   ", password="a long new password")
    assert "Write your name." in page.errors


def test_list_of_invitations_says_what_became_of_each(alder):
    past = clock.now() - dt.timedelta(days=1)
    alder.make(InvitationFactory, email="a@x.example", expires_at=past)
    alder.make(InvitationFactory, email="b@x.example", revoked_at=past)
    alder.make(InvitationFactory, email="c@x.example", accepted_at=past)
    alder.make(InvitationFactory, email="d@x.example")
    page = alder.as_person("owner").get(f"{alder.path}/people/invitations")
    assert {row[0]: row[2] for row in page.rows} == {
        "a@x.example": "expired",
        "b@x.example": "revoked",
        "c@x.example": "accepted",
        "d@x.example": "open",
    }


def test_removed_member_can_come_back_by_invitation(alder, visitor):
    member = alder.make(MembershipFactory, name="Rita Returns")
    owner = alder.as_person("owner")
    owner.submit(owner.get(f"{alder.path}/people/{member.id}/removal"), "Remove")
    admin, _ = invite(alder, email=member.email, role="auditor")
    join = visitor.get(link_in_outbox(alder, admin))
    visitor.submit(join, "Join", name="Rita", password=PASSWORD)
    assert member_of(alder, member.email).role == "auditor"
