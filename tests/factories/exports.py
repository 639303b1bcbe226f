"""Exports."""

import factory

from app.audit.exports.models import AuditExport
from app.kernel import clock
from app.kernel.ids import uuid7
from tests.factories.base import RowFactory


class AuditExportFactory(RowFactory):
    """An export that is being made; say whose it is with `asked_by`."""

    class Meta:
        model = AuditExport

    id = factory.LazyFunction(uuid7)
    asked_by_name = "Ann Example"
    asked_at = factory.LazyFunction(clock.now)
    zone = "UTC"
    query = "action:door"
    form = "csv"
    watermark = 1_000
    status = "running"
    events = 500
    looked_at = 100
    rows = 20
    bytes = 0
    done_until = None
