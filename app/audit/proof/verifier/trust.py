"""Which keys are trusted: those that the reader brought, else those that came along."""

from collections.abc import Collection
from dataclasses import dataclass

from app.audit.proof.notes import VerifierKey
from app.audit.proof.verifier.report import Report, Unreadable


@dataclass(frozen=True, slots=True)
class Trust:
    """The keys that the reader has from somewhere else than the evidence."""

    keys: tuple[VerifierKey, ...] = ()

    def keys_of(self, origin: str) -> list[VerifierKey]:
        """Return the keys; what came without a name is a key of the log with that one."""
        return [key if key.name else VerifierKey(origin, key.public) for key in self.keys]

    def keys_or(
        self, brought_along: Collection[VerifierKey], origin: str, report: Report
    ) -> list[VerifierKey]:
        """Return the keys to check with, and say whose they are; raises `Unreadable` for none."""
        if self.keys:
            report.right(f"checked with the {_counted(len(self.keys))} that you gave")
            return self.keys_of(origin)
        if not brought_along:
            raise Unreadable("Give the key of the log: --key name+id+key, or --key FILE.")
        for key in brought_along:
            report.remark(f"checked with a key from the pack itself, {key}")
        report.remark("compare it with one that you have from elsewhere, and give it with --key")
        return list(brought_along)


def _counted(count: int) -> str:
    return "key" if count == 1 else f"{count} keys"
