"""A sealed log in a real database, held by its owner, who may do to it whatever they like.

Everything happens in one transaction that is never committed, so that each corruption begins
with the same log. What is checked is a real pack that the app made of the corrupted log.
"""

import contextlib
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import Connection, create_engine, select, text, update
from sqlalchemy.orm import Session

from app.audit.event import EventDraft, Party
from app.audit.models import AuditEvent
from app.audit.proof import leaves
from app.audit.proof.broken import SealBroken
from app.audit.proof.kept_checkpoints import find_last_checkpoint
from app.audit.proof.keys import KeyRing, load_keys
from app.audit.proof.models import AuditCheckpoint
from app.audit.proof.pack_writing import PackOrder, write_pack
from app.audit.proof.rounds import keys_to_seal_with
from app.audit.proof.sealing import seal_batch
from app.audit.proof.settings import seal_settings
from app.audit.proof.stored_events import stored_event
from app.audit.proof.verifier.program import question, verify
from app.audit.proof.verifier.report import Unreadable
from app.audit.store import store_events
from app.kernel import database as kernel_database
from app.kernel.commands import Outcome
from app.kernel.database import Scope, unit_of_work
from app.kernel.ids import uuid7
from app.kernel.standing import TenantFacts

# Enough for a second level of the tree, and for checkpoints at many places.
SIZES = (40, 100, 170, 230, 262, 290)
KEPT = 262
ERASED = (17, 205)
START = datetime(2026, 3, 1, tzinfo=UTC)
WORDS = ("door", "lamp", "badge", "key", "gate", "ramp", "café", "日本")


