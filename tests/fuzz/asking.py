"""Questions: what is asked, how it may be written, and which events the oracle finds for it."""

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests.fuzz.oracle import Events, Oracle
from tests.fuzz.told import WORDS

FREE, TIME = "", "created"
_NEEDS_QUOTES = re.compile(r'[\s",:\\]|\A[-<>]|\*\Z|\.\.|\A\Z')
_OFFSET = re.compile(r"[-+]\d\d:\d\d\Z")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True)
class Part:
    """One thing asked. `sign` is how a time is compared: "" for within, ".." for from and to."""

    key: str
    value: str
    negated: bool = False
    sign: str = ""
    until: str = ""


@dataclass(frozen=True)
class Question:
    """Parts that must all hold, and one way to write them."""

    parts: tuple[Part, ...]
    text: str

    def answer(self, oracle: Oracle, now: dt.datetime, zone: ZoneInfo) -> Events:
        """Return the events that match.

        Values of a key are alternatives, and so are its ranges; comparisons and free text all
        have to hold. What is negated must not hold, any of it.
        """
        found = oracle.everything
        alternatives: dict[tuple[str, bool], Events] = {}
        for part in self.parts:
            matched = _matched(part, oracle, now, zone)
            if part.key == FREE or part.sign in ("<", "<=", ">", ">="):
                found &= ~matched if part.negated else matched
            else:
                place = (part.key, part.negated)
                alternatives[place] = alternatives.get(place, 0) | matched
        for (_key, negated), matched in alternatives.items():
            found &= ~matched if negated else matched
        return found


def _matched(part: Part, oracle: Oracle, now: dt.datetime, zone: ZoneInfo) -> Events:
    if part.key == FREE:
        return oracle.containing(part.value)
    if part.key != TIME:
        return oracle.equal_to(part.key, part.value)
    start, end = _edges(part.value, now, zone)
    if part.sign == "..":
        until, after = _edges(part.until, now, zone)
        # A range includes its last day, and stops at a time.
        return oracle.between(start, until if "T" in part.until else after)
    windows = {
        ">=": (start, None),
        ">": (end, None),
        "<=": (None, end),
        "<": (None, start),
        # A length of time, such as 24h, begins that long ago and ends now.
        "": (start, now if start == end else end),
    }
    return oracle.between(*windows[part.sign])


