"""Events of our own contract."""

from app.audit.contract.types import UNREGISTERED
from app.audit.importers.fields import Raw
from app.audit.importers.fingerprint import id_of_record
from app.audit.importers.format import Format, share
from app.audit.importers.rules import chosen

# What every event of an export has beside what was sent.
_RECEIPT = frozenset({"received_at", "leaf", "retention"})


class OwnFormat(Format):
    """Events as the API takes them: nothing to map, everything to check."""

    def events(self, record: Raw) -> list[dict[str, object]]:
        """Return the event; one without an id gets the same one at every import."""
        sent = as_sent(record)
        own = {} if "id" in sent else {"id": id_of_record("ndjson", sent)}
        return [{**own, **sent}]


def as_sent(record: Raw) -> dict[str, object]:
    """Return the event without what the log that it was exported from knew of it."""
    if not record.keys() >= _RECEIPT:
        return dict(record)
    beside = _RECEIPT | {"received_from"}
    sent = {name: value for name, value in record.items() if name not in beside}
    if sent.get("event_type_version") == UNREGISTERED:
        del sent["event_type_version"]
    return sent


def _recognise(record: Raw) -> float:
    names = ("occurred_at", "actor", "action")
    known = [name in record for name in names]
    return share(*known) if isinstance(record.get("actor"), dict) and known[0] else 0.0


OWN = OwnFormat(
    name="ndjson",
    title="Ballast events",
    origin="Events as the API takes them (see events.md), one a line or as a JSON list; and as"
    " exports hold them (see api.md).",
    recognise=_recognise,
    refuses=("whatever the API refuses, with its words",),
    rules=(chosen("every field", [], "as it is", lambda _record: None),),
)
