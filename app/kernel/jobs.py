"""Background work: deferred in the transaction that asks for it, run in the scope it names.

A job carries only ids: its tenant, the person who asked, and what to work on. The worker opens
a fresh session in that tenant and resolves the person again, so that somebody suspended in the
meantime does nothing more.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, cast
from uuid import UUID

import procrastinate
from flask import Flask, current_app
from procrastinate.job_context import JobContext

from app.kernel.actor import Actor, system_actor
from app.kernel.database import Scope, current_session, scope_of
from app.kernel.problems import NotSignedIn
from app.kernel.routing import database

JOBS = "ballast.jobs"
ACTOR_LOADER = "ballast.actor_loader"
STALLED_AFTER_S = 30

log = logging.getLogger(__name__)

Job = Callable[..., None]


class ActorLoader(Protocol):
    """Resolves the person a job acts for; raises `NotSignedIn` when they may not act any more."""

    def __call__(self, account_id: UUID) -> Actor: ...


@dataclass(frozen=True, slots=True)
class _Work:
    """What a job runs, and what runs in its place when the person may not act any more."""

    function: Job
    when_gone: Job
    lock: str | None


_jobs: dict[str, _Work] = {}


def job(name: str, *, when_gone: Job, lock: str | None = None) -> Callable[[Job], Job]:
    """Register a function as a background job.

    It is called as `function(actor, **arguments)` in a session of the actor's tenant, where
    `actor` is the person who deferred it. When that person is no active member any more,
    `when_gone` is called instead, with the worker as the actor, to leave nothing waiting for
    ever. Names are `object.verb` and never reused. Of all jobs with the same `lock` one runs at a
    time, in the order in which they were deferred: long work leaves the worker free for the rest.
    """

    def wrap(function: Job) -> Job:
        if name in _jobs:
            raise RuntimeError(f"There is a job called {name} already.")
        _jobs[name] = _Work(function, when_gone, lock)
        return function

    return wrap


def defer(name: str, actor: Actor, **arguments: str | int) -> None:
    """Queue a job in the open transaction: it exists if, and only if, that commits."""
    if name not in _jobs:
        raise RuntimeError(f"No job is called {name}.")
    app = cast("procrastinate.App", current_app.extensions[JOBS])
    connection = current_session().connection().connection.driver_connection
    app.configure_task(name, connection=connection, lock=_jobs[name].lock).defer(
        tenant_id=str(scope_of(current_session()).tenant_id),
        account_id=actor.id,
        arguments={**arguments},
    )


def make_queue(connector: procrastinate.BaseConnector, flask_app: Flask) -> procrastinate.App:
    """Return a procrastinate app that knows every registered job."""
    queue = procrastinate.App(connector=connector)
    for name, work in _jobs.items():
        queue.task(name=name)(_in_scope(flask_app, work))
    # Before everything that waits: behind a long queue, what a dead worker had begun would wait for
    # all of it.
    queue.periodic(cron="* * * * *")(
        queue.task(name="jobs.rescue_stalled", pass_context=True, priority=20)(_rescue_stalled)
    )
    return queue


def _in_scope(flask_app: Flask, work: _Work) -> Callable[..., None]:
    def run(tenant_id: str, account_id: str, arguments: dict[str, Any]) -> None:
        tenant = UUID(tenant_id)
        with flask_app.app_context(), database().session(Scope(tenant_id=tenant)):
            loader = cast("ActorLoader", current_app.extensions[ACTOR_LOADER])
            try:
                actor = loader(UUID(account_id))
            except NotSignedIn:
                work.when_gone(system_actor(tenant, "worker"), **arguments)
            else:
                work.function(actor, **arguments)

    return run


async def _rescue_stalled(context: JobContext, timestamp: int) -> None:
    """Queue again what a worker that died had begun; jobs are written to bear a repetition."""
    del timestamp  # procrastinate passes the minute that this run is for
    manager = context.app.job_manager
    for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_S):
        log.warning("job_rescued", extra={"job": stalled.id, "task": stalled.task_name})
        await manager.retry_job(stalled)
