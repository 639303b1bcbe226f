"""An event type: one version of the contract for one action."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.audit.contract.compiled import compile_schema
from app.audit.contract.machine import make_validator
from app.audit.contract.types import TypeContract
from app.audit.event import STANDARD

RETENTION_CLASSES = ("standard", "security", "short")


class Origin(StrEnum):
    """Who keeps a type."""

    BALLAST = "ballast"
    TENANT = "tenant"


@dataclass(frozen=True, slots=True)
class EventType:
    """One version of a type. Everything that is said of it stands in its schema.

    Versions count from 1 and never change. Those of one major accept whatever the earlier ones
    of it accepted.
    """

    action: str
    version: int
    schema: Mapping[str, Any]
    origin: Origin

    @property
    def title(self) -> str:
        title: str = self.schema["title"]
        return title

    @property
    def description(self) -> str | None:
        return self.schema.get("description")

    @property
    def owner(self) -> str:
        owner: str = self.schema["x-owner"]
        return owner

    @property
    def retention(self) -> str:
        retention: str = self.schema.get("x-retention", STANDARD)
        return retention

    @property
    def major(self) -> int:
        major: int = self.schema.get("x-major", 1)
        return major

    @property
    def samples(self) -> list[dict[str, Any]]:
        samples: list[dict[str, Any]] = self.schema["examples"]
        return samples

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.schema)


def fingerprint_of(schema: Mapping[str, Any]) -> str:
    """Return the SHA-256, in hex, of a schema however it is laid out."""
    spelt = json.dumps(schema, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(spelt.encode()).hexdigest()


def make_contract(kind: EventType) -> TypeContract:
    """Return the type ready to check events of it; takes about a millisecond."""
    return TypeContract(
        kind.action,
        kind.version,
        kind.retention,
        compile_schema(kind.schema),
        make_validator(kind.schema),
    )
