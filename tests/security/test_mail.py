"""Mail that cannot be sent must not keep back any other, least of all another tenant's."""

import smtplib
from dataclasses import replace

import pytest
from sqlalchemy import delete, select

from app.boot.chores import send_all_mail
from app.kernel.database import unit_of_work
from app.kernel.mail import MAIL, OutboxMessage
from tests.factories.mail import OutboxMessageFactory


# Each passes for an address in the form, and breaks the writer of mail headers in its own way.
POISON = ("a:@b.c", "a@[b.c")


@pytest.fixture
def posted(app, alder, birch, monkeypatch):
    """Collect what goes to the mail server; it refuses one address, as servers do."""
    sent = []

    class Server:
        def __init__(self, *_address, **_options):
            pass

        def __enter__(self):
            return self

        def __exit__(self, *_error):
            return None

        def send_message(self, message):
            if "refused@" in message["To"]:
                raise smtplib.SMTPRecipientsRefused({message["To"]: (550, b"no such person")})
            sent.append(message["To"])

    monkeypatch.setattr(smtplib, "SMTP", Server)
    settings = app.extensions[MAIL]
    monkeypatch.setitem(app.extensions, MAIL, replace(settings, host="127.0.0.1"))
    yield sent
    # What could not be sent would keep back the mail of every test after this one.
    for world in (alder, birch):
        with world.session(), unit_of_work() as session:
            session.execute(delete(OutboxMessage))


def test_subject_with_a_line_break_keeps_back_no_other_tenants_mail(app, alder, birch, posted):
    alder.make(OutboxMessageFactory, subject="Ann\nBcc: all@people.example invites you")
    birch.make(OutboxMessageFactory, recipient="waits@people.example")
    send_everything(app)
    assert "waits@people.example" in posted


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
    assert "waits@people.example" in posted


def test_refused_address_keeps_back_no_later_mail(app, alder, posted):
    alder.make(OutboxMessageFactory, recipient="refused@people.example")
    alder.make(OutboxMessageFactory, recipient="later@people.example")
    send_everything(app)
    assert "later@people.example" in posted


def test_sent_mail_loses_its_text_with_the_secret_in_it(app, alder, posted):
    mail = alder.make(OutboxMessageFactory, body="/invitations/a.b.secret")
    send_everything(app)
    with alder.session() as session:
        stored = session.scalar(select(OutboxMessage).where(OutboxMessage.id == mail.id))
        assert stored.body == ""


def send_everything(app):
    with app.app_context():
        try:
            send_all_mail()
        except Exception as error:  # noqa: BLE001  which one it is does not matter
            pytest.fail(f"One mail ended the whole round: {error!r}")
