"""Events of the audit log: they come in through its own door, numbered, sealed and counted."""

import factory

from app.audit.event import EventDraft, Party
from app.audit.models import AuditEvent
from app.audit.store import store_events
from app.kernel import clock
from app.kernel.commands import Outcome
from app.kernel.database import current_session
from app.kernel.ids import uuid7
from tests.factories.base import RowFactory


class AuditEventFactory(RowFactory):
    """Takes the columns of an event, stores it, and returns its row."""

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
    received_from = None

    @classmethod
    def _create(cls, model_class, *_args, **values):
        session, tenant_id = current_session(), values.pop("tenant_id")
        received_from = values.pop("received_from")
        targets = [] if values["target_id"] is None else values["targets"]
        for name in ("target_type", "target_id", "target_name", "targets"):
            del values[name]
        draft = EventDraft(
            actor=Party(*(values.pop(f"actor_{name}") for name in ("type", "id", "name"))),
            outcome=Outcome(values.pop("outcome")),
            targets=tuple(Party(one["type"], one["id"], one["name"]) for one in targets),
            metadata=values.pop("extra"),
            version=values.pop("event_type_version"),
            **values,
        )
        store_events(session, [draft], received_from=received_from)
        return session.get(model_class, (tenant_id, draft.id))
