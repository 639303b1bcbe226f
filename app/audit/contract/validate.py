"""Reading an event: from whatever somebody sent to a draft that can be stored, or a refusal."""

import datetime as dt
import ipaddress
import itertools
import json
from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from app.audit.contract.content import find_unfit_content
from app.audit.contract.moments import read_moment
from app.audit.contract.pointers import pointer
from app.audit.contract.schema import EVENT_VALIDATOR, VERSION
from app.audit.contract.sentences import field_problems
from app.audit.event import EventDraft, Party
from app.kernel.commands import Outcome
from app.kernel.ids import uuid7
from app.kernel.problems import FieldProblem, InvalidInput

MAX_METADATA_BYTES = 16 * 1024
MAX_PROBLEMS = 10


def read_event(value: object, *, id_if_absent: UUID | None = None) -> EventDraft:
    """Return the event that a JSON value describes, as a draft that the log can store.

    `value` is what the contract calls an event (event.v1.json). Without an `id` of its own the
    event gets `id_if_absent`, or a new one. Raises `InvalidInput` whose `errors` name each
    field that does not fit by its JSON Pointer, at most 10.
    """
    unfit = find_unfit_content(value)
    if unfit is not None:
        raise _refusal([unfit])
    problems = _schema_problems(value)
    if problems or not isinstance(value, Mapping):
        raise _refusal(problems)
    readings = _Readings()
    occurred_at = readings.moment(value)
    source_ip = readings.address(value)
    metadata = readings.metadata(value)
    if readings.problems or occurred_at is None:
        raise _refusal(readings.problems)
    source = value.get("source", {})
    return EventDraft(
        id=UUID(value["id"]) if "id" in value else id_if_absent or uuid7(),
        occurred_at=occurred_at,
        actor=_party(value["actor"]),
        action=value["action"],
        outcome=Outcome(value.get("outcome", Outcome.SUCCESS)),
        targets=tuple(_party(target) for target in value.get("targets", ())),
        source_ip=source_ip,
        user_agent=source.get("user_agent"),
        session=source.get("session"),
        request_id=source.get("request_id"),
        reason=value.get("reason"),
        changes={name: _change(change) for name, change in value.get("changes", {}).items()},
        metadata=metadata,
        version=VERSION,
    )


class _Readings:
    """The fields whose form a schema cannot check, read one by one; collects what is wrong."""

    def __init__(self) -> None:
        self.problems: list[FieldProblem] = []

    def moment(self, value: Mapping[str, Any]) -> dt.datetime | None:
        try:
            return read_moment(value["occurred_at"])
        except ValueError as error:
            self.problems.append(FieldProblem(pointer(["occurred_at"]), str(error)))
            return None

    def address(self, value: Mapping[str, Any]) -> str | None:
        text = value.get("source", {}).get("ip")
        if text is None:
            return None
        address = find_address(text)
        if address is None:
            detail = "This must be one IPv4 or IPv6 address, such as 203.0.113.7."
            self.problems.append(FieldProblem(pointer(["source", "ip"]), detail))
        return address

    def metadata(self, value: Mapping[str, Any]) -> dict[str, Any]:
        metadata: dict[str, Any] = value.get("metadata", {})
        size = len(json.dumps(metadata, ensure_ascii=False).encode())
        if size > MAX_METADATA_BYTES:
            detail = f"This may be {MAX_METADATA_BYTES:,} bytes as JSON; it is {size:,}."
            self.problems.append(FieldProblem(pointer(["metadata"]), detail))
        return metadata


def find_address(text: str) -> str | None:
    """Return the IP address that the text spells, in its canonical form, or None.

    An address with a zone (`fe80::1%eth0`) means something on one machine only; it is none.
    """
    try:
        return None if "%" in text else str(ipaddress.ip_address(text))
    except ValueError:
        return None


def _schema_problems(value: object) -> list[FieldProblem]:
    errors = EVENT_VALIDATOR.iter_errors(cast("Any", value))
    # In a dict, because the machine reports a missing field once for each missing neighbour.
    distinct: dict[FieldProblem, None] = {}
    for problem in itertools.chain.from_iterable(map(field_problems, errors)):
        distinct[problem] = None
        if len(distinct) == MAX_PROBLEMS:
            break
    return list(distinct)


def _refusal(problems: list[FieldProblem]) -> InvalidInput:
    return InvalidInput(
        "The event does not fit its contract; `errors` names each field and what to change.",
        errors=problems,
    )


def _party(value: Mapping[str, str]) -> Party:
    return Party(value["type"], value["id"], value.get("name", value["id"]))


def _change(value: Mapping[str, Any]) -> dict[str, str | None]:
    return {"before": _words(value.get("before")), "after": _words(value.get("after"))}


def _words(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)
