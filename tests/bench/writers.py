"""Programs that send events as fast as they are taken, in batches made beforehand."""

import itertools
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import uuid4

from flask import Flask

from app.identity.service.api_keys import create_api_key
from app.kernel import clock
from app.kernel.actor import system_actor
from app.kernel.database import Scope
from app.kernel.routing import database
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission
from tests.bench.cast import tenant_id
from tests.bench.generate import Generator, Plan
from tests.support.wire import Answer, Wire

EVENTS = "/api/v1/events"
BATCH = 100
# Ballast's own types, whose contracts are narrower than what the generator makes up.
_OWN = frozenset(tag.value for tag in AuditTag)
SCOPES = (Permission.AUDIT_EVENT_CREATE, Permission.AUDIT_EVENT_READ)


@dataclass(frozen=True, slots=True)
class Program:
    """What calls the API of a tenant, with one key: what limits it is events, not calls."""

    wire: Wire
    key: str

    def send(self, body: bytes) -> Answer:
        headers = self._headers() | {"Content-Type": "application/json"}
        answer = self.wire.send("POST", EVENTS, body, headers)
        if answer.status not in (200, 201):
            raise RuntimeError(f"{answer.status} {answer.text[:500]}")
        return answer

    def get(self, path: str) -> Answer:
        return self.wire.send("GET", path, headers=self._headers())

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}


def make_program(app: Flask, port: int, tenant: int) -> Program:
    """Return a program of the tenant of that number."""
    scope = tenant_id(tenant)
    with app.app_context(), database().session(Scope(scope)):
        actor = system_actor(scope, "bench")
        key = create_api_key(actor, name="bench", scopes=SCOPES, lifetime_days=1).text
    return Program(Wire(port), key)


def made_events(number: int) -> list[dict[str, object]]:
    """Return about so many events like those of the log, as the API takes them, without ids."""
    plan = Plan(number)
    drafts = [draft for chunk in plan.chunks for _tenant, draft in Generator(plan).events(chunk)]
    return [
        {
            "occurred_at": clock.now().isoformat(),
            "actor": {"type": draft.actor.type, "id": draft.actor.id, "name": draft.actor.name},
            "action": draft.action,
            "outcome": draft.outcome.value,
            "targets": [{"type": t.type, "id": t.id, "name": t.name} for t in draft.targets],
            "source": {"ip": draft.source_ip, "user_agent": draft.user_agent},
            "changes": draft.changes,
            "metadata": draft.metadata,
        }
        for draft in drafts
        if draft.action not in _OWN
    ]


def writer(program: Program, events: Sequence[dict[str, object]], batch: int) -> Callable[[], None]:
    """Return what sends the next batch; events come round again with ids of their own."""
    texts = [json.dumps(event)[1:] for event in events]
    turns = itertools.cycle(texts)

    def call() -> None:
        some = [f'{{"id":"{uuid4()}",{next(turns)}' for _ in range(batch)]
        program.send((f"[{','.join(some)}]" if batch > 1 else some[0]).encode())

    return call


def time_to_searchable(program: Program, event: dict[str, object]) -> float:
    """Return the seconds from sending an event until a search for a word in it finds it."""
    word = f"w{uuid4().hex}"
    body = json.dumps(event | {"id": str(uuid4()), "reason": word}).encode()
    started = time.perf_counter()
    program.send(body)
    while not program.get(f"{EVENTS}?q={word}").json()["events"]:
        time.sleep(0.005)
    return time.perf_counter() - started
