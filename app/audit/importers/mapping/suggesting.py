"""Suggesting a mapping from the names and the values of a file's fields."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass

from app.audit.contract.validate import find_address
from app.audit.importers.actions import snake
from app.audit.importers.fields import Raw
from app.audit.importers.fingerprint import find_uuid
from app.audit.importers.mapping.looking import Seen, look_at
from app.audit.importers.mapping.mapping import Mapping
from app.audit.importers.mapping.sources import Part, Sources
from app.audit.importers.moments import find_moment
from app.audit.importers.outcomes import outcome_of

MOST = 4
_MOSTLY = 0.8
_HALF = 0.5
_FIRST_YEAR, _LAST_YEAR = 1995, 2100
_SHORT, _FEW = 80, 5
_KINDS, _RARELY = 3, 0.1
_MAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")
_SECONDS_DIGITS = 9

# People and things that something was done to, not who did it.
_OTHER_SIDE = re.compile(
    r"target|affected|object|resource|recipient|destination|dst|owner|response"
)
# What a collector put beside a record: where it came from, what it looked up.
_BESIDE = re.compile(r"^p_(?!event_time$)|enrichment|^licence$|^origin$|^nature$")
_LATER = re.compile(
    r"updat|modif|expir|end|complet|finish|last|birth|hire|ingest|pars|process|valid|creation_date"
    r"|session_context|first|previous|duration|receiv"
)


@dataclass(frozen=True, slots=True)
class Clue:
    """What gives a field away: patterns of its name with their weights, and its values."""

    names: tuple[tuple[str, int], ...]
    fits: Callable[[Sequence[object]], bool]
    avoids: re.Pattern[str] | None = None


def suggest_mapping(records: Sequence[Raw], stem: str) -> Mapping:
    """Return the mapping that the names and values of some records speak for.

    `stem` names where they come from; it becomes the first word of the actions. It is a
    suggestion: whoever imports sees what it makes of the first records, and corrects it.
    """
    seen = look_at(records)
    fields = {
        name: found
        for name, clue in _CLUES.items()
        if (found := _best(seen, clue, len(records), _MANY.get(name, MOST))) is not None
    }
    taken = {path for sources in fields.values() for path in sources.paths}
    for name, clue in _BY_VALUES.items():
        # Names in another language say nothing to us; the values may.
        left = [one for one in seen if one.path not in taken]
        if name not in fields and (found := _best(left, clue, len(records), 1)) is not None:
            fields[name] = found
            taken |= set(found.paths)
    prefix = Part(constant=snake(stem)[:40].strip("_") or "import")
    action = fields.get("action")
    if action is None:
        fields["action"] = Sources(((prefix, Part(constant="recorded")),))
    else:
        joined = tuple((prefix, *parts) for parts in action.alternatives)
        fields["action"] = Sources(joined)
    return Mapping(fields, day_first=_is_day_first(seen, fields.get("occurred_at")))


def _best(seen: Sequence[Seen], clue: Clue, records: int, most: int) -> Sources | None:
    """Return the best field, and further ones for the records that it is not in."""
    rated = [(_score(one, clue, records), one) for one in seen]
    rated = [(score, one) for score, one in rated if score > 0]
    # Of two that are alike the one that comes first in the record.
    rated.sort(key=lambda pair: -pair[0])
    chosen: list[Seen] = []
    covered: set[int] = set()
    for _, one in rated:
        if not one.records <= covered and len(chosen) < most:
            chosen.append(one)
            covered |= one.records
    return Sources(tuple((Part(one.path),) for one in chosen)) if chosen else None


def _score(seen: Seen, clue: Clue, records: int) -> float:
    name = ".".join(snake(part) for part in seen.path.split("."))
    if _BESIDE.search(name):
        return 0
    weight = next((weight for pattern, weight in clue.names if re.search(pattern, name)), 0)
    if not weight or not clue.fits(seen.values):
        return 0
    if clue.avoids is not None and clue.avoids.search(name):
        weight -= 60
    # A field that is in every record and lies at the top is rather meant than one far within.
    return max(weight + 10 * len(seen.records) / records - 4 * seen.depth, 0)


def _are_moments(values: Sequence[object]) -> bool:
    return _share(values, _is_moment) >= _HALF


def _is_moment(value: object) -> bool:
    if isinstance(value, bool):
        return False
    is_number = isinstance(value, int | float) or str(value).replace(".", "", 1).isdigit()
    if is_number and len(str(value).partition(".")[0]) < _SECONDS_DIGITS:
        return False
    found = find_moment(value)
    return found is not None and _FIRST_YEAR <= dt.datetime.fromisoformat(found).year <= _LAST_YEAR


def _are_words(values: Sequence[object]) -> bool:
    return _share(values, _is_short) >= _MOSTLY and not _are_moments(values)


def _is_short(value: object) -> bool:
    """Say whether a value may name a kind of thing: a few words, no sentence."""
    spelled = str(value)
    return isinstance(value, str | int) and len(spelled) <= _SHORT and len(spelled.split()) <= _FEW


def _are_texts(values: Sequence[object]) -> bool:
    return _share(values, lambda one: isinstance(one, str | int)) >= _MOSTLY


def _are_names(values: Sequence[object]) -> bool:
    return _are_texts(values) and _share(values, lambda one: isinstance(one, bool)) < _HALF


def _are_outcomes(values: Sequence[object]) -> bool:
    return _share(values, lambda one: outcome_of(one) is not None) >= _HALF


def _are_addresses(values: Sequence[object]) -> bool:
    return _share(values, lambda one: find_address(str(one).strip()) is not None) >= _HALF


def _are_mails(values: Sequence[object]) -> bool:
    return _share(values, lambda one: bool(_MAIL.fullmatch(str(one)))) >= _MOSTLY


def _are_kinds(values: Sequence[object]) -> bool:
    """Say whether values come again and again, as the names of actions do."""
    different = len({str(one) for one in values})
    return _are_words(values) and 1 < different <= max(_KINDS, len(values) * _RARELY)


def _are_uuids(values: Sequence[object]) -> bool:
    spelled = [str(one) for one in values]
    return len(set(spelled)) == len(spelled) and all(find_uuid(one) for one in spelled)


def _share(values: Sequence[object], holds: Callable[[object], bool]) -> float:
    return sum(map(holds, values)) / len(values) if values else 0.0


def _is_day_first(seen: Sequence[Seen], moments: Sources | None) -> bool:
    """Say whether dates such as 25/12/2026 show that the day comes first."""
    paths = moments.paths if moments else []
    values = [str(value) for one in seen if one.path in paths for value in one.values]
    seconds = [found[1] for value in values if (found := re.match(r"\d{1,2}/(\d{1,2})/", value))]
    months_in = 12
    return not any(int(second) > months_in for second in seconds)


_WHO = r"(actor|user|principal|initiated_by|caller|requester|performed_by|admin|login)"
_WHAT = r"(target|affected|object|resource|entity|item|document|repo|asset)"
_MANY: AnyMapping[str, int] = {"id": 1}

_CLUES: AnyMapping[str, Clue] = {
    "occurred_at": Clue(
        (
            (r"(^|\.)(occurred_at|event_time|eventtime|event_timestamp|activity_date_time)$", 100),
            (r"(^|\.)(timestamp|time|time_?stamp|date_time|datetime|published|ts|when)$", 95),
            (r"(^|\.)(created_?at|create_?time|date_create|created|created_?date_?time|date)$", 90),
            (r"(^|\.)(start_?time|action_?time|operation_?time|log_?time|time_generated)$", 80),
            (r"^p_event_time$", 60),
            (r"(time|timestamp|date|_at|_ts|_on)$", 50),
        ),
        _are_moments,
        _LATER,
    ),
    "actor.id": Clue(
        (
            (rf"(^|\.){_WHO}[._]?(user)?[._]?(id|uuid|gid|sid|arn|principal_id)$", 100),
            (rf"{_WHO}.*(^|[._])(id|uuid|gid|upn|user_principal_name|arn|email|principal_id)$", 90),
            (rf"(^|[._]){_WHO}[._]?(email|email_address|mail|login|name|username)$", 85),
            (rf"(^|\.)({_WHO}|username|email|author|account|who|service_name)$", 80),
            (r"(email|user_?name|user|login)$", 60),
        ),
        _are_names,
        _OTHER_SIDE,
    ),
    "actor.name": Clue(
        (
            (rf"{_WHO}.*(display_?name|full_?name)$", 100),
            (rf"{_WHO}.*(^|[._])(name|username|email|email_address|login|upn)$", 95),
            (r"(^|\.)(user_?name|username|display_name|author|actor|user|caller|email)$", 85),
        ),
        _are_names,
        _OTHER_SIDE,
    ),
    "actor.type": Clue(((rf"(^|\.){_WHO}[._]?(user)?[._]?(type|kind)$", 90),), _are_words),
    "action": Clue(
        (
            (
                r"(^|\.)(action|event_?type|event_?name|operation_?name|activity_?type|method_?name)$",
                100,
            ),
            (r"(^|\.)(operation|event_?simple_?name|activity|verb|action_?name|event)$", 95),
            (r"(^|\.)(event_?type_?id|event_?code|command|query_?type|api_?call|log_?name)$", 80),
            (r"(^|\.)(type|name|category|title|event_?category|detection_?name|rule_?name)$", 60),
            (r"(action|operation|event_type|activity|type)$", 45),
        ),
        _are_words,
        re.compile(rf"{_OTHER_SIDE.pattern}|{_WHO}|author|push|commit|repo"),
    ),
    "outcome": Clue(
        (
            (r"(^|[._])(outcome|result|success|succeeded|outcome_result|is_success)$", 100),
            (r"(^|[._])(status|action_?result|result_?type|state|decision)$", 80),
            (r"(^|[._])(status_?code|response_?code|http_?status|code|status_code)$", 70),
            (r"(error_?code|result|status)$", 50),
        ),
        _are_outcomes,
    ),
    "target.id": Clue(
        (
            (rf"(^|\.){_WHAT}s?(\.0)?[._]?(id|uuid|gid|arn)$", 100),
            (rf"(^|\.){_WHAT}[a-z_]*(\.0)?[._]?(id|uuid|arn|name)$", 85),
            (rf"(^|\.)({_WHAT}|resource_name|file|path|table|bucket|host|hostname)$", 70),
        ),
        _are_names,
    ),
    "target.name": Clue(
        (
            (rf"(^|\.){_WHAT}s?(\.0)?[._]?(display_?name|name|title|label|email)$", 100),
            (rf"(^|\.){_WHAT}[a-z_]*(\.0)?[._]?(name|title)$", 80),
        ),
        _are_names,
    ),
    "target.type": Clue(((rf"(^|\.){_WHAT}[a-z_]*(\.0)?[._]?(type|kind)$", 90),), _are_words),
    "source.ip": Clue(
        (
            (
                r"(^|[._])(ip|ip_?address|client_?ip|source_?ip|src_?ip|remote_?ip|ipaddr|caller_?ip)$",
                100,
            ),
            (r"(client|source|src|remote|caller|actor|user|login|request).*(ip|addr|address)$", 90),
            (r"(ip|addr|address)(\.0)?$", 60),
        ),
        _are_addresses,
        re.compile(r"dst|dest|target|server|proxy|answer|response"),
    ),
    "source.user_agent": Clue(
        ((r"user_?agent$", 100), (r"(^|\.)(ua|agent|client_?application)$", 80)), _are_texts
    ),
    "source.session": Clue(
        ((r"session_?(id|uuid|token)?$", 90),), _are_names, re.compile(r"user_session")
    ),
    "source.request_id": Clue(
        ((r"(^|[._])(request|correlation|trace|transaction)_?id$", 90),), _are_names
    ),
    "reason": Clue(
        ((r"(^|\.)(reason|justification|comment|ticket|failure_?reason|error_?message)$", 90),),
        _are_texts,
    ),
    "id": Clue(((r"^(id|uuid|event_?id|log_?id|record_?id)$", 90),), _are_uuids),
}

_ANY = ((r"", 50),)
_BY_VALUES: AnyMapping[str, Clue] = {
    "occurred_at": Clue(_ANY, _are_moments),
    "source.ip": Clue(_ANY, _are_addresses, re.compile(r"dst|dest|target|server|answer")),
    "actor.id": Clue(_ANY, _are_mails, _OTHER_SIDE),
    "action": Clue(_ANY, _are_kinds, _OTHER_SIDE),
}
