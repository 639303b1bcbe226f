"""Event types of a tenant."""

import factory

from app.audit.event_types.models import EventTypeVersion
from app.audit.event_types.starting import starting_schema
from app.kernel import clock
from tests.factories.base import RowFactory


def schema_of(action):
    """Return a small valid schema for an action."""
    schema = starting_schema()
    schema["examples"][0]["action"] = action
    return schema


class EventTypeVersionFactory(RowFactory):
    class Meta:
        model = EventTypeVersion

    action = factory.Sequence(lambda n: f"door_{n}.opened")
    version = 1
    major = 1
    title = "Door opened"
    owner = "facilities"
    retention = "standard"
    schema = factory.LazyAttribute(lambda o: schema_of(o.action))
    created_at = factory.LazyFunction(clock.now)
    created_by = "Ann Example"
