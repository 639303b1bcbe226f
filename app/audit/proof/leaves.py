"""From an event as it is stored to its leaf: the same bytes when it is written and ever after."""

import contextlib
import os
import socket
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from app.audit.proof import content
from app.audit.proof.content import (
    SALT_BYTES,
    Document,
    Secrets,
    commitment,
    field_salt,
    personal_values,
)
from app.audit.proof.hashing import leaf_hash

__all__ = ["StoredEvent", "document_of", "erased", "leaf_content", "leaf_hash", "new_salt"]

# Stand where a column takes no NULL; no leaf ever holds them. Whose id is gone too, was somebody.
ERASED = "erased"
ERASED_PERSON = "erased person"


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event with everything that is stored of it, in the columns of `audit_events`.

    Times are aware and exact to the microsecond, as PostgreSQL keeps them. `salt` is 16 random
    bytes; None once something was erased, and `commitments` then says what opens the rest.
    """

    tenant_id: UUID
    id: UUID
    occurred_at: datetime
    received_at: datetime
    actor_type: str
    actor_id: str
    actor_name: str
    action: str
    outcome: str
    target_type: str | None
    target_id: str | None
    target_name: str | None
    targets: Sequence[Mapping[str, str]]
    source_ip: str | None
    user_agent: str | None
    session: str | None
    request_id: str | None
    reason: str | None
    changes: Mapping[str, Mapping[str, str | None]]
    metadata: Mapping[str, Any]
    event_type_version: int
    received_from: str | None
    release: str
    retention: str
    salt: bytes | None
    commitments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def new_salt() -> bytes:
    """Return a salt for one event; no two events may share one."""
    return os.urandom(SALT_BYTES)


def leaf_content(stored: StoredEvent) -> bytes:
    """Return the content of the event's leaf (see `content`); about 20 µs.

    Raises `NotCanonical` for text and numbers that the contract of events does not let in.
    """
    return content.leaf_content(document_of(stored), secrets_of(stored))


def secrets_of(stored: StoredEvent) -> Secrets:
    """Return what opens the commitments of an event."""
    return Secrets(
        stored.salt, stored.commitments.get("kept", {}), stored.commitments.get("erased", {})
    )


def document_of(stored: StoredEvent) -> Document:
    """Return the event as packs hold it: what its leaf commits to, in JSON, erased values null."""
    changes = {
        name: {"after": change.get("after"), "before": change.get("before")}
        for name, change in stored.changes.items()
    }
    document = {
        "tenant": str(stored.tenant_id),
        "id": str(stored.id),
        "occurred_at": _moment(stored.occurred_at),
        "received_at": _moment(stored.received_at),
        "actor": {"type": stored.actor_type, "id": stored.actor_id, "name": stored.actor_name},
        "action": stored.action,
        "outcome": stored.outcome,
        "targets": _targets(stored),
        "source": {
            "ip": _address(stored.source_ip),
            "session": stored.session,
            "user_agent": stored.user_agent,
        },
        "request_id": stored.request_id,
        "reason": stored.reason,
        "changes": changes,
        "metadata": dict(stored.metadata),
        "version": stored.event_type_version,
        "received_from": stored.received_from,
        "release": stored.release,
        "retention": stored.retention,
    }
    for pointer in secrets_of(stored).erased if stored.salt is None else ():
        _empty(document, pointer)
    return document


def erased(stored: StoredEvent, pointers: Collection[str]) -> StoredEvent:
    """Return the event without some of its personal values, and with the leaf that it had.

    `pointers` are JSON Pointers into its document, such as `/actor/name` or `/metadata/email`;
    those that hold nothing are passed over. What was erased before stays erased. The salt of the
    event goes with the values: with it, a name could be found again by trying.
    """
    secrets, values = secrets_of(stored), personal_values(document_of(stored))
    values = {name: value for name, value in values.items() if name not in secrets.erased}
    salts = {
        name: (
            field_salt(secrets.salt, name)
            if secrets.salt is not None
            else bytes.fromhex(secrets.kept[name])
        )
        for name in values
    }
    going = values.keys() & set(pointers)
    gone = {name: commitment(salts[name], values[name]) for name in going}
    kept = {name: salt.hex() for name, salt in salts.items() if name not in going}
    commitments = {"erased": {**secrets.erased, **gone}, "kept": kept}
    blanked = _blanked(stored, going | secrets.erased.keys())
    return replace(blanked, salt=None, commitments=commitments)


def _blanked(stored: StoredEvent, pointers: Collection[str]) -> StoredEvent:
    targets = [
        {
            "type": target["type"],
            "id": ERASED if f"/targets/{place}/id" in pointers else target["id"],
            "name": _name(f"/targets/{place}", target["name"], pointers),
        }
        for place, target in enumerate(stored.targets)
    ]
    first = targets[0] if targets else None
    return replace(
        stored,
        actor_id=ERASED if "/actor/id" in pointers else stored.actor_id,
        actor_name=_name("/actor", stored.actor_name, pointers),
        targets=targets,
        target_id=first["id"] if first else None,
        target_name=first["name"] if first else None,
        source_ip=None if "/source/ip" in pointers else stored.source_ip,
        session=None if "/source/session" in pointers else stored.session,
        user_agent=None if "/source/user_agent" in pointers else stored.user_agent,
        reason=None if "/reason" in pointers else stored.reason,
        changes={
            name: {
                side: None if f"/changes/{content.escaped(name)}/{side}" in pointers else value
                for side, value in change.items()
            }
            for name, change in stored.changes.items()
        },
        metadata={
            name: None if f"/metadata/{content.escaped(name)}" in pointers else value
            for name, value in stored.metadata.items()
        },
    )


def _name(whose: str, name: str, pointers: Collection[str]) -> str:
    if f"{whose}/name" not in pointers:
        return name
    return ERASED_PERSON if f"{whose}/id" in pointers else ERASED


def _empty(document: Document, pointer: str) -> None:
    """Show the placeholder of an erased value as null; whatever else stands there stays."""
    *path, last = (part.replace("~1", "/").replace("~0", "~") for part in pointer[1:].split("/"))
    place: Any = document
    # A pointer that leads nowhere was never written here; the leaf will not be the sealed one.
    with contextlib.suppress(LookupError, TypeError, ValueError):
        for part in path:
            place = place[int(part) if isinstance(place, list) else part]
        if place[last] in {ERASED, ERASED_PERSON}:
            place[last] = None


def _targets(stored: StoredEvent) -> list[dict[str, str | None]]:
    """Return the targets; the columns that repeat the first one have to agree with it.

    Where they do not, somebody changed one of the two, and the document says both, so that its
    leaf is another than the one that was sealed.
    """
    targets: list[dict[str, str | None]] = [
        {"type": one["type"], "id": one["id"], "name": one["name"]} for one in stored.targets
    ]
    repeated = (stored.target_type, stored.target_id, stored.target_name)
    first = (targets[0]["type"], targets[0]["id"], targets[0]["name"]) if targets else (None,) * 3
    if repeated != first:
        targets.append(dict(zip(("type", "id", "name"), repeated, strict=True)))
    return targets


def _moment(at: datetime) -> str:
    """Return a time as RFC 3339 in UTC with six digits of a second: one spelling for each."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def _address(text: str | None) -> str | None:
    """Return an address in its longest form; the short ones differ between programs."""
    if text is None or ":" not in text:
        return text
    return socket.inet_pton(socket.AF_INET6, text).hex(":", 2)