class Workshop:
    """The log of one tenant, to be corrupted."""

    def __init__(self, app: Flask, owner_url: str, tenant: TenantFacts, folder: Path) -> None:
        self.app, self.tenant, self.folder = app, tenant, folder
        self._engine = create_engine(owner_url)
        self.connection: Connection = self._engine.connect()
        self._outer = self.connection.begin()
        self.session = Session(
            self.connection,
            info={"scope": Scope(tenant_id=tenant.id)},
            join_transaction_mode="create_savepoint",
            expire_on_commit=False,
        )
        self.keys = KeyRing(())
        self.trusted: list[str] = []

    @contextlib.contextmanager
    def open(self):
        """Work inside the app, on the session of the workshop."""
        token = kernel_database._current.set(self.session)  # noqa: SLF001  the owner's own way in
        try:
            with self.app.app_context():
                yield self
        finally:
            kernel_database._current.reset(token)  # noqa: SLF001
            self.session.close()
            self._outer.rollback()
            self.connection.close()
            self._engine.dispose()

    def build(self) -> None:
        """Fill the log, seal it in steps, erase somebody, and keep a checkpoint outside."""
        self.keys = keys_to_seal_with() or load_keys(seal_settings().keys)
        chance = random.Random(7)  # noqa: S311  repeatable
        for size in SIZES:
            self.write(size - self.size(), chance)
            self.seal()
        for leaf in ERASED:
            self._erase(leaf)
        newest = find_last_checkpoint()
        assert newest is not None
        origin = newest.note.split("\n")[0]
        self.trusted = [str(key) for key in self.keys.verifier_keys(origin)]
        self.keep(KEPT)

    def keep(self, size: int) -> None:
        """Keep the checkpoint of that size where the corruption cannot reach it."""
        statement = select(AuditCheckpoint.note).where(AuditCheckpoint.size == size)
        (self.folder / "kept.txt").write_text(self.session.scalars(statement).one())

    def size(self) -> int:
        """Return how many events there are."""
        statement = text("SELECT count(*) FROM audit_events WHERE tenant_id = :t")
        return self.connection.scalar(statement, {"t": self.tenant.id}) or 0

    def write(self, count: int, chance: random.Random) -> None:
        """Write events of many shapes through the door of all events."""
        with unit_of_work():
            store_events(self.session, [a_draft(chance) for _ in range(count)])

    def seal(self) -> None:
        """Seal what is new, as the worker does."""
        while seal_batch(self.keys, "ballast.example").waiting:
            pass

    def run(self, sql: str, **values: object):
        """Run a statement on the tables, as their owner; `:t` is the tenant."""
        self.session.expunge_all()
        return self.connection.execute(text(sql), {"t": self.tenant.id, **values})

    def row(self, leaf: int) -> AuditEvent:
        """Return the event of a leaf."""
        statement = select(AuditEvent).where(AuditEvent.leaf == leaf)
        return self.session.scalars(statement.execution_options(populate_existing=True)).one()

    def rewrite(self, from_leaf: int = 0) -> None:
        """Calculate leaf hashes anew, throw tree and checkpoints away, and seal once more.

        What somebody does who has the database and the signing key.
        """
        statement = select(AuditEvent).order_by(AuditEvent.leaf)
        for row in self.session.scalars(statement.execution_options(populate_existing=True)):
            if row.leaf >= from_leaf:
                hash_ = leaves.leaf_hash(leaves.leaf_content(stored_event(row)))
                self.run(
                    "UPDATE audit_events SET leaf_hash = :h WHERE tenant_id = :t AND leaf = :l",
                    h=hash_,
                    l=row.leaf,
                )
        self.run("DELETE FROM audit_tree_runs WHERE tenant_id = :t")
        self.run("DELETE FROM audit_checkpoints WHERE tenant_id = :t")
        self.seal()

    @contextlib.contextmanager
    def undone(self):
        """Undo at the end of the block whatever happened in it."""
        self.session.commit()
        nested = self.connection.begin_nested()
        try:
            yield
        finally:
            self.session.rollback()
            self.session.expunge_all()
            nested.rollback()

    def pack(self) -> Path | None:
        """Make a pack of the whole log as it is now; None when the app refuses to."""
        path = self.folder / "pack.zip"
        newest = find_last_checkpoint()
        if newest is None:
            return None
        order = PackOrder(START, "https://ballast.example")
        try:
            with path.open("wb") as out:
                write_pack(out, order, newest, self.keys)
        except SealBroken:
            return None
        return path

    def judge(self, path: Path | None) -> str | None:
        """Return what the verifier objects to in a pack; None when it finds it right."""
        if path is None:
            return "The app makes no pack of it."
        try:
            report = verify(question(path, self.trusted, [str(self.folder / "kept.txt")], []))
        except Unreadable as error:
            return f"CANNOT READ: {error}"
        return str(report) if report.exit_code else None

    def _erase(self, leaf: int) -> None:
        row = self.row(leaf)
        after = leaves.erased(stored_event(row), ["/actor/id", "/actor/name", "/source/ip"])
        values = {
            "actor_id": after.actor_id,
            "actor_name": after.actor_name,
            "source_ip": after.source_ip,
            "salt": None,
            "commitments": dict(after.commitments),
        }
        self.session.execute(update(AuditEvent).where(AuditEvent.leaf == leaf).values(**values))
        self.session.commit()


def a_draft(chance: random.Random) -> EventDraft:
    """Return an event of any shape."""
    word = chance.choice(WORDS)
    count = chance.choice((0, 1, 1, 2))
    targets = tuple(Party("door", f"d-{chance.randrange(9)}", word) for _ in range(count))
    draft = EventDraft(
        uuid7(),
        START + timedelta(seconds=chance.randrange(10**6)),
        Party("person", f"u-{chance.randrange(20)}", f"Ann {word}"),
        f"{chance.choice(('door', 'lamp'))}.opened",
        chance.choice(list(Outcome)),
        targets,
        source_ip=chance.choice(("192.0.2.7", "2001:db8::7", None)),
        user_agent=chance.choice(("Firefox", None)),
        session=chance.choice(("s-1", None)),
        metadata={"badge": chance.randrange(100), "share": chance.random(), "of": [word, None]},
    )
    if chance.random() < 1 / 2:
        return draft
    changes = {"state": {"before": chance.choice(("closed", None)), "after": word}}
    return replace(draft, reason=f"ticket {word}", changes=changes, request_id="r-1")
