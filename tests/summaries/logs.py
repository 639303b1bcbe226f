"""A log in memory that answers what the verifier asks, and claims about it, true and wrong."""

import dataclasses
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.audit.queries import EventFact, Extent, Match
from app.kernel.commands import Outcome
from app.summaries.claims.contract import MAX_CITED, ClaimKind
from app.summaries.claims.fields import ClaimFields

# A day long before any test runs, so that nothing else lies in it.
DAY = datetime(2021, 6, 14, tzinfo=UTC)
MATCHED = tuple(field.name for field in dataclasses.fields(Match))
DIMENSIONS = ("actor", "action", "outcome", "target", "ip")
OF_EVENT = {
    "actor": "actor_id",
    "action": "action",
    "outcome": "outcome",
    "target": "target_id",
    "ip": "source_ip",
}


@dataclass
class MemoryLog:
    """The events of one slice. What is in another tenant's log is simply not here."""

    events: list[EventFact]

    def list_events(self, ids):
        wanted = set(ids)
        found = [event for event in self.events if event.id in wanted]
        return tuple(sorted(found, key=lambda event: (event.occurred_at, event.id)))

    def measure(self, match):
        found = matching(self.events, match)
        times = [event.occurred_at for event in found]
        return Extent(len(found), min(times, default=None), max(times, default=None))


def matching(events, match):
    wanted = [(k, v) for k in MATCHED if (v := getattr(match, k)) is not None]
    return [event for event in events if all(getattr(event, k) == v for k, v in wanted)]


def an_event(number, **values):
    at = values.pop("at", DAY + timedelta(seconds=number))
    ordinary = {
        "id": UUID(int=number),
        "occurred_at": at,
        "actor_id": "u-ann",
        "actor_name": "Ann Example",
        "action": "document.opened",
        "outcome": "success",
        "target_id": "d-1",
        "target_name": "Document 1",
        "source_ip": "192.0.2.1",
        "hash": f"hash of {number}",
    }
    return EventFact(**(ordinary | values))


def random_log(seed, size=400):
    chance = random.Random(seed)  # noqa: S311  for test data
    return MemoryLog(
        [
            an_event(
                number,
                at=DAY + timedelta(milliseconds=chance.randrange(86_400_000)),
                actor_id=f"u-{chance.randrange(6)}",
                action=chance.choice(["session.started", "key.created", "file.read", "a.b"]),
                outcome=chance.choice(["success", "success", "success", "failure", "denied"]),
                target_id=chance.choice([None, "t-1", "t-2", "t-3"]),
                source_ip=chance.choice([None, "192.0.2.1", "198.51.100.7", "2001:db8::1"]),
            )
            for number in range(size)
        ]
    )


def true_claims(log, seed, number):
    """Claims that hold: half about everything that matches, half about a few events."""
    chance = random.Random(seed)  # noqa: S311  for test data
    for turn in range(number):
        event = chance.choice(log.events)
        chosen = chance.sample(DIMENSIONS, chance.randint(1, len(DIMENSIONS)))
        values = {name: getattr(event, OF_EVENT[name]) for name in chosen}
        if not any(values.values()):
            values["actor"] = event.actor_id
        about = matching(log.events, fields_of(**values).match)
        about.sort(key=lambda e: (e.occurred_at, e.id))
        cited = sorted(
            chance.sample(about, min(len(about), chance.randint(1, MAX_CITED))),
            key=lambda e: (e.occurred_at, e.id),
        )
        said = about if turn % 2 else cited
        yield (
            fields_of(
                **values,
                count=len(said),
                first=said[0].occurred_at,
                last=said[-1].occurred_at,
                is_complete=bool(turn % 2),
            ),
            tuple(e.id for e in cited),
        )


def fields_of(**values):
    ordinary = {
        "kind": ClaimKind.ACTIVITY,
        **dict.fromkeys(DIMENSIONS),
        "count": 1,
        "first": None,
        "last": None,
        "is_complete": True,
    }
    if isinstance(values.get("outcome"), str):
        values["outcome"] = Outcome(values["outcome"])
    return ClaimFields(**(ordinary | values))


SECOND = timedelta(seconds=1)
ELSEWHERE = UUID(int=10**9)


def _stranger(log, fields):
    """An event of the log that the claim is not about, or None."""
    about = {event.id for event in matching(log.events, fields.match)}
    return next((event.id for event in log.events if event.id not in about), None)


def _another(name):
    values = {
        "actor": "u-nobody",
        "action": "nothing.happened",
        "target": "t-none",
        "ip": "203.0.113.99",
    }

    def change(_log, fields, ids):
        if name == "outcome":
            other = next(o for o in Outcome if o is not fields.outcome)
            return (
                None
                if fields.outcome is None
                else (dataclasses.replace(fields, outcome=other), ids)
            )
        return dataclasses.replace(fields, **{name: values[name]}), ids

    return change


def _with(**changes):
    return lambda _log, fields, ids: (
        dataclasses.replace(fields, **{k: change(fields) for k, change in changes.items()}),
        ids,
    )


def _swapped(log, fields, ids):
    stranger = _stranger(log, fields)
    return None if stranger is None else (fields, (*ids[:-1], stranger))


def _dropped(_log, fields, ids):
    return None if fields.is_complete or len(ids) < 2 else (fields, ids[1:])


def _part_as_whole(log, fields, ids):
    whole = log.measure(fields.match).count
    if fields.is_complete or whole == len(ids):
        return None
    return dataclasses.replace(fields, is_complete=True), ids


def _absence_of_what_happened(_log, fields, _ids):
    absence = dataclasses.replace(
        fields, kind=ClaimKind.ABSENCE, count=0, first=None, last=None, is_complete=True
    )
    return absence, ()


# Each makes a true claim wrong, or gives None where this claim cannot be wrong in that way.
LIES = {
    "one too many": _with(count=lambda fields: fields.count + 1),
    "one too few": _with(count=lambda fields: fields.count - 1),
    "another actor": _another("actor"),
    "another action": _another("action"),
    "another outcome": _another("outcome"),
    "another target": _another("target"),
    "another address": _another("ip"),
    "first too early": _with(first=lambda fields: fields.first - SECOND),
    "last too late": _with(last=lambda fields: fields.last + SECOND),
    "times swapped around": _with(
        first=lambda fields: fields.last + SECOND, last=lambda fields: fields.first
    ),
    "a citation dropped": _dropped,
    "no citation": lambda _log, fields, _ids: (fields, ()),
    "an invented event": lambda _log, fields, ids: (fields, (*ids[:-1], ELSEWHERE)),
    "an event of another kind": _swapped,
    "the same event twice": lambda _log, fields, ids: (fields, (*ids, ids[0])),
    "a part told as the whole": _part_as_whole,
    "the absence of what happened": _absence_of_what_happened,
}
