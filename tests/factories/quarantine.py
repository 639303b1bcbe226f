"""Refused items and replays."""

import hashlib
import json

import factory

from app.audit.ingest.quarantine.models import QuarantinedItem, QuarantineReplay
from app.kernel import clock
from app.kernel.ids import uuid7
from tests.factories.base import RowFactory

AN_EVENT = {
    "occurred_at": "2026-03-14T09:26:53Z",
    "actor": {"type": "person", "id": "u-1"},
    "action": "door.opened",
}


class QuarantinedItemFactory(RowFactory):
    class Meta:
        model = QuarantinedItem

    id = factory.LazyFunction(uuid7)
    received_at = factory.LazyFunction(clock.now)
    received_from = "01a20000-0000-7000-8000-000000000001"
    action = "door.opened"
    kind = "type"
    problems = factory.LazyFunction(
        lambda: [{"pointer": "/metadata/door", "detail": "This field is missing."}]
    )
    item = factory.Sequence(lambda n: json.dumps({**AN_EVENT, "metadata": {"n": n}}))
    item_bytes = factory.LazyAttribute(lambda o: len(o.item.encode()))
    item_hash = factory.LazyAttribute(lambda o: hashlib.sha256(o.item.encode()).hexdigest())
    event_id = factory.LazyFunction(uuid7)
    times_sent = 1
    attempts = 1
    last_tried_at = factory.LazyFunction(clock.now)


class QuarantineReplayFactory(RowFactory):
    class Meta:
        model = QuarantineReplay

    id = factory.LazyFunction(uuid7)
    action = None
    status = "running"
    requested_at = factory.LazyFunction(clock.now)
    requested_by = "Ann Example"
    finished_at = None
    last_item = None
    up_to_item = None
    items = 3
    stored = 1
    duplicates = 0
    refused = 1
