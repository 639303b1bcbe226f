"""The seam to the erasure of a person: what goes from an event, and what is written in its place.

The app's role may not change events; whoever erases brings a way that may (see `Erasure`). The
leaf of an erased event is what it was, so that every proof, checkpoint and pack stays valid.
"""

import functools
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.audit.models import AuditEvent
from app.audit.proof.broken import SealBroken
from app.audit.proof.content import personal_values
from app.audit.proof.leaves import (
    StoredEvent,
    document_of,
    erased,
    leaf_content,
    leaf_hash,
    secrets_of,
)
from app.audit.proof.stored_events import stored_event

# Whose the event is: who acted, and from where.
ACTOR_POINTERS = frozenset(
    {"/actor/id", "/actor/name", "/source/ip", "/source/session", "/source/user_agent"}
)

_LATIN = re.compile("[a-z0-9]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Erasure:
    """What the erasure of some values writes into the row of their event.

    `columns` are the new values by the names of the columns of `audit_events`; a column that is
    not named stays. `event` is the event afterwards: the column `search` holds words of what was
    erased, and has to be made anew from it (`search.lexemes.vector_of`) in the same statement.
    `pointers` are the values that go, fewer than asked for where some were not there.
    """

    event: StoredEvent
    columns: Mapping[str, Any]
    pointers: frozenset[str]


def personal_values_of(row: AuditEvent) -> dict[str, Any]:
    """Return what an event still holds that can be erased, by JSON Pointer, such as `/actor/name`.

    These are the ids and names of actor and targets, the source, the reason, and each value of
    changes and metadata. What was erased before, or was never there, is left out.
    """
    stored = stored_event(row)
    gone = secrets_of(stored).erased
    values = personal_values(document_of(stored))
    return {pointer: value for pointer, value in values.items() if pointer not in gone}


def pointers_to_person(row: AuditEvent, person_id: str, texts: Collection[str]) -> frozenset[str]:
    """Return which values of an event are a person's: a proposal, which a preview may show.

    Where the person acted these are `ACTOR_POINTERS`; where they are a target, its id and name;
    and everywhere each value that mentions them (see `mentions_of`).
    """
    values, is_theirs = personal_values_of(row), mentions_of(person_id, frozenset(texts))
    found = {pointer for pointer, value in values.items() if _mentions(value, is_theirs)}
    if row.actor_id == person_id:
        found |= ACTOR_POINTERS & values.keys()
    for place, target in enumerate(row.targets):
        if target["id"] == person_id:
            found |= {f"/targets/{place}/id", f"/targets/{place}/name"} & values.keys()
    return frozenset(found)


def erasure_of(row: AuditEvent, pointers: Collection[str], at: datetime) -> Erasure | None:
    """Return what to write so that these values of an event are gone; None when none is there.

    Sets the salt to NULL, `commitments` to what opens the rest, and `erased_at`. Call it with the
    row locked (`FOR UPDATE`), in the transaction that writes `columns`, for events sealed or
    not; erasing twice, in parts, or in any order ends in the same event. An event that is not
    what was sealed is not touched, because the erasure would cover that up: raises `SealBroken`.

    Copies elsewhere are not reached: exports and packs that were downloaded, and backups. The
    `occurred_at`, `action`, `request_id`, `received_from` and types are no personal values and
    stay: who registers event types or sends events must not put a person into them.
    """
    going = frozenset(personal_values_of(row).keys() & set(pointers))
    if not going:
        return None
    before = stored_event(row)
    after = erased(before, going)
    if not row.leaf_hash == _hash(before) == _hash(after):
        raise SealBroken(f"The event of leaf {row.leaf:,} ({row.id}) is not what was sealed.")
    columns = {
        "actor_id": after.actor_id,
        "actor_name": after.actor_name,
        "target_id": after.target_id,
        "target_name": after.target_name,
        "targets": list(after.targets),
        "source_ip": after.source_ip,
        "session": after.session,
        "user_agent": after.user_agent,
        "reason": after.reason,
        "changes": dict(after.changes),
        "metadata": dict(after.metadata),
        "salt": None,
        "commitments": dict(after.commitments),
        "erased_at": at,
    }
    return Erasure(after, columns, going)


def _hash(event: StoredEvent) -> bytes:
    try:
        return leaf_hash(leaf_content(event))
    except (ValueError, TypeError, AttributeError, LookupError):
        return b""


@functools.lru_cache(maxsize=4)
def mentions_of(person_id: str, texts: frozenset[str]) -> Callable[[str], bool]:
    """Return what says whether a text mentions a person: contains the id, a name, an address.

    In whatever case, and not inside a longer word: "Ann" is not in "Annual". Words of scripts
    other than Latin are found inside longer ones too, because many of them bend or join words.
    Short texts find more than was meant; empty ones find nothing.
    """
    wanted = {text.strip().casefold() for text in (person_id, *texts) if text.strip()}
    found = re.compile(pattern_of(wanted))
    return lambda value: bool(wanted) and found.search(value.casefold()) is not None


def pattern_of(words: Collection[str]) -> str:
    """Return the regular expression of any of some words, Latin ones not inside longer ones."""
    return "|".join(_as_word(word) for word in sorted(words, key=len, reverse=True))


def _as_word(text: str) -> str:
    before = "(?<![a-z0-9])" if _LATIN.match(text[0]) else ""
    after = "(?![a-z0-9])" if _LATIN.match(text[-1]) else ""
    return f"{before}{re.escape(text)}{after}"


def _mentions(value: object, is_theirs: Callable[[str], bool]) -> bool:
    """Return whether some text inside a JSON value is the person's; names of members count too."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str) and is_theirs(one):
            return True
        if isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            waiting += one
    return False
