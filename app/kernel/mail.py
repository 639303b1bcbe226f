"""Outgoing mail: written into an outbox in the transaction, sent afterwards by the worker.

Without an SMTP server in the settings the mail stays in the outbox, which has a page; that is
how a development machine, and a tenant that has not set up mail, hand over invitations.
"""

import logging
import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from uuid import UUID

from flask import current_app
from sqlalchemy import DateTime, Index, Select, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock
from app.kernel.database import Base, current_session, unit_of_work
from app.kernel.ids import uuid7
from app.kernel.problems import NotFound
from app.kernel.tenant_wall import TenantScoped
from app.kernel.untrusted_text import single_line

SMTP_TIMEOUT_S = 20
MAIL = "ballast.mail"

# About one mail only: its recipient, its content, or an address that the server cannot write.
_ONE_MAIL_REFUSED = (
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
    smtplib.SMTPRecipientsRefused,
    ValueError,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Where mail goes out. `host` None keeps it in the outbox."""

    host: str | None
    port: int
    user: str | None
    password: str | None = field(repr=False)
    sender: str


@dataclass(frozen=True, slots=True)
class Message:
    """A plain text mail to one person."""

    to: str
    subject: str
    body: str
    # What the mail is about, so that it can be wiped when that comes to an end.
    about: UUID | None = None
    # Its secret makes an owner, so nobody else may read it.
    for_owners: bool = False


class OutboxMessage(TenantScoped, Base):
    """A mail written in some transaction; its body is wiped once it is sent."""

    __tablename__ = "outbox_messages"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    about: Mapped[UUID | None]
    for_owners: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        Index("ix_outbox_messages_created", "tenant_id", created_at.desc(), id.desc()),
    )


def queue_mail(message: Message) -> UUID:
    """Write a mail into the outbox of the tenant in scope; return its id."""
    row = OutboxMessage(
        id=uuid7(),
        recipient=message.to,
        subject=message.subject,
        body=message.body,
        about=message.about,
        for_owners=message.for_owners,
        created_at=clock.now(),
    )
    current_session().add(row)
    return row.id


def wipe_mail(about: UUID) -> None:
    """Wipe the body of every mail about something that came to an end, in the open transaction."""
    current_session().execute(
        update(OutboxMessage).where(OutboxMessage.about == about).values(body="")
    )


def list_statement() -> Select[OutboxMessage]:
    """Return the statement of the outbox page."""
    return select(OutboxMessage)


def get_message(tenant_id: UUID, mail_id: UUID) -> OutboxMessage:
    """Return a mail of the tenant's outbox; raises `NotFound`."""
    message = current_session().get(OutboxMessage, (tenant_id, mail_id))
    if message is None:
        raise NotFound
    return message


def mail_leaves() -> bool:
    """Say whether a server is set up that takes the mail further than the outbox."""
    settings: MailSettings = current_app.extensions[MAIL]
    return settings.host is not None


def send_waiting_mail() -> int:
    """Send what waits in the outbox of the tenant in scope; return how many were sent.

    A mail that the server refuses for its own sake waits on and does not hold up the others.
    Raises `OSError` or `smtplib.SMTPException` when the server takes none; what was sent before
    that stays marked as sent.
    """
    settings: MailSettings = current_app.extensions[MAIL]
    if settings.host is None:
        return 0
    waiting = (
        select(OutboxMessage).where(OutboxMessage.sent_at.is_(None)).order_by(OutboxMessage.id)
    )
    rows = list(current_session().scalars(waiting))
    if not rows:
        return 0
    with smtplib.SMTP(settings.host, settings.port, timeout=SMTP_TIMEOUT_S) as server:
        server.ehlo_or_helo_if_needed()
        if settings.user or server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        if settings.user:
            server.login(settings.user, settings.password or "")
        return sum(_send(server, row, settings.sender) for row in rows)


def _send(server: smtplib.SMTP, row: OutboxMessage, sender: str) -> bool:
    try:
        server.send_message(_compose(row, sender))
    except _ONE_MAIL_REFUSED as error:
        log.warning("mail_refused", extra={"mail": str(row.id), "reason": type(error).__name__})
        return False
    with unit_of_work():
        row.sent_at = clock.now()
        row.body = ""
    return True


def _compose(row: OutboxMessage, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = sender, row.recipient
    # The subject holds names that people chose; a line break in it would begin another header.
    message["Subject"] = single_line(row.subject)
    message.set_content(row.body)
    return message
