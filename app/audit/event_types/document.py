"""An event as its contract sees it: the JSON that a sender would have sent."""

from typing import Any

from app.audit.event import EventDraft, Party
from app.kernel.times import iso


def document_of(draft: EventDraft) -> dict[str, Any]:
    """Return a draft as the JSON of an event; what it does not have is left out."""
    source = {
        "ip": draft.source_ip,
        "user_agent": draft.user_agent,
        "session": draft.session,
        "request_id": draft.request_id,
    }
    optional: dict[str, Any] = {
        "targets": [_party(target) for target in draft.targets],
        "source": {name: value for name, value in source.items() if value is not None},
        "reason": draft.reason,
        "changes": {name: dict(change) for name, change in draft.changes.items()},
        "metadata": dict(draft.metadata),
    }
    return {
        "id": str(draft.id),
        "occurred_at": iso(draft.occurred_at),
        "actor": _party(draft.actor),
        "action": draft.action,
        "outcome": draft.outcome.value,
        **{name: value for name, value in optional.items() if value},
    }


def _party(party: Party) -> dict[str, str]:
    return {"type": party.type, "id": party.id, "name": party.name}
