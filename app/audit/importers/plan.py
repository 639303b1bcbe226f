"""How a file is to be read: the layout of its records, and what makes events of them."""

import itertools
from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, replace
from typing import Any

from app.audit.event import EventDraft
from app.audit.importers.detecting import detect_format
from app.audit.importers.fields import Raw
from app.audit.importers.mapping.mapping import MAPPED, Mapping
from app.audit.importers.mapping.suggesting import suggest_mapping
from app.audit.importers.reading.layout import Layout
from app.audit.importers.reading.records import Record, Source, read_records
from app.audit.importers.refusal import RecordRefused, draft_or_refuse
from app.audit.importers.registry import FORMATS

SAMPLE = 200
SHOWN = 20
NOT_AN_OBJECT = "not a JSON object"


@dataclass(frozen=True, slots=True)
class Plan:
    """The layout of a file, and the format of its records or the mapping of their fields."""

    layout: Layout
    format_name: str
    mapping: Mapping

    @property
    def title(self) -> str:
        """What the records are, for people."""
        found = FORMATS.get(self.format_name)
        return found.title if found else "Mapped fields"

    def events(self, record: Raw) -> list[dict[str, Any]]:
        """Return the events of a record in the form of the contract; raises `RecordRefused`."""
        found = FORMATS.get(self.format_name)
        return found.events(record) if found else self.mapping.events(record)

    def as_json(self) -> dict[str, Any]:
        """Return the plan as it is kept."""
        return {
            "layout": self.layout.as_json(),
            "format": self.format_name,
            "mapping": self.mapping.as_json(),
        }

    @classmethod
    def from_json(cls, kept: AnyMapping[str, Any]) -> "Plan":
        """Return a plan that was kept."""
        return cls(
            Layout.from_json(kept["layout"]), kept["format"], Mapping.from_json(kept["mapping"])
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one record, or one event of it, becomes: a draft, or the reason why not."""

    number: int
    draft: EventDraft | None = None
    refused: str | None = None


def propose_plan(source: Source, stem: str, encoding: str | None = None) -> Plan:
    """Return how a file is best read, judged by its first 200 records.

    `stem` names where it comes from, such as the name of the file without its ending. Raises
    `FileBroken` for a file that cannot be read at all.
    """
    layout = source.layout(encoding)
    records = sample_records(source, layout)
    found = detect_format(records)
    name = found.name if found else MAPPED
    return Plan(layout, name, suggest_mapping(records, stem))


def with_format(plan: Plan, format_name: str) -> Plan:
    """Return the plan with another format."""
    return replace(plan, format_name=format_name)


def with_mapping(plan: Plan, mapping: Mapping) -> Plan:
    """Return the plan with a mapping in place of a format."""
    return replace(plan, format_name=MAPPED, mapping=mapping)


def sample_records(source: Source, layout: Layout, at_most: int = SAMPLE) -> list[Raw]:
    """Return the first records of a file that are objects."""
    records = itertools.islice(read_records(source, layout), at_most)
    return [record.value for record in records if isinstance(record.value, dict)]


def preview(source: Source, plan: Plan, at_most: int = SHOWN) -> list[Outcome]:
    """Return what the first records of a file become, as they would be stored."""
    records = itertools.islice(read_records(source, plan.layout), at_most)
    return [outcome for record in records for outcome in outcomes_of(record, plan)]


def outcomes_of(record: Record, plan: Plan) -> Iterator[Outcome]:
    """Yield what a record becomes: mostly one draft; each event of several by itself."""
    number = record.number
    if record.broken is not None or not isinstance(record.value, dict):
        yield Outcome(number, refused=record.broken or NOT_AN_OBJECT)
        return
    try:
        events = plan.events(record.value)
    except RecordRefused as refusal:
        yield Outcome(number, refused=refusal.reason)
        return
    if not events:
        yield Outcome(number, refused="no event in the record")
    for event in events:
        try:
            yield Outcome(number, draft_or_refuse(event))
        except RecordRefused as refusal:
            yield Outcome(number, refused=refusal.reason)
