"""A mapping: which fields of any other system's records are which parts of an event."""

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from app.audit.contract.validate import find_address
from app.audit.importers.actions import action_of
from app.audit.importers.fields import MAX_NAME, Raw, fit_id, fit_metadata, party
from app.audit.importers.fingerprint import find_uuid, id_of_record
from app.audit.importers.mapping.sources import Sources, read_sources
from app.audit.importers.moments import moment_of
from app.audit.importers.outcomes import outcome_of
from app.audit.importers.refusal import RecordRefused
from app.audit.importers.rules import UNKNOWN

MAPPED = "mapped"
AS_IT_IS = "as it is"


@dataclass(frozen=True, slots=True)
class MappedField:
    """A part of the event that a mapping fills; `how` says what becomes of the value."""

    name: str
    label: str
    how: str
    is_required: bool = False


FIELDS = (
    MappedField(
        "occurred_at",
        "Time",
        "ISO 8601, seconds or their fractions since 1970, or a form of spreadsheets",
        is_required=True,
    ),
    MappedField("actor.id", "Actor: id", "whoever is not named is an unknown caller"),
    MappedField("actor.name", "Actor: name", AS_IT_IS),
    MappedField(
        "actor.type", "Actor: kind", "person, service, system or API key; without it a person"
    ),
    MappedField(
        "action",
        "Action",
        "in lower case, as `object.verb`; joined parts are parted by points",
        is_required=True,
    ),
    MappedField(
        "outcome", "Outcome", "words and status codes; what says neither counts as success"
    ),
    MappedField("target.id", "Target: id", AS_IT_IS),
    MappedField("target.name", "Target: name", AS_IT_IS),
    MappedField("target.type", "Target: kind", "such as document; without it a thing"),
    MappedField("source.ip", "IP address", "kept where it is an IP address"),
    MappedField("source.user_agent", "User agent", AS_IT_IS),
    MappedField("source.session", "Session", AS_IT_IS),
    MappedField("source.request_id", "Request id", AS_IT_IS),
    MappedField("reason", "Reason", AS_IT_IS),
    MappedField("id", "Id", "where it is a UUID; else the id is made of the whole record"),
)
FIELD_NAMES = frozenset(one.name for one in FIELDS)
_LIMITS = {
    "reason": 1_000,
    "source.user_agent": 1_000,
    "source.session": 256,
    "source.request_id": 256,
}
# Kinds of actors, by what the words of other systems begin with.
_KINDS = (
    ("anon", "anonymous"),
    ("api", "api_key"),
    ("token", "api_key"),
    ("key", "api_key"),
    ("system", "system"),
    ("service", "service"),
    ("app", "service"),
    ("bot", "service"),
    ("machine", "service"),
    ("robot", "service"),
    ("automation", "service"),
    ("integration", "service"),
)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which fields of a record make the event, and how times are to be understood.

    `zone` is where times are that name none; `day_first` tells what 03/04/2026 is. With
    `keeps_rest`, what is not mapped goes into the metadata.
    """

    fields: AnyMapping[str, Sources] = field(default_factory=dict)
    zone: str = "UTC"
    day_first: bool = True
    keeps_rest: bool = True

    def as_json(self) -> dict[str, Any]:
        """Return the mapping as it is kept."""
        return {
            "fields": {name: str(sources) for name, sources in self.fields.items()},
            "zone": self.zone,
            "day_first": self.day_first,
            "keeps_rest": self.keeps_rest,
        }

    @classmethod
    def from_json(cls, kept: AnyMapping[str, Any]) -> "Mapping":
        """Return a mapping that was kept."""
        fields = {name: read_sources(written) for name, written in kept["fields"].items()}
        return cls(fields, kept["zone"], kept["day_first"], kept["keeps_rest"])

    def events(self, record: Raw) -> list[dict[str, Any]]:
        """Return the event that a record describes, in the form of the contract.

        The id is made of the whole record and of nothing else: the same record is the same event
        under any mapping. Raises `RecordRefused` for a record without a time or an action.
        """
        event: dict[str, Any] = {
            "id": find_uuid(self._text("id", record)) or id_of_record(MAPPED, record),
            "occurred_at": self._moment(record),
            "actor": self._actor(record),
            "action": self._action(record),
        }
        outcome = outcome_of(self._value("outcome", record))
        target = self._target(record)
        source = self._source(record)
        metadata = self._rest(record) if self.keeps_rest else {}
        reason = self._text("reason", record)
        optional = {
            "outcome": outcome,
            "targets": [target] if target else None,
            "source": source or None,
            "reason": reason,
            "metadata": metadata or None,
        }
        return [event | {name: value for name, value in optional.items() if value is not None}]

    def _value(self, name: str, record: Raw) -> object:
        sources = self.fields.get(name)
        return sources.value_of(record) if sources else None

    def _parts(self, name: str, record: Raw) -> list[str]:
        sources = self.fields.get(name)
        return sources.parts_of(record) if sources else []

    def _text(self, name: str, record: Raw) -> str | None:
        return " ".join(self._parts(name, record))[: _LIMITS.get(name)] or None

    def _moment(self, record: Raw) -> str:
        value = self._value("occurred_at", record)
        if value is None:
            raise RecordRefused("no time: the fields mapped to it are missing")
        return moment_of(value, ZoneInfo(self.zone), day_first=self.day_first)

    def _action(self, record: Raw) -> str:
        parts = self._parts("action", record)
        action = action_of(*parts) if parts else ""
        if not action:
            raise RecordRefused("no action: the fields mapped to it are missing")
        return action

    def _actor(self, record: Raw) -> dict[str, str]:
        ident, name = self._text("actor.id", record), self._text("actor.name", record)
        known = ident or name
        if known is None:
            return dict(UNKNOWN)
        kind = kind_of_actor(self._text("actor.type", record))
        return {"type": kind, "id": fit_id(known), "name": (name or known)[:MAX_NAME]}

    def _target(self, record: Raw) -> dict[str, str] | None:
        kind = self._text("target.type", record) or "thing"
        return party(kind, self._text("target.id", record), self._text("target.name", record))

    def _source(self, record: Raw) -> dict[str, str]:
        found = {
            "ip": find_address((self._text("source.ip", record) or "").strip()),
            "user_agent": self._text("source.user_agent", record),
            "session": self._text("source.session", record),
            "request_id": self._text("source.request_id", record),
        }
        return {name: value for name, value in found.items() if value}

    def _rest(self, record: Raw) -> dict[str, Any]:
        mapped = {path for sources in self.fields.values() for path in sources.paths}
        return fit_metadata({name: value for name, value in record.items() if name not in mapped})


def kind_of_actor(spelled: str | None) -> str:
    """Return the kind of actor that a word of another system means; mostly a person."""
    word = (spelled or "").strip().lower()
    return next((kind for begun, kind in _KINDS if word.startswith(begun)), "person")
