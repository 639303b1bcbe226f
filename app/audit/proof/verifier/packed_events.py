"""One line of a pack: an event with what opens its commitments, and the leaf it was sealed as."""

import json
from dataclasses import dataclass, field
from typing import Any

from app.audit.proof.canonical import NotCanonical
from app.audit.proof.content import Document, Secrets, Unopenable, leaf_content
from app.audit.proof.hashing import HASH_BYTES, leaf_hash
from app.audit.proof.verifier.report import Unreadable

_EVENT_NAMES = {
    "tenant", "id", "occurred_at", "received_at", "actor", "action", "outcome", "targets",
    "source", "request_id", "reason", "changes", "metadata", "version", "received_from",
    "release", "retention",
}  # fmt: skip
_PARTY_NAMES = {"type", "id", "name"}
_SOURCE_NAMES = {"ip", "session", "user_agent"}
_CHANGE_NAMES = {"before", "after"}
_LINE_NAMES = {"leaf", "leaf_hash", "event", "salt", "kept", "erased", "deleted"}


@dataclass(frozen=True, slots=True)
class PackedEvent:
    """A leaf of the log. `document` is None where the event itself is not there (any more).

    `sealed` is the hash that the tree has for the leaf; `deleted` the id of the event that
    records why the event is gone.
    """

    leaf: int
    sealed: bytes
    document: Document | None
    secrets: Secrets = field(default_factory=lambda: Secrets(None))
    deleted: str | None = None

    @property
    def name(self) -> str:
        """What a reader finds it by."""
        event = self.document or {}
        known = [str(event[key])[:80] for key in ("id", "action") if key in event]
        return f"leaf {self.leaf:,}" + (f" (event {', '.join(known)})" if known else "")

    def content_hash(self) -> bytes:
        """Return the leaf hash that the event has now; raises `Unsealed` when it has none."""
        if self.document is None:
            raise Unsealed("the event is gone or cannot be read, and nothing says why")
        try:
            _demand_shape(self.document)
            return leaf_hash(leaf_content(self.document, self.secrets))
        except Unopenable as error:
            raise Unsealed(str(error)) from None
        except (NotCanonical, LookupError, TypeError, AttributeError, ValueError, RecursionError):
            raise Unsealed("what stands there is no event that was ever sealed") from None


class Unsealed(Exception):
    """An event has no leaf hash; says why."""


def write_line(event: PackedEvent) -> bytes:
    """Return the line of a pack."""
    line: dict[str, Any] = {"leaf": event.leaf, "leaf_hash": event.sealed.hex()}
    if event.deleted is not None:
        line["deleted"] = event.deleted
    else:
        line["event"] = event.document
        secrets = event.secrets
        if secrets.salt is not None:
            line["salt"] = secrets.salt.hex()
        else:
            line |= {"kept": dict(secrets.kept), "erased": dict(secrets.erased)}
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read_line(line: dict[str, Any], where: str) -> PackedEvent:
    """Return the leaf that a line describes; raises `Unreadable`, naming the place."""
    leaf, event, deleted = line.get("leaf"), line.get("event"), line.get("deleted")
    fits = (
        line.keys() <= _LINE_NAMES
        and isinstance(leaf, int)
        and leaf >= 0
        and isinstance(event, dict | None)
        and isinstance(deleted, str | None)
    )
    if not fits or not isinstance(leaf, int):
        raise Unreadable(f"{where} is no line of a pack.")
    sealed = _bytes(line.get("leaf_hash"), where)
    if len(sealed) != HASH_BYTES:
        raise Unreadable(f"{where} has no leaf hash of 32 bytes.")
    # A salt of another length opens nothing, and the hash will say so.
    salt = _bytes(line["salt"], where) if "salt" in line else None
    kept, erased = _texts(line.get("kept", {}), where), _texts(line.get("erased", {}), where)
    return PackedEvent(leaf, sealed, event, Secrets(salt, kept, erased), deleted)


def _demand_shape(document: Document) -> None:
    """Refuse what no leaf commits to: whoever reads the pack must not take it for sealed."""
    parts = [
        (document, _EVENT_NAMES),
        (document["actor"], _PARTY_NAMES),
        (document["source"], _SOURCE_NAMES),
    ]
    parts += [(target, _PARTY_NAMES) for target in document["targets"]]
    parts += [(change, _CHANGE_NAMES) for change in document["changes"].values()]
    for part, names in parts:
        if part.keys() != names:
            raise Unsealed("it has parts that no event has, or lacks some")


def _bytes(value: object, where: str) -> bytes:
    try:
        return bytes.fromhex(value if isinstance(value, str) else "-")
    except ValueError:
        raise Unreadable(f"{where} holds something that is not hex.") from None


def _texts(value: object, where: str) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise Unreadable(f"{where} is no line of a pack.")
    return value
