"""Reading an event: from whatever somebody sent to a draft that can be stored, or a refusal."""

import datetime as dt
import functools
import ipaddress
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.audit.contract.content import find_unfit_content, is_flat
from app.audit.contract.machine import list_problems
from app.audit.contract.moments import read_moment
from app.audit.contract.pointers import pointer
from app.audit.contract.refusal import EventRefused, RefusalKind
from app.audit.contract.schema import EVENT_VALIDATOR, fits_frame
from app.audit.contract.types import UNREGISTERED, NoTypes, TypeBook, TypeContract
from app.audit.contract.unseen import visible_json, visible_line, visible_text
from app.audit.event import EventDraft, Party
from app.kernel.commands import Outcome
from app.kernel.ids import uuid7
from app.kernel.problems import FieldProblem

MAX_METADATA_BYTES = 16 * 1024

_NO_TYPES = NoTypes()


def read_event(
    value: object, *, id_if_absent: UUID | None = None, types: TypeBook = _NO_TYPES
) -> EventDraft:
    """Return the event that a JSON value describes, as a draft that the log can store.

    `value` is what the frame calls an event (event.v1.json), and what its type in `types` asks
    of it besides. Without an `id` of its own the event gets `id_if_absent`, or a new one.
    Unseen characters are written out (see `unseen`). Raises `EventRefused` whose `errors` name
    each field that does not fit by its JSON Pointer, at most 10.
    """
    if not isinstance(value, dict) or not _fits(value):
        raise EventRefused(RefusalKind.FRAME, _frame_problems(value))
    readings = _Readings(value)
    contract = readings.contract(types)
    occurred_at = readings.moment()
    source_ip = readings.address()
    metadata = readings.metadata()
    if readings.problems or occurred_at is None:
        raise EventRefused(readings.kind, readings.problems)
    source = value.get("source", {})
    return EventDraft(
        id=UUID(value["id"]) if "id" in value else id_if_absent or uuid7(),
        occurred_at=occurred_at,
        actor=_party(value["actor"]),
        action=value["action"],
        outcome=Outcome(value.get("outcome", Outcome.SUCCESS)),
        targets=tuple(_party(target) for target in value.get("targets", ())),
        source_ip=source_ip,
        user_agent=_line(source, "user_agent"),
        session=_line(source, "session"),
        request_id=_line(source, "request_id"),
        reason=visible_text(value["reason"]) if "reason" in value else None,
        changes={
            visible_line(name): _change(change) for name, change in value.get("changes", {}).items()
        },
        metadata=metadata,
        **_stamps(contract),
    )


@functools.lru_cache(maxsize=4_096)
def find_address(text: str) -> str | None:
    """Return the IP address that the text spells, in its canonical form, or None.

    An address with a zone (`fe80::1%eth0`) means something on one machine only; it is none.
    """
    try:
        return None if "%" in text else str(ipaddress.ip_address(text))
    except ValueError:
        return None


class _Readings:
    """The parts whose form the frame cannot check, read one by one; collects what is wrong."""

    def __init__(self, value: Mapping[str, Any]) -> None:
        self.value = value
        self.problems: list[FieldProblem] = []
        self.kind = RefusalKind.FRAME

    def contract(self, types: TypeBook) -> TypeContract | None:
        found = types.find(self.value)
        if isinstance(found, FieldProblem):
            self.kind = RefusalKind.UNREGISTERED
            self.problems.append(found)
            return None
        if found is not None and not found.fits(self.value):
            self.kind = RefusalKind.TYPE
            self.problems += list_problems(found.validator, self.value)
        return found

    def moment(self) -> dt.datetime | None:
        try:
            return read_moment(self.value["occurred_at"])
        except ValueError as error:
            self.problems.append(FieldProblem(pointer(["occurred_at"]), str(error)))
            return None

    def address(self) -> str | None:
        text = self.value.get("source", {}).get("ip")
        if text is None:
            return None
        address = find_address(text)
        if address is None:
            detail = "This must be one IPv4 or IPv6 address, such as 203.0.113.7."
            self.problems.append(FieldProblem(pointer(["source", "ip"]), detail))
        return address

    def metadata(self) -> dict[str, Any]:
        metadata: dict[str, Any] = self.value.get("metadata", {})
        if not metadata:
            return metadata
        spelt = json.dumps(metadata, ensure_ascii=False)
        size = len(spelt) if spelt.isascii() else len(spelt.encode("utf-8", "surrogatepass"))
        if size > MAX_METADATA_BYTES:
            detail = f"This may be {MAX_METADATA_BYTES:,} bytes as JSON; it is {size:,}."
            self.problems.append(FieldProblem(pointer(["metadata"]), detail))
        # JSON escapes what cannot be seen below the blank; beyond it `isprintable` finds it.
        is_plain = "\\" not in spelt and spelt.isprintable()
        return metadata if is_plain else visible_json(metadata)


def _fits(value: dict[str, Any]) -> bool:
    if not fits_frame(value):
        return False
    metadata = value.get("metadata")
    if metadata and not is_flat(metadata) and find_unfit_content(metadata, ("metadata",)):
        return False
    changes = value.get("changes")
    return (
        not changes
        or all(map(is_flat, changes.values()))
        or (find_unfit_content(changes, ("changes",)) is None)
    )


def _frame_problems(value: object) -> list[FieldProblem]:
    unfit = find_unfit_content(value)
    return [unfit] if unfit is not None else list_problems(EVENT_VALIDATOR, value)


def _stamps(contract: TypeContract | None) -> dict[str, Any]:
    if contract is None:
        return {"version": UNREGISTERED}
    return {"version": contract.version, "retention": contract.retention}


def _party(value: Mapping[str, str]) -> Party:
    ident = visible_line(value["id"])
    return Party(
        visible_line(value["type"]),
        ident,
        visible_line(value["name"]) if "name" in value else ident,
    )


def _line(source: Mapping[str, str], name: str) -> str | None:
    return visible_line(source[name]) if name in source else None


def _change(value: Mapping[str, Any]) -> dict[str, str | None]:
    return {"before": _words(value.get("before")), "after": _words(value.get("after"))}


def _words(value: object) -> str | None:
    if value is None:
        return None
    return visible_text(value) if isinstance(value, str) else json.dumps(value)
