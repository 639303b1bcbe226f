"""Events of our own contract."""

from app.audit.importers.fields import Raw
from app.audit.importers.fingerprint import id_of_record
from app.audit.importers.format import Format, share
from app.audit.importers.rules import chosen


class OwnFormat(Format):
    """Events as the API takes them: nothing to map, everything to check."""

    def events(self, record: Raw) -> list[dict[str, object]]:
        """Return the event; one without an id gets the same one at every import."""
        own = {} if "id" in record else {"id": id_of_record("ndjson", record)}
        return [{**own, **record}]


def _recognise(record: Raw) -> float:
    names = ("occurred_at", "actor", "action")
    known = [name in record for name in names]
    return share(*known) if isinstance(record.get("actor"), dict) and known[0] else 0.0


OWN = OwnFormat(
    name="ndjson",
    title="Ballast events",
    origin="Events as the API takes them (see events.md), one a line or as a JSON list.",
    recognise=_recognise,
    refuses=("whatever the API refuses, with its words",),
    rules=(chosen("every field", [], "as it is", lambda _record: None),),
)
