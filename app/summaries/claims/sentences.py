"""Writing a claim's sentence: the one place where fields become English.

The model writes no word of it. Names come from the log, where those who bear them chose them, so
one that reads like a text is left to the evidence, and the id stands in its place.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.gateway.redaction import MAX_VALUE, clean_value
from app.kernel.commands import Outcome
from app.summaries.claims.contract import ClaimKind
from app.summaries.claims.fields import ClaimFields

# A name of several words has letters and numbers, as people and things are called; in a single
# word, such as a mail address, dots and colons stand only inside.
_LETTERS = r"[^\W\d_]"
_PART = rf"(?:{_LETTERS}\.|{_LETTERS}+(?:['’-]{_LETTERS}+)*|\d{{1,4}})"
_WORD = r"[\w@+'’/-]+(?:[.:][\w@+'’/-]+)*"
_PLAIN_NAME = re.compile(rf"{_PART}(?: {_PART}){{0,3}}|{_WORD}")
# One long word, such as the path of a resource, tells nobody to do anything; a link might.
_LONG_WORD = re.compile(r"(?!.*://)[\w@+'’/.:,;=#$%&*?~()-]+")
_LONGEST_PLAIN = 64

# What an actor did: "Tomas Ek failed session.started".
_DID = {
    Outcome.SUCCESS: "performed",
    Outcome.FAILURE: "failed",
    Outcome.DENIED: "was denied",
    None: "attempted",
}
# What became of an action or of events: "session.started failed", "3 events were denied".
_BECAME = {
    Outcome.SUCCESS: ("succeeded", "succeeded"),
    Outcome.FAILURE: ("failed", "failed"),
    Outcome.DENIED: ("was denied", "were denied"),
    None: ("happened", "happened"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """How the log calls the actor and the target of a claim; None where it does not."""

    actor: str | None = None
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """The zone that times are told in, and the window that they lie in."""

    zone: ZoneInfo
    start: datetime
    end: datetime

    @property
    def is_one_day(self) -> bool:
        last = self.end - timedelta(microseconds=1)
        return self.start.astimezone(self.zone).date() == last.astimezone(self.zone).date()


def write_sentence(fields: ClaimFields, names: Names, wording: Wording) -> str:
    """Return what a claim says, as one sentence with its full stop."""
    actor, target = _name(fields.actor, names.actor), _name(fields.target, names.target)
    # Sessions are often named by their address, which need not be told twice.
    on = f" on {target}" if target is not None and target != fields.ip else ""
    whence = f" from {fields.ip}" if fields.ip is not None else ""
    if fields.kind is ClaimKind.ABSENCE:
        by = f" by {actor}" if actor is not None else ""
        became = _BECAME[fields.outcome][0]
        return f"No {fields.action or 'event'}{by}{on} {became}{whence} in the slice."
    return f"{_activity(fields, actor, on)}{whence}{_when(fields, wording)}."


def _activity(fields: ClaimFields, actor: str | None, on: str) -> str:
    if fields.action is not None:
        times = _times(fields.count, is_complete=fields.is_complete)
        if actor is not None:
            return f"{actor} {_DID[fields.outcome]} {fields.action}{on} {times}"
        return f"{fields.action}{on} {_BECAME[fields.outcome][0]} {times}"
    least = "" if fields.is_complete else "at least "
    if actor is not None:
        return f"{actor} {_DID[fields.outcome]} {least}{_many(fields.count, 'action')}{on}"
    became = _BECAME[fields.outcome][fields.count != 1]
    return f"{_capital(least)}{_many(fields.count, 'event')}{on} {became}"


def _when(fields: ClaimFields, wording: Wording) -> str:
    ends = [at.astimezone(wording.zone) for at in (fields.first, fields.last) if at is not None]
    if not ends:
        return ""
    first, last = ends[0], ends[-1]
    day = "" if wording.is_one_day else f" on {_day(last)}"
    if int(first.timestamp()) == int(last.timestamp()):
        return f" {_preposition(fields)} {_clock(last)} {last:%Z}{day}"
    if first.date() == last.date():
        return f" between {_zoned(first, last)} and {_clock(last)} {last:%Z}{day}"
    start = f"{_day(first)} {_zoned(first, last)}"
    return f" between {start} and {_day(last)} {_clock(last)} {last:%Z}"


def _preposition(fields: ClaimFields) -> str:
    """Return "at", but of several events with one known end only where they begin or end."""
    if fields.count == 1 or (fields.first and fields.last):
        return "at"
    return "since" if fields.first is not None else "until"


def _zoned(first: datetime, last: datetime) -> str:
    # The clocks may have changed in between.
    return _clock(first) if first.tzname() == last.tzname() else f"{_clock(first)} {first:%Z}"


def _clock(at: datetime) -> str:
    return f"{at:%H:%M:%S}"


def _day(at: datetime) -> str:
    return f"{at.day} {at:%b %Y}"


def _times(count: int, *, is_complete: bool) -> str:
    words = {1: "once", 2: "twice"}.get(count, f"{count:,} times")
    return words if is_complete else f"at least {words}"


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _name(identity: str | None, name: str | None) -> str | None:
    if identity is None:
        return None
    for said in (name or identity, identity):
        clean = clean_value(said)
        # Whoever hides characters in a name wants it to be read otherwise than it looks.
        if clean != " ".join(said.split()) and len(said) <= MAX_VALUE:
            continue
        if len(clean) <= _LONGEST_PLAIN and _PLAIN_NAME.fullmatch(clean):
            return clean
        if _LONG_WORD.fullmatch(clean):
            return f"“{clean}”"
    return "“…”"
