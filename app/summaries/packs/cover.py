"""The cover of a pack: a signed note that names the summary and the hash of every other part."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from app.audit.proof.notes import (
    Note,
    NoteUnreadable,
    NoteWrong,
    VerifierKey,
    read_note,
    signers,
)
from app.summaries.packs.container import LOG, README, SUMMARY

FORMAT = "ballast-evidence/1"
HASHED = (SUMMARY, LOG, README)

_LINES = re.compile(
    rf"{re.escape(FORMAT)}\n"
    r"origin (?P<origin>\S+)\n"
    r"summary (?P<summary>[0-9a-f-]{36})\n"
    r"zone (?P<zone>[A-Za-z0-9_+/-]{1,64})\n"
    r"verifier (?P<verifier>[0-9]{1,6})\n"
    r"made (?P<made>[0-9T:.-]{10,32}Z)\n"
    + "".join(
        rf"(?P<hash{number}>[0-9a-f]{{64}}) {re.escape(name)}\n"
        for number, name in enumerate(HASHED)
    )
)


@dataclass(frozen=True, slots=True)
class Cover:
    """What is signed. `hashes` are SHA-256 in hex by the names of the parts.

    `zone` is the one in which the sentences tell times, `verifier` the version of the rules that
    Ballast checked the claims by. `origin` is the log's own name, as its checkpoints have it.
    """

    origin: str
    summary_id: UUID
    zone: ZoneInfo
    verifier: int
    made_at: str
    hashes: Mapping[str, str]

    @property
    def text(self) -> str:
        """The text of its note. No checkpoint begins like it, so none can be taken for it."""
        head = (
            f"{FORMAT}\norigin {self.origin}\nsummary {self.summary_id}\nzone {self.zone.key}\n"
            f"verifier {self.verifier}\nmade {self.made_at}\n"
        )
        return head + "".join(f"{self.hashes[name]} {name}\n" for name in HASHED)


@dataclass(frozen=True, slots=True)
class SignedCover:
    """A cover as it was read, with its signatures, none of which was verified by that."""

    cover: Cover
    note: Note

    def demand_signed(
        self, trusted: Collection[VerifierKey], known: Collection[VerifierKey]
    ) -> None:
        """Raise `NoteWrong` unless a trusted key signed it, and every signature is a known one's.

        A signature of nobody would be a place where bytes could be changed.
        """
        origin = self.cover.origin
        signers(self.note, [key for key in trusted if key.name == origin])
        named = {(key.name, key.id): key for key in (*trusted, *known) if key.name == origin}
        if len(signers(self.note, list(named.values()))) != len(self.note.signatures):
            raise NoteWrong("it bears a signature of a key that is not known")


def read_cover(text: str) -> SignedCover:
    """Return the cover that a text spells, nothing verified; raises `NoteUnreadable`."""
    note = read_note(text)
    found = _LINES.fullmatch(note.text)
    if found is None or str(note) != text:
        raise NoteUnreadable("It is no cover of an evidence pack.")
    try:
        cover = Cover(
            origin=found["origin"],
            summary_id=UUID(found["summary"]),
            zone=ZoneInfo(found["zone"]),
            verifier=int(found["verifier"]),
            made_at=found["made"],
            hashes={name: found[f"hash{number}"] for number, name in enumerate(HASHED)},
        )
    except (ValueError, LookupError, OSError):
        raise NoteUnreadable(
            "Its cover names no summary, or a time zone that is unknown."
        ) from None
    if cover.text != note.text:
        raise NoteUnreadable("Its cover is not written as covers are.")
    return SignedCover(cover, note)
