"""Events of the audit log."""

import factory
from sqlalchemy import func

from app.audit.models import AuditEvent
from app.kernel import clock
from app.kernel.ids import uuid7
from tests.factories.base import RowFactory


class AuditEventFactory(RowFactory):
    class Meta:
        model = AuditEvent

    id = factory.LazyFunction(uuid7)
    occurred_at = factory.LazyFunction(clock.now)
    actor_type = "person"
    actor_id = "u-ann"
    actor_name = "Ann Example"
    action = "document.opened"
    outcome = "success"
    target_type = "document"
    target_id = factory.Sequence(lambda n: f"d-{n}")
    target_name = factory.Sequence(lambda n: f"Document {n}")
    targets = factory.LazyAttribute(
        lambda o: [{"type": o.target_type, "id": o.target_id, "name": o.target_name}]
    )
    changes = factory.LazyFunction(dict)
    extra = factory.LazyFunction(dict)
    event_type_version = 1
    release = "test"
    received_from = None
    search = factory.LazyAttribute(
        lambda o: func.to_tsvector("simple", f"{o.actor_name} {o.action} {o.target_name}")
    )
