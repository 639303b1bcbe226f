"""What reading an event needs to know of event types, whoever keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from jsonschema.protocols import Validator

from app.audit.contract.compiled import Fits
from app.kernel.problems import FieldProblem

# The version of an event that was held to no type: the label "unregistered".
UNREGISTERED = 0


@dataclass(frozen=True, slots=True)
class TypeContract:
    """One version of an event type, ready to check events of it."""

    action: str
    version: int
    retention: str
    fits: Fits
    validator: Validator


class TypeBook(Protocol):
    """Knows the event types of a tenant."""

    def find(self, event: Mapping[str, Any]) -> TypeContract | FieldProblem | None:
        """Return the contract that the event names, why it may not name it, or None.

        `event` fits the frame. None is for an event of no registered type, where the tenant
        takes such events.
        """


class NoTypes:
    """The book in which nothing is registered: every event is taken as it is."""

    def find(self, event: Mapping[str, Any]) -> None:
        """Return None: nothing is known of any type."""
        del event
