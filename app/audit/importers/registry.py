"""The formats that can be imported."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from app.audit.event import EventDraft
from app.audit.importers.cloudtrail import CloudTrail
from app.audit.importers.ndjson import OwnLines


class Importer(Protocol):
    """Reads the records of one format."""

    def read(self, raw: Mapping[str, Any]) -> EventDraft:
        """Return the event that a record describes; raises `RecordRefused`.

        The same record always gives the same id, so that importing a file again adds nothing.
        """


@dataclass(frozen=True, slots=True)
class Format:
    """A format as the command line names it."""

    name: str
    meaning: str
    importer: Importer


FORMATS: dict[str, Format] = {
    found.name: found
    for found in (
        Format("cloudtrail", "AWS CloudTrail: its own files, or one record a line", CloudTrail()),
        Format("ndjson", "events of our own contract, one a line", OwnLines()),
    )
}
