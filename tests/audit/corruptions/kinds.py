"""The kinds of corruption. Each makes one, by chance, and says in a few words what it did."""

import json
import random
from collections.abc import Callable
from uuid import uuid4

from tests.audit.corruptions.workshop import ERASED, KEPT, SIZES, Workshop

Make = Callable[[Workshop, random.Random], str]
LAST = SIZES[-1]

TEXTS = (
    "actor_id", "actor_name", "action", "release", "retention", "user_agent", "session",
    "request_id", "reason", "received_from", "target_type", "target_id", "target_name",
)  # fmt: skip
ACTOR_TYPES = ("person", "api_key", "system", "anonymous", "service")
OUTCOMES = ("success", "failure", "denied")


def edit(shop: Workshop, chance: random.Random) -> str:
    """Change one value of one sealed event."""
    leaf = chance.randrange(LAST)
    ways = (_edit_text, _edit_choice, _edit_time, _edit_address, _edit_json, _edit_secret)
    what = chance.choice(ways)(shop, leaf, chance)
    return f"leaf {leaf}: {what}"


def delete(shop: Workshop, chance: random.Random) -> str:
    """Take some events out."""
    gone = chance.sample(range(LAST), chance.choice((1, 1, 2, 10)))
    shop.run("DELETE FROM audit_events WHERE tenant_id = :t AND leaf = ANY(:l)", l=gone)
    return f"{len(gone)} events gone"


def delete_and_close_up(shop: Workshop, chance: random.Random) -> str:
    """Take an event out and number the rest anew, so that there is no gap."""
    leaf = chance.randrange(LAST)
    shop.run("DELETE FROM audit_events WHERE tenant_id = :t AND leaf = :l", l=leaf)
    _shift(shop, leaf + 1, -1)
    return f"leaf {leaf} gone, the rest moved up"


def insert(shop: Workshop, chance: random.Random) -> str:
    """Put a forged event between two others."""
    leaf = chance.randrange(LAST)
    _shift(shop, leaf, 1)
    source = chance.choice([at for at in range(LAST + 1) if at != leaf])
    _copy(shop, source, leaf, actor_name="Mallory", id=uuid4())
    return f"a forged event at leaf {leaf}"


def duplicate(shop: Workshop, chance: random.Random) -> str:
    """Put an exact copy of an event in the place of another."""
    leaf, other = chance.sample(range(LAST), 2)
    shop.run("DELETE FROM audit_events WHERE tenant_id = :t AND leaf = :l", l=leaf)
    _copy(shop, other, leaf, id=uuid4())
    return f"leaf {leaf} replaced by a copy of leaf {other}"


def reorder(shop: Workshop, chance: random.Random) -> str:
    """Let two events change places."""
    one, two = chance.sample(range(LAST), 2)
    for old, new in ((one, LAST + 10), (two, one), (LAST + 10, two)):
        shop.run(
            "UPDATE audit_events SET leaf = :n WHERE tenant_id = :t AND leaf = :o", o=old, n=new
        )
    return f"leaves {one} and {two} changed places"


def truncate(shop: Workshop, chance: random.Random) -> str:
    """Cut the newest events off, and leave the seal as it is."""
    size = chance.randrange(1, LAST)
    shop.run("DELETE FROM audit_events WHERE tenant_id = :t AND leaf >= :l", l=size)
    shop.run("UPDATE audit_heads SET size = :s WHERE tenant_id = :t", s=size)
    return f"cut to {size} events"


def damage_tree(shop: Workshop, chance: random.Random) -> str:
    """Change a stored hash of the tree."""
    runs = shop.run(
        "SELECT level, position, hashes FROM audit_tree_runs WHERE tenant_id = :t"
        " ORDER BY level, position"
    ).all()
    run = chance.choice(runs)
    hashes = bytearray(run.hashes)
    place = chance.randrange(len(hashes))
    hashes[place] ^= 1 << chance.randrange(8)
    shop.run(
        "UPDATE audit_tree_runs SET hashes = :h"
        " WHERE tenant_id = :t AND level = :l AND position = :p",
        h=bytes(hashes), l=run.level, p=run.position,
    )  # fmt: skip
    return f"level {run.level}, byte {place} of the run at {run.position}"


