"""A store of tree hashes in memory, with the rules of the one in the database."""

from app.audit.proof.hashing import leaf_hash
from app.audit.proof.tree import BLOCK, append


def contents(count, kind="event"):
    """Return the contents of some leaves, all different."""
    return [f"{kind} {number}".encode() for number in range(count)]


class KeptHashes:
    """Holds runs as they were stored, and notes what was read."""

    def __init__(self, *batches):
        self.levels = {}
        self.size = 0
        self.reads = []
        for batch in batches:
            self.add(batch)

    def add(self, leaf_contents):
        runs = append(self.size, [leaf_hash(content) for content in leaf_contents], self)
        for run in runs:
            hashes = self.levels.setdefault(run.level, [])
            assert run.position == len(hashes), "Runs follow one another."
            last = run.position + len(run.hashes) - 1
            assert run.position // BLOCK == last // BLOCK, "No run crosses a block."
            hashes.extend(run.hashes)
        self.size += len(leaf_contents)

    def __call__(self, level, start, end):
        assert start // BLOCK == (end - 1) // BLOCK, "No read crosses a block."
        self.reads.append((level, start, end))
        found = self.levels[level][start:end]
        assert len(found) == end - start, "Only what is stored is read."
        return found
