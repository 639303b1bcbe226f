"""Rules: from which fields of a record each field of its event is made.

A format is a list of rules, and reading is applying them. The page about importing is written
from the same list, and a test holds each rule to the sources that it names.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.audit.contract.validate import find_address
from app.audit.importers.fields import MAX_NAME, Raw, at, first_words, fit_id, fit_metadata
from app.audit.importers.moments import moment_of
from app.audit.importers.refusal import RecordRefused

Take = Callable[[Raw], Any]

# As long as the contract takes each text; longer ones are cut.
_LIMITS = {
    "actor.name": MAX_NAME,
    "source.user_agent": 1_000,
    "source.session": 256,
    "source.request_id": 256,
    "reason": 1_000,
}
UNKNOWN = {"type": "anonymous", "id": "unknown", "name": "Unknown"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One field of the event: the fields of the record it may come from, and how.

    `how` is for people. `take` returns the value, or None where the record has none.
    """

    field: str
    sources: tuple[str, ...]
    how: str
    take: Take


def text_rule(field: str, *paths: str, how: str = "as it is") -> Rule:
    """Return the rule for a text: the first of the paths that is not empty, cut to fit."""
    limit = _LIMITS.get(field)

    def take(record: Raw) -> str | None:
        found = first_words(record, paths)
        if found is None:
            return None
        return fit_id(found) if field == "actor.id" else found[:limit]

    return Rule(field, paths, how, take)


def moment_rule(*paths: str, how: str = "in UTC; a time without a zone is UTC") -> Rule:
    """Return the rule for the time; refuses a record that has none, or one nobody can read."""

    def take(record: Raw) -> str:
        for path in paths:
            value = at(record, path)
            if value not in (None, ""):
                return moment_of(value)
        raise RecordRefused(f"no time: {', '.join(paths)} {_are(paths)} missing")

    return Rule("occurred_at", paths, how, take)


def address_rule(*paths: str) -> Rule:
    """Return the rule for the address: the first of the paths that spells an IP address."""

    def take(record: Raw) -> str | None:
        for path in paths:
            value = at(record, path)
            if isinstance(value, str) and (found := find_address(value.strip())):
                return found
        return None

    return Rule("source.ip", paths, "where it is an IP address", take)


def metadata_rules(**paths: str) -> tuple[Rule, ...]:
    """Return a rule for each member of the metadata, as it is."""
    return tuple(_metadata_rule(name, path) for name, path in paths.items())


def chosen(field: str, sources: Sequence[str], how: str, take: Take) -> Rule:
    """Return a rule with a function of its own; `sources` name every field that it reads."""
    return Rule(field, tuple(sources), how, take)


def apply(rules: Sequence[Rule], record: Raw) -> dict[str, Any]:
    """Return the event that the rules make of a record, in the form of the contract.

    Whoever is not named is an unknown caller. Raises `RecordRefused` for a record without a
    time.
    """
    event: dict[str, Any] = {}
    metadata: dict[str, Any] = {}
    for rule in rules:
        value = rule.take(record)
        if value is None or value in ({}, []):
            continue
        head, _, rest = rule.field.partition(".")
        if head == "metadata":
            metadata |= {rest: value} if rest else value
        elif rest:
            event.setdefault(head, {})[rest] = value
        else:
            event[head] = value
    if metadata:
        event["metadata"] = fit_metadata(metadata)
    event["actor"] = _actor(event.get("actor", {}))
    return event


def _actor(named: Mapping[str, str]) -> dict[str, str]:
    known = named.get("id") or named.get("name")
    if known is None:
        return dict(UNKNOWN)
    kind = named.get("type", "person")
    return {"type": kind, "id": fit_id(known), "name": named.get("name", known)[:MAX_NAME]}


def _metadata_rule(name: str, path: str) -> Rule:
    return Rule(f"metadata.{name}", (path,), "as it is", lambda record: at(record, path))


def _are(paths: Sequence[str]) -> str:
    return "is" if len(paths) == 1 else "are"
