"""How the seal of a log stands: how far it reaches, who has a copy, and what checks found."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import select

from app.audit.models import AuditEvent
from app.audit.proof.findings import CheckKind, find_last_check
from app.audit.proof.kept_checkpoints import find_checkpoint_before, find_last_checkpoint
from app.audit.proof.keys import KeyRing, KeyUnusable, load_keys
from app.audit.proof.models import AuditCheckpoint, AuditPublication, AuditSealCheck
from app.audit.proof.publishing import list_publications
from app.audit.proof.settings import seal_settings
from app.audit.proof.stored_events import log_size
from app.kernel import clock
from app.kernel.database import current_session

# The worker comes every few seconds; after this something is in its way.
LATE = dt.timedelta(minutes=2)


class Standing(Enum):
    """How the seal stands, in one word."""

    SEALED = "sealed"
    SEALING = "being sealed"
    LATE = "late"
    NO_KEY = "not set up"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class SealState:
    """The seal of the log in scope.

    `problem` is what the last check found wrong, if anything; `before` the last checkpoint but
    one.
    """

    standing: Standing
    size: int
    checkpoint: AuditCheckpoint | None
    oldest_unsealed: dt.datetime | None
    nightly: AuditSealCheck | None
    problem: str | None
    keys: KeyRing
    publications: Sequence[AuditPublication]
    before: AuditCheckpoint | None = None

    @property
    def sealed(self) -> int:
        """How many events are sealed."""
        return self.checkpoint.size if self.checkpoint else 0


def get_seal_state() -> SealState:
    """Return how the seal of the log in scope stands."""
    checkpoint, size, keys = find_last_checkpoint(), log_size(), usable_keys()
    sealed = checkpoint.size if checkpoint else 0
    oldest = current_session().scalar(
        select(AuditEvent.received_at).where(AuditEvent.leaf == sealed)
    )
    checks = [find_last_check(kind) for kind in CheckKind]
    problem = next((check.problem for check in checks if check and check.problem), None)
    return SealState(
        standing=_standing(problem, keys, oldest, waiting=size - sealed),
        size=size,
        checkpoint=checkpoint,
        oldest_unsealed=oldest,
        nightly=find_last_check(CheckKind.NIGHTLY),
        problem=problem,
        keys=keys,
        publications=list_publications(),
        before=find_checkpoint_before(sealed),
    )


def usable_keys() -> KeyRing:
    """Return the keys of this installation, none where they cannot be read."""
    try:
        return load_keys(seal_settings().keys)
    except KeyUnusable:
        return KeyRing(())


def _standing(
    problem: str | None, keys: KeyRing, oldest: dt.datetime | None, *, waiting: int
) -> Standing:
    if problem is not None:
        return Standing.BROKEN
    if waiting == 0:
        return Standing.SEALED
    if not keys.keys:
        return Standing.NO_KEY
    if oldest is not None and clock.now() - oldest > LATE:
        return Standing.LATE
    return Standing.SEALING
