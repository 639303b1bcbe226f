"""Erasures of a person, in each of their states."""

import factory

from app.audit.erasure.models import PersonErasure
from app.kernel import clock
from app.kernel.ids import uuid7
from tests.factories.base import RowFactory


class PersonErasureFactory(RowFactory):
    """An erasure that was counted and waits for somebody else's word."""

    class Meta:
        model = PersonErasure

    id = factory.LazyFunction(uuid7)
    person_id = "u-ann"
    texts = factory.LazyFunction(lambda: ["Ann Example"])
    reason = "Letter 7"
    asked_by = "u-ben"
    asked_by_name = "Ben Example"
    asked_at = factory.LazyFunction(clock.now)
    status = "waiting"
    reached = 0
    until = 0
    found = 2
    erased = 0
    held = 0
    broken = 0
    fields = factory.LazyFunction(lambda: {"actor": 4})
    elsewhere = factory.LazyFunction(dict)
    held_by = factory.LazyFunction(dict)


class RunningErasureFactory(PersonErasureFactory):
    """An erasure that somebody else confirmed."""

    status = "running"
    decided_by = "u-cem"
    decided_by_name = "Cem Example"
    decided_at = factory.LazyFunction(clock.now)
