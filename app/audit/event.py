"""The event as a value: what every door into the log makes, before it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from app.kernel.commands import Outcome

# The retention class of events whose type names none.
STANDARD = "standard"


@dataclass(frozen=True, slots=True)
class Party:
    """An actor or a target: its kind, its stable id, and its name at the time."""

    type: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class EventDraft:
    """One event on its way into the log.

    `id` makes storing idempotent: the same id in the same tenant is stored once. `changes` maps
    a field to `{"before": …, "after": …}`; `metadata` is small JSON of the sender's own;
    `retention` is the class that says how long the event is kept.
    """

    id: UUID
    occurred_at: datetime
    actor: Party
    action: str
    outcome: Outcome
    targets: tuple[Party, ...] = ()
    source_ip: str | None = None
    user_agent: str | None = None
    session: str | None = None
    request_id: str | None = None
    reason: str | None = None
    changes: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1
    retention: str = STANDARD