def _edges(value: str, now: dt.datetime, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    """Return when a time begins and ends, as it is spelled: a day, a minute, a second, a moment."""
    if value[-1] in _UNITS and value[:-1].isdigit():
        moment = now - dt.timedelta(**{_UNITS[value[-1]]: int(value[:-1])})
        return moment, moment
    if value in ("today", "yesterday"):
        today = now.astimezone(zone).date()
        value = str(today if value == "today" else today - dt.timedelta(days=1))
    if "T" not in value:
        day = dt.date.fromisoformat(value)
        return _midnight(day, zone), _midnight(day + dt.timedelta(days=1), zone)
    at = dt.datetime.fromisoformat(value)
    at = at if at.tzinfo else at.replace(tzinfo=zone)
    has_seconds = _OFFSET.sub("", value).count(":") > 1
    return at, at + dt.timedelta(**{"seconds" if has_seconds else "minutes": 1})


def _midnight(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC)


def questions(oracle: Oracle, until: dt.datetime) -> st.SearchStrategy[Question]:
    """Return a strategy of questions about events that happened before `until`."""
    parts = st.one_of(
        *(_valued(key, oracle.vocabulary(key)) for key in ("actor", "target", "session")),
        _valued("target_type", oracle.vocabulary("target_type")),
        _valued("outcome", ["success", "failure", "denied"]),
        st.builds(Part, st.just("action"), _prefixes(oracle.vocabulary("action")), st.booleans()),
        st.builds(Part, st.just("ip"), _networks(oracle.vocabulary("ip")), st.booleans()),
        _times(until),
        st.builds(Part, st.just(FREE), _said(oracle), st.booleans()),
    )
    return st.lists(parts, max_size=5).flatmap(_written)


def _valued(key: str, values: list[str]) -> st.SearchStrategy[Part]:
    absent = ["nobody", "thing-9999", "DOOR"] if key != "outcome" else []
    return st.builds(Part, st.just(key), st.sampled_from(values + absent), st.booleans())


def _prefixes(actions: list[str]) -> st.SearchStrategy[str]:
    whole = st.sampled_from([*actions, "z", "door_", "door.o", "Door"])
    return st.tuples(whole, st.integers(1, 20)).map(lambda pair: pair[0][: pair[1]])


def _networks(addresses: list[str]) -> st.SearchStrategy[str]:
    def spelled(pair: tuple[str, int]) -> str:
        address, length = pair
        most = 128 if ":" in address else 32
        return address if length > most else f"{address}/{length}"

    some = [*addresses[:: max(1, len(addresses) // 200)], "203.0.113.9", "2001:db8:1::"]
    return st.tuples(st.sampled_from(some), st.integers(0, 140)).map(spelled)


def _times(until: dt.datetime) -> st.SearchStrategy[Part]:
    ages = st.integers(0, 95 * 24 * 60).map(lambda minutes: until - dt.timedelta(minutes=minutes))
    exact = ages.flatmap(
        lambda at: st.sampled_from(
            [
                f"{at:%Y-%m-%d}",
                f"{at:%Y-%m-%dT%H:%M}",
                f"{at:%Y-%m-%dT%H:%M:%S}Z",
                f"{at:%Y-%m-%dT%H:%M}+05:30",
            ]
        )
    )
    vague = st.sampled_from(["today", "yesterday", "30m", "24h", "7d", "2w", "100d"])
    sign = st.sampled_from(["", "<", "<=", ">", ">="])
    single = st.builds(Part, st.just(TIME), exact | vague, st.booleans(), sign)
    ranges = st.tuples(ages, ages, st.booleans(), st.booleans()).map(_range)
    return single | ranges


def _range(drawn: tuple[dt.datetime, dt.datetime, bool, bool]) -> Part:
    low, high = sorted(drawn[:2])
    spelling = "%Y-%m-%d" if drawn[2] else "%Y-%m-%dT%H:%MZ"
    high += dt.timedelta(minutes=1)
    return Part(TIME, f"{low:{spelling}}", drawn[3], "..", f"{high:{spelling}}")


def _said(oracle: Oracle) -> st.SearchStrategy[str]:
    """Return words that are in events, alone or several, in their order or another."""
    words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
    some = oracle.events[:: max(1, len(oracle.events) // 400)]
    texts = sorted({text for event in some for text in event.texts})
    heard = st.tuples(st.sampled_from(texts), st.integers(0, 8), st.integers(1, 4)).map(_cutting)
    return st.one_of(words, heard).map(str.strip).filter(bool)


def _cutting(drawn: tuple[str, int, int]) -> str:
    text, start, length = drawn
    words = text.split()
    return " ".join(words[start : start + length]) or text[:60]


@st.composite
def _written(draw: st.DrawFn, parts: list[Part]) -> Question:
    """Write the parts, each in one of the spellings that mean the same."""
    words = [_spelled(draw, part) for part in parts]
    gap = draw(st.sampled_from([" ", "  ", "\t"]))
    return Question(tuple(parts), gap.join(words))


def _spelled(draw: st.DrawFn, part: Part) -> str:
    minus = "-" if part.negated else ""
    value, quoted = part.value, draw(st.booleans())
    if part.key == FREE:
        return minus + _quoted(value, always=quoted)
    key = part.key.upper() if draw(st.booleans()) else part.key
    if part.key == TIME:
        span = f"{value}..{part.until}" if part.sign == ".." else f"{part.sign}{value}"
        return f"{minus}{key}:{span}"
    if part.key == "outcome" and draw(st.booleans()):
        value = value.title()
    if part.key == "action" and draw(st.booleans()):
        return f"{minus}{key}:{value}*"
    return f"{minus}{key}:{_quoted(value, always=quoted)}"


def _quoted(value: str, *, always: bool) -> str:
    if not always and not _NEEDS_QUOTES.search(value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