def damage_checkpoint(shop: Workshop, chance: random.Random) -> str:
    """Change a character of the newest checkpoint's text."""
    note = shop.run(
        "SELECT note FROM audit_checkpoints WHERE tenant_id = :t AND size = :s", s=LAST
    ).scalar_one()
    place = chance.randrange(len(note))
    other = chance.choice([c for c in "Aa0+\n" if c != note[place]])
    shop.run(
        "UPDATE audit_checkpoints SET note = :n WHERE tenant_id = :t AND size = :s",
        n=note[:place] + other + note[place + 1 :], s=LAST,
    )  # fmt: skip
    return f"character {place} is {other!r}"


def set_back(shop: Workshop, chance: random.Random) -> str:
    """Bring an old backup back: the log, its tree and its checkpoints as they were once."""
    size = chance.choice([one for one in SIZES if one < KEPT])
    _back_to(shop, size)
    if chance.random() < 1 / 2:
        shop.write(chance.randrange(1, KEPT - size), chance)
        shop.seal()
        return f"back to {size} events, and on from there"
    return f"back to {size} events"


def split_view(shop: Workshop, chance: random.Random) -> str:
    """Show another history than before: it forks off at some checkpoint, and is signed."""
    size = chance.choice([one for one in SIZES if one < KEPT])
    _back_to(shop, size)
    shop.write(chance.choice((KEPT - size, KEPT - size + 20, LAST - size)), chance)
    shop.seal()
    return f"another history from {size} events on"


def rewrite(shop: Workshop, chance: random.Random) -> str:
    """Change an event, build the tree anew over it, and sign that: with the key in hand."""
    leaf = chance.choice([one for one in range(KEPT) if one not in ERASED])
    row = shop.row(leaf)
    shop.run(
        "UPDATE audit_events SET actor_name = :n WHERE tenant_id = :t AND leaf = :l",
        n=f"{row.actor_name} II", l=leaf,
    )  # fmt: skip
    shop.rewrite(leaf)
    return f"leaf {leaf} rewritten and everything signed again"


def rewrite_shorter(shop: Workshop, chance: random.Random) -> str:
    """Take an event out, close up, build the tree anew and sign that."""
    leaf = chance.randrange(KEPT)
    shop.run("DELETE FROM audit_events WHERE tenant_id = :t AND leaf = :l", l=leaf)
    _shift(shop, leaf + 1, -1)
    shop.run("UPDATE audit_heads SET size = size - 1 WHERE tenant_id = :t")
    shop.rewrite(LAST)
    return f"leaf {leaf} taken out and everything signed again"


KINDS: dict[str, Make] = {
    "edit": edit,
    "delete": delete,
    "delete and close up": delete_and_close_up,
    "insert": insert,
    "duplicate": duplicate,
    "reorder": reorder,
    "truncate": truncate,
    "damage the tree": damage_tree,
    "damage the checkpoint": damage_checkpoint,
    "old backup": set_back,
    "split view": split_view,
    "rewrite, signed": rewrite,
    "delete, signed": rewrite_shorter,
}


def _edit_text(shop: Workshop, leaf: int, chance: random.Random) -> str:
    column = chance.choice(TEXTS)
    old = getattr(shop.row(leaf), column)
    new = chance.choice([one for one in ("Mallory", f"{old} ", "", "0") if one != old])
    return _set(shop, leaf, column, new)


def _edit_choice(shop: Workshop, leaf: int, chance: random.Random) -> str:
    column, values = chance.choice((("outcome", OUTCOMES), ("actor_type", ACTOR_TYPES)))
    old = getattr(shop.row(leaf), column)
    return _set(shop, leaf, column, chance.choice([one for one in values if one != old]))


def _edit_time(shop: Workshop, leaf: int, chance: random.Random) -> str:
    column = chance.choice(("occurred_at", "received_at"))
    step = chance.choice(("1 microsecond", "-1 second", "1 day", "-3 years"))
    shop.run(
        f"UPDATE audit_events SET {column} = {column} + CAST(:s AS interval)"
        " WHERE tenant_id = :t AND leaf = :l",
        s=step, l=leaf,
    )  # fmt: skip
    return f"{column} by {step}"


