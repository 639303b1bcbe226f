"""Back-pressure: too many at once are told to come back, before anything slows down for all.

Each process takes in a few requests at a time, and one tenant only a part of those, so that the
pages of everybody keep threads and connections whatever is sent. Who finds no place waits a
moment and is then answered 503 with Retry-After: nothing was stored, and the client tries again.
The same answer is given when the database makes ingestion wait too long for a lock.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar
from uuid import UUID

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.kernel.problems import Problem

PLACES = 4
PLACES_OF_A_TENANT = 3
WAIT_S = 1.0
RETRY_AFTER_S = 2
LOCK_WAIT = "3s"

_LOCK_WAIT = text("SELECT set_config('lock_timeout', :wait, true)")
_TOO_SLOW = (
    psycopg.errors.LockNotAvailable,
    psycopg.errors.QueryCanceled,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
)


class TooBusy(Problem):
    """The product has as much to do as it can; the same request will do later."""

    status: ClassVar[int] = 503
    code: ClassVar[str] = "too-busy"
    title: ClassVar[str] = "Too much at this moment"

    def __init__(self) -> None:
        super().__init__(
            "Too many events arrive at this moment. Nothing of this request was stored; send it"
            f" again in {RETRY_AFTER_S} seconds.",
            headers={"Retry-After": str(RETRY_AFTER_S)},
        )


class Gate:
    """Lets a limited number of requests of one process in at a time."""

    def __init__(
        self, places: int = PLACES, of_a_tenant: int = PLACES_OF_A_TENANT, wait_s: float = WAIT_S
    ) -> None:
        self._places, self._of_a_tenant, self._wait_s = places, of_a_tenant, wait_s
        self._inside: Counter[UUID] = Counter()
        self._changed = threading.Condition()

    @contextmanager
    def enter(self, tenant_id: UUID) -> Iterator[None]:
        """Hold a place for a tenant's request; raises `TooBusy` when none becomes free."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._has_place(tenant_id), self._wait_s):
                raise TooBusy
            self._inside[tenant_id] += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside[tenant_id] -= 1
                if not self._inside[tenant_id]:
                    del self._inside[tenant_id]
                self._changed.notify_all()

    def _has_place(self, tenant_id: UUID) -> bool:
        return self._inside.total() < self._places and self._inside[tenant_id] < self._of_a_tenant


GATE = Gate()


@contextmanager
def short_waits(session: Session) -> Iterator[None]:
    """Let the open transaction wait for locks only briefly; raises `TooBusy` after that."""
    session.execute(_LOCK_WAIT, {"wait": LOCK_WAIT})
    try:
        yield
    except OperationalError as error:
        if isinstance(error.orig, _TOO_SLOW):
            raise TooBusy from error
        raise
