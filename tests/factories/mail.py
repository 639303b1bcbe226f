"""Mail in the outbox."""

import factory

from app.kernel import clock
from app.kernel.ids import uuid7
from app.kernel.mail import OutboxMessage
from tests.factories.base import RowFactory


class OutboxMessageFactory(RowFactory):
    class Meta:
        model = OutboxMessage

    id = factory.LazyFunction(uuid7)
    recipient = "ann@people.example"
    subject = "A subject"
    body = "A body"
    for_owners = False
    created_at = factory.LazyFunction(clock.now)
