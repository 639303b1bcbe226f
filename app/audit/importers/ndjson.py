"""Events of our own contract, one a line."""

from collections.abc import Mapping
from typing import Any

from app.audit.event import EventDraft
from app.audit.importers.fingerprint import id_of_record
from app.audit.importers.refusal import draft_or_refuse


class OwnLines:
    """Reads events that are written as the API takes them."""

    def read(self, raw: Mapping[str, Any]) -> EventDraft:
        """Return the event; one without an id gets the same one at every import."""
        return draft_or_refuse(raw if "id" in raw else {"id": id_of_record("ndjson", raw), **raw})
