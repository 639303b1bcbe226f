"""What a person begins with who registers a first event type."""

from typing import Any

from app.audit.event_types.dialect import DIALECT

EXAMPLE = "invoice.approved"


def starting_schema(action: str = EXAMPLE) -> dict[str, Any]:
    """Return a small schema that is valid as it is for an action."""
    return {
        "$schema": DIALECT,
        "title": "Invoice approved",
        "x-owner": "billing",
        "x-retention": "standard",
        "type": "object",
        "required": ["targets", "metadata"],
        "properties": {
            "metadata": {
                "type": "object",
                "required": ["amount"],
                "properties": {
                    "amount": {"type": "number", "minimum": 0},
                    "currency": {"type": "string", "maxLength": 3, "x-facet": True},
                },
                "additionalProperties": False,
            }
        },
        "examples": [
            {
                "occurred_at": "2026-03-14T09:26:53Z",
                "actor": {"type": "person", "id": "u-1042", "name": "Ines Okafor"},
                "action": action,
                "targets": [{"type": "invoice", "id": "inv-7781", "name": "Invoice 7781"}],
                "metadata": {"amount": 1250.5, "currency": "EUR"},
            }
        ],
    }
