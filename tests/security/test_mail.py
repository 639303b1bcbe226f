"""Mail that cannot be sent must not keep back any other, least of all another tenant's."""

import smtplib
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.boot.chores import send_all_mail
from app.kernel.mail import MAIL, OutboxMessage
from tests.factories.mail import OutboxMessageFactory


@pytest.fixture
def posted(app, monkeypatch):
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
    return sent


def test_subject_with_a_line_break_keeps_back_no_other_tenants_mail(app, alder, birch, posted):
    alder.make(OutboxMessageFactory, subject="Ann\nBcc: all@people.example invites you")
    birch.make(OutboxMessageFactory, recipient="waits@people.example")
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
        except ValueError as error:
            pytest.fail(f"One mail ended the whole round: {error}")
