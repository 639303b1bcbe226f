"""Mail: kept in the outbox, handed to a real server, and wiped once it is gone."""

import dataclasses

import pytest
from sqlalchemy import select

from app.kernel.mail import MAIL, OutboxMessage, send_waiting_mail
from tests.factories.mail import OutboxMessageFactory


def send(world):
    with world.session():
        return send_waiting_mail()


def outbox(world):
    with world.session() as session:
        return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def test_mail_arrives_as_it_was_written(alder, post_office):
    body = "Grüße an Zoë.\n\n.A line that begins with a dot\n"
    alder.make(OutboxMessageFactory, recipient="z@b.example", subject="Grüße", body=body)
    assert send(alder) == 1
    (mail,) = post_office.arrived
    assert (mail["To"], mail["Subject"]) == ("z@b.example", "Grüße")
    assert mail["From"] == "ballast@alder.example"
    assert mail.get_content().replace("\r\n", "\n").replace("\n..", "\n.") == body


def test_sent_mail_is_marked_and_its_body_wiped(alder, post_office):
    alder.make(OutboxMessageFactory, body="a secret link")
    send(alder)
    (row,) = outbox(alder)
    assert row.sent_at is not None
    assert row.body == ""


def test_mail_goes_out_once(alder, post_office):
    alder.make(OutboxMessageFactory)
    assert [send(alder), send(alder)] == [1, 0]
    assert len(post_office.mails) == 1


def test_mail_of_another_tenant_stays_where_it_is(alder, birch, post_office):
    birch.make(OutboxMessageFactory)
    assert send(alder) == 0
    assert outbox(birch)[0].sent_at is None


def test_address_that_is_refused_does_not_hold_up_the_others(alder, post_office):
    alder.make(OutboxMessageFactory, recipient="refused@b.example")
    alder.make(OutboxMessageFactory, recipient="ann@b.example")
    assert send(alder) == 1
    waiting, sent = outbox(alder)
    assert waiting.sent_at is None
    assert waiting.body
    assert sent.sent_at is not None


def test_name_with_a_line_break_adds_no_header(alder, post_office):
    alder.make(OutboxMessageFactory, subject="Ann\r\nBcc: everybody@b.example")
    send(alder)
    (mail,) = post_office.arrived
    assert mail["Bcc"] is None
    assert "Ann" in mail["Subject"]


def test_without_a_server_mail_stays_in_the_outbox(alder):
    alder.make(OutboxMessageFactory)
    assert send(alder) == 0
    assert outbox(alder)[0].body == "A body"


def test_server_that_is_away_loses_nothing(app, alder, post_office, monkeypatch):
    alder.make(OutboxMessageFactory)
    away = dataclasses.replace(app.extensions[MAIL], port=1)
    monkeypatch.setitem(app.extensions, MAIL, away)
    with pytest.raises(OSError, match="refused"):
        send(alder)
    assert outbox(alder)[0].sent_at is None
