"""The words by which events are found, as one inverted index over all tenants holds them.

Every lexeme begins with six hexadecimal digits of its tenant, so that what the index knows of
one tenant's words does not depend on what others write. The digits only keep lookups short:
what a tenant sees is decided by the views and policies in the database, and two tenants with
the same digits would merely wait a little longer.

Beside words there are lexemes for fields, told apart by the sign behind the tenant's digits,
which is no part of any word: the action (`=c`), the outcome (`=o`), the type of the first target
(`=t`), the address (`=i`), and the day and month in UTC (`=d`, `=m`), by which a search can be
kept to a stretch of time.

PostgreSQL keeps the first 255 places of a word in an event. Behind those the word is still found,
but no phrase with it: only an event that says one word more than 255 times is concerned.
"""

import datetime as dt
import functools
import ipaddress
import re
import socket
from collections.abc import Iterator
from uuid import UUID

from app.audit.proof.leaves import StoredEvent

# Longer words and actions are cut, here and in questions alike; PostgreSQL takes 2,046 bytes.
LONGEST = 200
# What is found by its words: all of the actor, the first target and the session, and so much of
# the rest.
SEARCHED_CHARACTERS = 4_000

# An id of the usual form is one word: its parts mean nothing by themselves.
_WORDS = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[^\W_]+"
_WORD = re.compile(_WORDS)
# Stands between the fields of an event; no text that was taken in holds it.
_BETWEEN = "\0"
_PLACED = re.compile(f"{_WORDS}|{_BETWEEN}")


def mark_of(tenant_id: UUID) -> str:
    """Return what all lexemes of a tenant begin with."""
    return tenant_id.hex[-6:]


def words_of(text: str) -> list[str]:
    """Return the words of a text, in order and without case: what is between punctuation."""
    words = _WORD.findall(text.casefold())
    return [word[:LONGEST] for word in words] if len(text) > LONGEST else words


def vector_of(event: StoredEvent) -> str:
    """Return the lexemes of an event with their places, as the text of a `tsvector`."""
    mark = mark_of(event.tenant_id)
    places: dict[str, str] = {}
    # Between two fields stands one place more, so that no phrase reaches from one into the next.
    for place, word in enumerate(_PLACED.findall(_BETWEEN.join(_searched(event)).casefold()), 1):
        before = places.get(word)
        places[word] = f"{before},{place}" if before else str(place)
    places.pop(_BETWEEN, None)
    if len(max(places, key=len, default="")) > LONGEST:
        places = _cut(places)
    lexemes = [f"{mark}{word}:{at}" for word, at in places.items()]
    lexemes.append(_exact_lexemes(mark, event.action, event.outcome, event.target_type))
    lexemes.append(_time_lexemes(mark, event.occurred_at.astimezone(dt.UTC).date()))
    if event.source_ip is not None:
        lexemes.append(quoted(mark + _address_lexeme(event.source_ip)))
    return " ".join(lexemes)


def action_lexeme(action: str) -> str:
    """Return the lexeme of an action, or what those of all actions with a prefix begin with."""
    return f"=c{action[:LONGEST]}"


def outcome_lexeme(outcome: str) -> str:
    """Return the lexeme of an outcome."""
    return f"=o{outcome}"


def target_type_lexeme(target_type: str) -> str:
    """Return the lexeme of a type of targets."""
    return f"=t{target_type[:LONGEST]}"


def day_lexeme(day: dt.date) -> str:
    """Return the lexeme of a day in UTC."""
    return f"=d{day:%Y%m%d}"


def month_lexeme(day: dt.date) -> str:
    """Return the lexeme of the month in UTC that the day lies in."""
    return f"=m{day:%Y%m}"


def network_prefix(network: str) -> str:
    """Return what the lexemes of all addresses of a network begin with, to four bits exactly."""
    found = ipaddress.ip_network(network)
    digits = found.network_address.packed.hex()[: found.prefixlen // 4]
    return f"=i{found.version}{digits}"


def is_whole_prefix(network: str) -> bool:
    """Say whether the prefix of a network is that of no address outside it."""
    return ipaddress.ip_network(network).prefixlen % 4 == 0


def quoted(lexeme: str) -> str:
    """Return the lexeme as the texts of `tsvector` and `tsquery` hold it."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def _cut(places: dict[str, str]) -> dict[str, str]:
    """Return the same with words cut to their longest; what is the same then, is one word."""
    found: dict[str, str] = {}
    for word, at in places.items():
        before = found.get(word[:LONGEST])
        found[word[:LONGEST]] = f"{before},{at}" if before else at
    return found


@functools.lru_cache(maxsize=4_000)
def _exact_lexemes(mark: str, action: str, outcome: str, target_type: str | None) -> str:
    fields = [action_lexeme(action), outcome_lexeme(outcome)]
    if target_type:
        fields.append(target_type_lexeme(target_type))
    return " ".join(quoted(mark + field) for field in fields)


@functools.lru_cache(maxsize=1_000)
def _time_lexemes(mark: str, day: dt.date) -> str:
    return " ".join(quoted(mark + field) for field in (day_lexeme(day), month_lexeme(day)))


def _address_lexeme(address: str) -> str:
    if ":" in address:
        return f"=i6{socket.inet_pton(socket.AF_INET6, address).hex()}"
    return f"=i4{socket.inet_aton(address).hex()}"


def _searched(event: StoredEvent) -> Iterator[str]:
    """Yield the texts of an event; first those that filters look for, however long they are."""
    yield event.actor_id
    yield event.actor_name
    yield event.action
    first = (event.target_id, event.target_name, event.session)
    for text in first:
        if text:
            yield text
    room = SEARCHED_CHARACTERS
    for text in _further(event):
        if text:
            yield text[:room]
            room -= len(text)
            if room <= 0:
                return


def _further(event: StoredEvent) -> Iterator[str | None]:
    yield event.source_ip
    yield event.reason
    yield event.user_agent
    yield event.received_from
    for target in event.targets[1:]:
        yield target["id"]
        yield target["name"]
    for change in event.changes.values():
        yield change.get("before")
        yield change.get("after")
    for value in event.metadata.values():
        if isinstance(value, str | int):
            yield str(value)
