"""The pass over the leaves of a pack: every event against its leaf, the leaves against the root."""

from collections.abc import Collection

from app.audit.proof.checkpoints import Checkpoint
from app.audit.proof.tree_checks import Frontier, ProofWrong
from app.audit.proof.verifier.deletions import Deletions
from app.audit.proof.verifier.packed_events import PackedEvent, Unsealed
from app.audit.proof.verifier.report import Report


class LeafPass:
    """Takes leaves from the first to the last; reports what is wrong with them.

    `roots` receives the root at each of the sizes that are asked for, where the pass meets it.
    """

    def __init__(self, report: Report, sizes: Collection[int]) -> None:
        self._report = report
        self._sizes = sizes
        self._frontier = Frontier()
        self._is_broken = False
        self._changed: list[tuple[PackedEvent, bytes]] = []
        self._deletions = Deletions()
        self.roots: dict[int, bytes] = {}
        self.events = 0
        self.erased = 0

    def take(self, event: PackedEvent) -> None:
        """Check one event against the hash it was sealed with, and add that to the tree."""
        self._add(0, event.leaf, event.sealed)
        if event.deleted is not None:
            self._deletions.claim(event)
            return
        self.events += 1
        self.erased += event.secrets.salt is None and bool(event.secrets.erased)
        try:
            found = event.content_hash()
        except Unsealed as reason:
            self._report.fault(f"{event.name}: {reason}")
            return
        if found == event.sealed:
            self._deletions.note(event)
        else:
            self._changed.append((event, found))

    def pass_over(self, bits: int, position: int, hash_: bytes) -> None:
        """Add leaves that are not in the pack."""
        self._add(bits, position, hash_)

    def finish(self, checkpoint: Checkpoint) -> None:
        """Report what is wrong with the events, and whether the tree is the one that is signed."""
        self._report_changes()
        self._deletions.check(self._report)
        frontier = self._frontier
        if self._is_broken:
            return
        if frontier.size != checkpoint.size:
            self._report.fault(
                f"the pack ends at leaf {frontier.size:,}; the checkpoint has {checkpoint.size:,}"
            )
        elif frontier.root() != checkpoint.root:
            self._report.fault("the leaves do not lead to the root that is signed")

    def _add(self, bits: int, position: int, hash_: bytes) -> None:
        if self._is_broken:
            return
        try:
            self._frontier.add(bits, position, hash_)
        except ProofWrong as reason:
            self._is_broken = True
            self._report.fault(f"the leaves are not one after the other: {reason}")
            return
        if self._frontier.size in self._sizes:
            self.roots[self._frontier.size] = self._frontier.root()

    def _report_changes(self) -> None:
        homes = {event.sealed: event.leaf for event, _ in self._changed}
        for event, found in self._changed:
            home = homes.get(found)
            if home is None:
                self._report.fault(f"{event.name}: it is not what was sealed; it was changed")
            else:
                self._report.fault(f"{event.name}: it was sealed as leaf {home:,}; it was moved")
