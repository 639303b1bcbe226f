"""The evaluation tenants: nobody's, and there for their logs alone.

They are named by the hash of what they hold, so that a changed scene makes new ones, and are
loaded once. A load that was broken off is gone on with by whoever needs it next.
"""

import functools
import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from app.audit.collection import AUDIT_LOG
from app.audit.event import EventDraft
from app.audit.queries import LogSlice, measure
from app.audit.store import store_events
from app.evals.case import World
from app.evals.scenes.programme import programme
from app.evals.scenes.stage import FIRST_DAY
from app.kernel.actor import system_actor
from app.kernel.database import Scope, unit_of_work
from app.kernel.query_language.query import parse
from app.kernel.routing import database
from app.tenancy.errors import TenantNameTaken
from app.tenancy.models import TenantKind
from app.tenancy.queries import find_tenant
from app.tenancy.service import create_tenant

LOADER = "evaluation"
_BATCH = 1_000
# Longer than all scenes: what lies behind it is what the app wrote about the tenant itself.
_SPAN = timedelta(days=900)

Logs = Mapping[World, Sequence[EventDraft]]


def open_worlds(logs: Logs | None = None) -> dict[World, UUID]:
    """Return the evaluation tenants, made and filled where they are not yet.

    `logs` are other events than those of the programme, for tests. Needs no session.
    """
    wanted = programme().events if logs is None else logs
    mark = _mark() if logs is None else _hash(wanted)
    return {world: _opened(f"evaluation-{mark}-{world.value}", wanted[world]) for world in wanted}


@functools.cache
def _mark() -> str:
    return _hash(programme().events)


def _hash(logs: Logs) -> str:
    sha256 = hashlib.sha256()
    for world, events in logs.items():
        for event in events:
            sha256.update(f"{world.value} {event}\n".encode("utf-8", "surrogatepass"))
    return sha256.hexdigest()[:12]


def _opened(slug: str, events: Sequence[EventDraft]) -> UUID:
    tenant_id = _tenant(slug)
    with database().session(Scope(tenant_id=tenant_id)):
        if _stored() < len(events):
            _fill(events)
    return tenant_id


def _tenant(slug: str) -> UUID:
    with database().session():
        found = find_tenant(slug)
    if found is not None:
        return found.id
    try:
        with database().session():
            actor = system_actor(None, LOADER)
            return create_tenant(actor, slug, name=slug, kind=TenantKind.EVALUATION).id
    except TenantNameTaken:
        # Somebody else was faster, and both need the same.
        return _tenant(slug)


def _stored() -> int:
    everything = LogSlice(parse("", AUDIT_LOG.fields), FIRST_DAY, FIRST_DAY + _SPAN)
    with unit_of_work():
        return measure(everything).count


def _fill(events: Sequence[EventDraft]) -> None:
    for begin in range(0, len(events), _BATCH):
        with unit_of_work() as session:
            store_events(session, events[begin : begin + _BATCH], received_from=LOADER)
