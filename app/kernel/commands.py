"""Commands: the only way in which anything changes, each with its permission and its event.

A command is a function of some domain's `service`. The wrapper checks the permission, runs the
function in one transaction, writes the audit event from what the function says it did, commits
all of it or nothing, and only then runs what must follow a commit.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Concatenate, Generic, ParamSpec, Protocol, TypeVar, cast
from uuid import UUID

from flask import current_app

from app.kernel.actor import Actor
from app.kernel.database import unit_of_work
from app.kernel.problems import PermissionMissing
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

P = ParamSpec("P")
T = TypeVar("T")

RECORDER = "ballast.recorder"


class Outcome(StrEnum):
    """How an action ended, in the words of the audit log."""

    SUCCESS = "success"
    FAILURE = "failure"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Target:
    """What an action was done to."""

    type: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Change:
    """One field, before and after, in words that a reader of the log understands."""

    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What a command did: its value for the caller, and the rest for the audit log.

    `tenant_ids` is set only by commands that act on an account, whose event belongs into the
    log of every tenant that the account is a member of. `event_id` is for commands that keep the id
    of their event. `after_event` runs once the event is written, in the same transaction;
    `after_commit` once all is stored.
    """

    value: T
    targets: tuple[Target, ...] = ()
    changes: Mapping[str, Change] = field(default_factory=dict)
    outcome: Outcome = Outcome.SUCCESS
    reason: str | None = None
    metadata: Mapping[str, str | int | bool | None] = field(default_factory=dict)
    tenant_ids: tuple[UUID, ...] | None = None
    actor: Actor | None = None
    event_id: UUID | None = None
    after_event: tuple[Callable[[], None], ...] = ()
    after_commit: tuple[Callable[[], None], ...] = ()


class Recorder(Protocol):
    """Writes one audit event in the open transaction. The audit domain implements it."""

    def __call__(self, actor: Actor, tag: AuditTag, done: Done[object]) -> None: ...


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """What is known of a command: for the reference pages and for the laws."""

    name: str
    requires: Permission | None
    audit: AuditTag


COMMANDS: dict[str, CommandSpec] = {}


def command(
    *, requires: Permission | None, audit: AuditTag
) -> Callable[[Callable[Concatenate[Actor, P], Done[T]]], Callable[Concatenate[Actor, P], T]]:
    """Make a function of a service a command.

    `requires=None` is for what happens before an actor has permissions (signing in, accepting
    an invitation); the laws keep the list of those. `audit` is the event it writes.
    Raises `PermissionMissing` when the actor does not hold the permission.
    """

    def wrap(
        function: Callable[Concatenate[Actor, P], Done[T]],
    ) -> Callable[Concatenate[Actor, P], T]:
        spec = CommandSpec(f"{function.__module__}.{function.__name__}", requires, audit)
        COMMANDS[spec.name] = spec

        @functools.wraps(function)
        def run(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> T:
            if requires is not None and not actor.may(requires):
                raise PermissionMissing(requires)
            with unit_of_work() as session:
                done = function(actor, *args, **kwargs)
                session.flush()
                _recorder()(done.actor or actor, audit, cast("Done[object]", done))
                for follow_up in done.after_event:
                    follow_up()
            for follow_up in done.after_commit:
                follow_up()
            return done.value

        return run

    return wrap


def _recorder() -> Recorder:
    return cast("Recorder", current_app.extensions[RECORDER])
