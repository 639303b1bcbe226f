"""Mail that cannot be sent must not keep back any other, least of all another tenant's."""

import smtplib
import ssl
from dataclasses import replace

import pytest
from sqlalchemy import delete, select

from app.boot.chores import send_all_mail
from app.kernel.database import unit_of_work
from app.kernel.mail import MAIL, OutboxMessage
from tests.factories.mail import OutboxMessageFactory

# Each passes for an address in the form, and breaks the writer of mail headers in its own way.
POISON = (".:@b.c", "a@[b.c")


@pytest.fixture
def posted(alder, birch, post_office):
    """The mail server; what it could not take is forgotten, else it would wait for every test."""
    yield post_office
    for world in (alder, birch):
        with world.session(), unit_of_work() as session:
            session.execute(delete(OutboxMessage))


def test_subject_with_a_line_break_keeps_back_no_other_tenants_mail(app, alder, birch, posted):
    alder.make(OutboxMessageFactory, subject="Ann\nBcc: all@people.example invites you")
    birch.make(OutboxMessageFactory, recipient="waits@people.example")
    send_everything(app)
    assert "waits@people.example" in posted.recipients


@pytest.mark.parametrize("address", POISON)
def test_address_that_no_mail_can_carry_keeps_back_no_other_tenants_mail(
    app, worlds, posted, address
):
    """Whoever may invite writes the address; the tenants after theirs would wait for ever."""
    first, later = sorted(worlds, key=lambda world: world.tenant.id)
    owner = first.as_person("owner")
    page = owner.get(f"{first.path}/people/invitations/new")
    values = {**page.form("Send invitation").values, "email": address}
    owner.client.post(page.form("Send invitation").action, data=values)
    later.make(OutboxMessageFactory, recipient="waits@people.example")
    send_everything(app)
    assert "waits@people.example" in posted.recipients


def test_refused_address_keeps_back_no_later_mail(app, alder, posted):
    alder.make(OutboxMessageFactory, recipient="refused@people.example")
    alder.make(OutboxMessageFactory, recipient="later@people.example")
    send_everything(app)
    assert "later@people.example" in posted.recipients


def test_sent_mail_loses_its_text_with_the_secret_in_it(app, alder, posted):
    mail = alder.make(OutboxMessageFactory, body="/invitations/a.b.secret")
    send_everything(app)
    with alder.session() as session:
        stored = session.scalar(select(OutboxMessage).where(OutboxMessage.id == mail.id))
        assert stored.body == ""


def test_password_of_the_mail_server_goes_to_a_server_that_proved_its_name(
    app, alder, posted, monkeypatch
):
    """Without a context `starttls` checks no certificate, so anybody in between reads along."""
    contexts = []
    monkeypatch.setattr(
        smtplib.SMTP, "starttls", lambda _server, *, context=None: contexts.append(context)
    )
    monkeypatch.setattr(smtplib.SMTP, "login", lambda *_credentials: None)
    settings = replace(app.extensions[MAIL], user="ballast", password="p")
    monkeypatch.setitem(app.extensions, MAIL, settings)
    alder.make(OutboxMessageFactory)
    send_everything(app)
    assert contexts[0].verify_mode is ssl.CERT_REQUIRED


def send_everything(app):
    with app.app_context():
        try:
            send_all_mail()
        except Exception as error:  # noqa: BLE001  which one it is does not matter
            pytest.fail(f"One mail ended the whole round: {error!r}")
