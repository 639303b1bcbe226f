"""Who does something, where from, and what they may do."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from app.vocabulary.permissions import Permission


class ActorType(StrEnum):
    """The kinds of doer that the audit log tells apart."""

    PERSON = "person"
    API_KEY = "api_key"
    SYSTEM = "system"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Source:
    """Where an action came from; all empty for work without a request."""

    ip: str | None = None
    user_agent: str | None = None
    session: str | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """The doer of a command: passed first, explicitly, and never read from a global.

    `tenant_id` is the tenant the actor acts in; None only before a tenant is known (sign-in).
    `permissions` is the effective set, resolved once for the request or the job.
    """

    type: ActorType
    id: str
    name: str
    tenant_id: UUID | None = None
    permissions: frozenset[Permission] = field(default_factory=frozenset)
    source: Source = field(default_factory=Source)

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    @property
    def tenant(self) -> UUID:
        """The tenant acted in; a command of a tenant may rely on it."""
        if self.tenant_id is None:
            raise RuntimeError("This actor acts in no tenant.")
        return self.tenant_id


def system_actor(tenant_id: UUID | None, name: str) -> Actor:
    """Return the actor of work that nobody asked for in person: seeds, commands, the worker."""
    return Actor(
        type=ActorType.SYSTEM,
        id=name,
        name=name,
        tenant_id=tenant_id,
        permissions=frozenset(Permission),
    )
