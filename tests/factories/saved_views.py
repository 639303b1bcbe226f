"""Saved views of the log."""

import factory

from app.audit.views.models import SavedView
from app.kernel import clock
from app.kernel.ids import uuid7
from tests.factories.base import RowFactory


class SavedViewFactory(RowFactory):
    class Meta:
        model = SavedView

    id = factory.LazyFunction(uuid7)
    owner_id = "0193a1c0-1111-7c11-9d2f-3f6f0a1b2c3d"
    owner_name = "Ann Example"
    name = factory.Sequence(lambda n: f"View {n}")
    query = "outcome:failure"
    columns = ""
    is_shared = False
    updated_at = factory.LazyFunction(clock.now)
