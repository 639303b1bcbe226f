"""Fixtures of the proof: a worker's round, and evidence checked as an outsider would."""

import io
from dataclasses import dataclass

import pytest

from app.audit.event import EventDraft, Party
from app.audit.proof.kept_checkpoints import find_last_checkpoint
from app.audit.proof.keys import load_keys
from app.audit.proof.pack_writing import PackOrder, write_pack
from app.audit.proof.rounds import seal_round
from app.audit.proof.settings import seal_settings
from app.audit.proof.verifier.program import question, verify
from app.audit.store import store_events
from app.kernel import clock
from app.kernel.commands import Outcome
from app.kernel.database import unit_of_work
from app.kernel.ids import uuid7

DOOR = Party("service", "controller", "Door controller")


@dataclass
class SealedLog:
    """The log of a world, and what one does with its seal."""

    world: object
    folder: object

    def tell(self, count=1, **values):
        """Write events; return their ids, oldest first."""
        drafts = [
            EventDraft(
                **{
                    "id": uuid7(),
                    "occurred_at": clock.now(),
                    "actor": DOOR,
                    "action": "door.opened",
                    "outcome": Outcome.SUCCESS,
                    "targets": (Party("door", f"d-{number % 7}", f"Door {number % 7}"),),
                    "metadata": {"badge": number},
                }
                | values
            )
            for number in range(count)
        ]
        with self.world.session() as session, unit_of_work():
            store_events(session, drafts)
        return [draft.id for draft in drafts]

    def seal(self):
        """Let the worker come round; return the newest checkpoint."""
        with self.world.app.app_context():
            seal_round([self.world.tenant.id])
        return self.checkpoint()

    def checkpoint(self):
        with self.world.session():
            return find_last_checkpoint()

    def pack(self, name="pack.zip", statement=None, since=(), checkpoint=None):
        """Make a pack; return its file."""
        with self.world.session():
            keys = load_keys(seal_settings().keys)
            order = PackOrder(clock.now(), "https://ballast.example", "", statement, since)
            out = io.BytesIO()
            write_pack(out, order, checkpoint or find_last_checkpoint(), keys)
        path = self.folder / name
        path.write_bytes(out.getvalue())
        return path

    def keep(self, name="kept.txt", checkpoint=None):
        """Keep the newest checkpoint outside; return its file."""
        path = self.folder / name
        path.write_text((checkpoint or self.checkpoint()).note)
        return path

    @property
    def keys(self):
        """The keys of the log, as an outsider knows them."""
        with self.world.session():
            origin = self.checkpoint().note.split("\n")[0]
            return [str(key) for key in load_keys(seal_settings().keys).verifier_keys(origin)]


@pytest.fixture
def log(alder, tmp_path):
    return SealedLog(alder, tmp_path)


def judge(evidence, keys=(), kept=(), proofs=()):
    """Check evidence as the program does; return the report."""
    return verify(question(evidence, list(keys), list(map(str, kept)), list(map(str, proofs))))
