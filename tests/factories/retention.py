"""Rounds of deletion, legal holds, and events of long ago."""

import datetime as dt
from zoneinfo import ZoneInfo

import factory
import pytest

from app.audit.proof.rounds import seal_round
from app.audit.retention.deletion.models import RetentionRun
from app.audit.retention.holds.models import LegalHold
from app.kernel import clock
from app.kernel.collections.declaration import Moment
from app.kernel.ids import uuid7
from tests.factories.audit import AuditEventFactory
from tests.factories.base import RowFactory

MOMENT = Moment(clock.now(), ZoneInfo("UTC"))


class RetentionRunFactory(RowFactory):
    """A round that is under way."""

    class Meta:
        model = RetentionRun

    id = factory.LazyFunction(uuid7)
    started_by = "worker"
    started_by_name = "worker"
    started_at = factory.LazyFunction(clock.now)
    days = factory.LazyFunction(lambda: {"standard": 400, "security": 2_557, "short": 30})
    reached = factory.LazyFunction(lambda: {"standard": 0, "security": 0, "short": 0})
    until = factory.LazyFunction(lambda: {"standard": 10, "security": 10, "short": 10})
    deleted = factory.LazyFunction(lambda: {"standard": 0, "security": 0, "short": 0})
    held = 0
    status = "running"


class LegalHoldFactory(RowFactory):
    """A hold in force on what Ann did."""

    class Meta:
        model = LegalHold

    id = factory.LazyFunction(uuid7)
    query = "actor:u-ann"
    zone = "UTC"
    reason = "Case 7"
    placed_by = "u-ben"
    placed_by_name = "Ben Example"
    placed_at = factory.LazyFunction(clock.now)


def old_event(world, *, days, **values):
    """Store an event that was received so many days ago, and seal the log; return its id."""
    then = clock.now() - dt.timedelta(days=days)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: then)
        found = world.make(AuditEventFactory, **values).id
    with world.app.app_context():
        seal_round([world.tenant.id])
    return found
