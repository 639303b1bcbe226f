"""The content of a leaf: an event as JSON, with a commitment in place of each personal value.

A commitment binds to a value without holding it: SHA-256 over a salt and the value. Whoever has
the event with its salt checks every value; when a person is erased, the values and the salts go,
the commitments stay, and the leaf, its hash and every proof are what they were.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from app.audit.proof.canonical import canonical_json, in_order, spell, spell_text

LEAF_FORMAT = "ballast-leaf/1"
SALT_BYTES = 16

Document = dict[str, Any]
# Spells a personal value as JSON, given its JSON Pointer and the value.
Hide = Callable[[str, Any], str]


@dataclass(frozen=True, slots=True)
class Secrets:
    """What opens the commitments of one event.

    `salt` is the event's own, 16 random bytes. After an erasure there is none: `kept` holds the
    salts of the values that stayed, `erased` the commitments to those that went, both in hex by
    the JSON Pointer of the value.
    """

    salt: bytes | None
    kept: Mapping[str, str] = field(default_factory=dict)
    erased: Mapping[str, str] = field(default_factory=dict)


class Unopenable(ValueError):
    """A value has no salt; or it was erased, and is there."""


def field_salt(salt: bytes, pointer: str) -> bytes:
    """Return the salt of one value: SHA-256 over its JSON Pointer, 0x00 and the event's salt.

    Each value has its own, so that some can be erased while others are still shown and checked.
    """
    return sha256(pointer.encode() + b"\x00" + salt).digest()


def commitment(salt_of_field: bytes, value: object) -> str:
    """Return the commitment to a value: SHA-256 over its salt and its canonical JSON, in hex."""
    return sha256(salt_of_field + canonical_json(value)).hexdigest()


def leaf_content(document: Document, secrets: Secrets) -> bytes:
    """Return the bytes that the leaf of an event is made of: canonical JSON.

    `document` is the event as packs hold it (see docs/audit-proof.md). Raises `Unopenable`,
    `NotCanonical`, and `KeyError`, `TypeError` or `AttributeError` for what is no such document.
    """
    hide = _with_salt(secrets.salt) if secrets.salt is not None else _without_salt(secrets)
    return spell_text(_content(document, hide))


def personal_values(document: Document) -> dict[str, Any]:
    """Return the personal values of an event by their JSON Pointers; absent ones are left out."""
    found: dict[str, Any] = {}

    def note(pointer: str, value: object) -> str:
        if value is not None:
            found[pointer] = value
        return "null"

    _content(document, note)
    return found


def _content(event: Document, hide: Hide) -> str:
    """Return the canonical JSON of an event, each personal value as `hide` spells it.

    Written out in the order of its names, because every event that comes in passes here.

    Every value of `changes` and `metadata` counts as personal, whatever its event type says:
    what nobody took for personal when it was written may turn out to be, and has to go then.
    """
    actor, source = event["actor"], event["source"]
    return (
        f'{{"action":{spell(event["action"])}'
        f',"actor":{{"id":{hide("/actor/id", actor["id"])}'
        f',"name":{hide("/actor/name", actor["name"])},"type":{spell(actor["type"])}}}'
        f',"changes":{{{",".join(_changes(event["changes"], hide))}}}'
        f',"format":"{LEAF_FORMAT}","id":{spell(event["id"])}'
        f',"metadata":{{{",".join(_metadata(event["metadata"], hide))}}}'
        f',"occurred_at":{spell(event["occurred_at"])},"outcome":{spell(event["outcome"])}'
        f',"reason":{hide("/reason", event["reason"])}'
        f',"received_at":{spell(event["received_at"])}'
        f',"received_from":{spell(event["received_from"])}'
        f',"release":{spell(event["release"])},"request_id":{spell(event["request_id"])}'
        f',"retention":{spell(event["retention"])}'
        f',"source":{{"ip":{hide("/source/ip", source["ip"])}'
        f',"session":{hide("/source/session", source["session"])}'
        f',"user_agent":{hide("/source/user_agent", source["user_agent"])}}}'
        f',"targets":[{",".join(_targets(event["targets"], hide))}]'
        f',"tenant":{spell(event["tenant"])},"version":{spell(event["version"])}}}'
    )


def _changes(changes: Document, hide: Hide) -> Iterator[str]:
    for name in in_order(changes):
        pointer, change = f"/changes/{escaped(name)}", changes[name]
        after = hide(f"{pointer}/after", change["after"])
        before = hide(f"{pointer}/before", change["before"])
        yield f'{spell(name)}:{{"after":{after},"before":{before}}}'


def _metadata(metadata: Document, hide: Hide) -> Iterator[str]:
    for name in in_order(metadata):
        yield f"{spell(name)}:{hide(f'/metadata/{escaped(name)}', metadata[name])}"


def _targets(targets: list[Document], hide: Hide) -> Iterator[str]:
    for place, target in enumerate(targets):
        id_ = hide(f"/targets/{place}/id", target["id"])
        name = hide(f"/targets/{place}/name", target["name"])
        yield f'{{"id":{id_},"name":{name},"type":{spell(target["type"])}}}'


def _with_salt(salt: bytes) -> Hide:
    ending = b"\x00" + salt

    def hide(pointer: str, value: object) -> str:
        if value is None:
            return "null"
        salt_of_field = sha256(pointer.encode() + ending).digest()
        return f'"{sha256(salt_of_field + spell_text(spell(value))).hexdigest()}"'

    return hide


def _without_salt(secrets: Secrets) -> Hide:
    def hide(pointer: str, value: object) -> str:
        if pointer in secrets.erased:
            if value is not None:
                raise Unopenable(f"{pointer} was erased, and yet there is a value.")
            return spell(secrets.erased[pointer])
        if value is None:
            return "null"
        if pointer not in secrets.kept:
            raise Unopenable(f"There is no salt for {pointer}.")
        return f'"{commitment(bytes.fromhex(secrets.kept[pointer]), value)}"'

    return hide


def escaped(name: str) -> str:
    """Return a name as a part of a JSON Pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1") if "~" in name or "/" in name else name