def _edit_address(shop: Workshop, leaf: int, chance: random.Random) -> str:
    old = str(shop.row(leaf).source_ip)
    return _set(shop, leaf, "source_ip", chance.choice([o for o in ADDRESSES if o != old]))


ADDRESSES = ("198.51.100.1", "192.0.2.8", "2001:db8::8", "::ffff:192.0.2.7")


def _edit_json(shop: Workshop, leaf: int, chance: random.Random) -> str:
    row = shop.row(leaf)
    column = chance.choice(("targets", "changes", "metadata"))
    if column == "targets":
        targets = [dict(one) for one in row.targets]
        if targets and chance.random() < 3 / 4:
            target = chance.choice(targets)
            name = chance.choice(("type", "id", "name"))
            target[name] += "x"
        else:
            targets.append({"type": "door", "id": "d", "name": "Forged"})
        return _set(shop, leaf, column, targets)
    if column == "changes":
        changes = {**row.changes, "state": {"before": "forged", "after": str(leaf)}}
        return _set(shop, leaf, column, changes)
    metadata = dict(row.extra)
    name = chance.choice([*metadata, "forged"])
    metadata[name] = {"was": metadata.get(name)}
    return _set(shop, leaf, column, metadata)


def _edit_secret(shop: Workshop, leaf: int, chance: random.Random) -> str:
    """Change what opens the commitments: the salt, or what an erasure left in its place."""
    row = shop.row(leaf)
    if row.salt is not None:
        return _set(shop, leaf, "salt", chance.choice((b"", bytes(16), row.salt[:-1])))
    commitments = json.loads(json.dumps(row.commitments))
    part = commitments[chance.choice(("erased", "kept"))]
    pointer = chance.choice(sorted(part))
    if chance.random() < 1 / 2:
        part[pointer] = f"{int(part[pointer], 16) ^ 1:064x}"
    else:
        del part[pointer]
    return _set(shop, leaf, "commitments", commitments)


def _set(shop: Workshop, leaf: int, column: str, value: object) -> str:
    is_json = isinstance(value, list | dict)
    kind = {"source_ip": "CAST(:v AS inet)"}.get(column, "CAST(:v AS jsonb)" if is_json else ":v")
    shop.run(
        f"UPDATE audit_events SET {column} = {kind} WHERE tenant_id = :t AND leaf = :l",
        v=json.dumps(value) if is_json else value, l=leaf,
    )  # fmt: skip
    return f"{column} is {str(value)[:40]}"


def _shift(shop: Workshop, from_leaf: int, by: int) -> None:
    """Number events anew; over a free range, because no two may ever share a number."""
    far = 1_000_000
    for move in (far, by - far):
        shop.run(
            "UPDATE audit_events SET leaf = leaf + :m WHERE tenant_id = :t AND leaf >= :l",
            m=move, l=from_leaf if move == far else from_leaf + far,
        )  # fmt: skip


def _copy(shop: Workshop, source: int, leaf: int, **values: object) -> None:
    given = {"leaf": leaf, **values}
    columns = [
        name
        for (name,) in shop.run(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = 'audit_events' AND is_generated = 'NEVER' AND :t IS NOT NULL"
        )
    ]
    chosen = ", ".join(f":{name}" if name in given else name for name in columns)
    shop.run(
        f"INSERT INTO audit_events ({', '.join(columns)}) SELECT {chosen} FROM audit_events"
        " WHERE tenant_id = :t AND leaf = :source",
        source=source, **given,
    )  # fmt: skip


def _back_to(shop: Workshop, size: int) -> None:
    for table, place in (
        ("audit_events", "leaf"),
        ("audit_checkpoints", "size - 1"),
        ("audit_tree_runs", "(position + octet_length(hashes) / 32) * 256 ^ level - 1"),
    ):
        shop.run(f"DELETE FROM {table} WHERE tenant_id = :t AND {place} >= :s", s=size)
    shop.run("UPDATE audit_heads SET size = :s WHERE tenant_id = :t", s=size)
