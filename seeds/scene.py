"""One tenant's stage: its people, its calendar, and what has been told of it so far."""

import datetime as dt
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict, Unpack
from uuid import UUID

from app.audit.contract.types import UNREGISTERED
from app.audit.event import STANDARD, EventDraft, Party
from app.audit.event_types.models import EventTypeDeprecation, EventTypeVersion
from app.audit.event_types.own import newest_own, own_types
from app.audit.event_types.versions import VersionFacts, default_version
from app.audit.ingest.quarantine.models import QuarantinedItem
from app.identity.models import ApiKey, Invitation, SignInSession
from app.identity.roles import Role
from app.kernel.actor import Source
from app.kernel.commands import Outcome
from seeds.cast import DemoPerson, DemoTenant
from seeds.chance import Chance
from seeds.rhythm import Calendar

NOWHERE = Source()
FOUNDED = "08:30:21"


class Details(TypedDict, total=False):
    """What may be said of an event besides who, what and when."""

    outcome: Outcome
    targets: tuple[Party, ...]
    reason: str | None
    changes: Mapping[str, Mapping[str, str | None]]
    metadata: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Member:
    """A person on this stage. `desk` is where they usually work, `home` where they sometimes do."""

    person: DemoPerson
    account_id: UUID
    id: UUID
    joined_at: dt.datetime
    role_changed_at: dt.datetime | None
    suspended_at: dt.datetime | None
    desk: Source
    home: Source

    @property
    def actor(self) -> Party:
        return Party("person", str(self.account_id), self.person.name)

    @property
    def target(self) -> Party:
        return Party("member", str(self.id), self.person.name)

    @property
    def first_role(self) -> Role:
        return self.person.started_as or self.person.role

    def role_at(self, moment: dt.datetime) -> Role:
        changed_at = self.role_changed_at
        return self.first_role if changed_at and moment < changed_at else self.person.role

    def is_active_at(self, moment: dt.datetime) -> bool:
        left = self.suspended_at
        return self.joined_at <= moment and (left is None or moment < left)


@dataclass(slots=True)
class Scene:
    """What a tenant's story consists of, growing while it is told."""

    tenant: DemoTenant
    tenant_id: UUID
    calendar: Calendar
    chance: Chance
    members: tuple[Member, ...]
    events: list[EventDraft] = field(default_factory=list)
    invitations: list[Invitation] = field(default_factory=list)
    api_keys: list[ApiKey] = field(default_factory=list)
    sessions: list[SignInSession] = field(default_factory=list)
    event_types: list[EventTypeVersion] = field(default_factory=list)
    deprecations: list[EventTypeDeprecation] = field(default_factory=list)
    refused: list[QuarantinedItem] = field(default_factory=list)

    @property
    def founded_at(self) -> dt.datetime:
        return self.calendar.on_day(0, FOUNDED)

    def record(
        self,
        at: dt.datetime,
        actor: Party,
        action: str,
        source: Source = NOWHERE,
        **details: Unpack[Details],
    ) -> None:
        """Tell one event. What would lie in the future has not happened, and is left out."""
        if at >= self.calendar.now:
            return
        event = EventDraft(
            id=self.chance.id_at(at),
            occurred_at=at,
            actor=actor,
            action=str(action),
            outcome=details.get("outcome", Outcome.SUCCESS),
            targets=details.get("targets", ()),
            source_ip=source.ip,
            user_agent=source.user_agent,
            session=source.session,
            request_id=self.chance.id_at(at).hex if source.ip else None,
            reason=details.get("reason"),
            changes=details.get("changes", {}),
            metadata=details.get("metadata", {}),
            version=self.version_of(str(action), at),
            retention=_retention_of(str(action)),
        )
        self.events.append(event)

    def version_of(self, action: str, at: dt.datetime) -> int:
        """Return the version that events of an action were held to at a moment."""
        if action in own_types():
            return newest_own(action).version
        known = [
            VersionFacts(one.version, one.major)
            for one in self.event_types
            if one.action == action and one.created_at <= at
        ]
        return default_version(known) if known else UNREGISTERED

    def in_order(self) -> list[EventDraft]:
        """Return what has been told so far, oldest first."""
        return sorted(self.events, key=lambda event: (event.occurred_at, event.id))

    def member(self, name: str) -> Member:
        return next(member for member in self.members if member.person.name == name)

    def members_with(self, role: Role, at: dt.datetime) -> list[Member]:
        """Return who has the role and is here at that time; the first of them joined first."""
        found = [m for m in self.members if m.is_active_at(at) and m.role_at(at) is role]
        return sorted(found, key=lambda member: member.joined_at)


def recent(
    chance: Chance, events: list[EventDraft], before: dt.datetime, among: int = 60
) -> EventDraft | None:
    """Return one of the last events before a moment; they must be in order, oldest first."""
    end = bisect_left(events, before, key=lambda event: event.occurred_at)
    return events[chance.randrange(max(0, end - among), end)] if end else None


def _retention_of(action: str) -> str:
    """Return how long events of an action are kept; the tenants' types name nothing special."""
    return newest_own(action).retention if action in own_types() else STANDARD
