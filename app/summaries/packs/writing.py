"""Writing the evidence pack of a signed summary, and checking it before anybody gets it."""

import io
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

from app.audit.proof.slice_packs import (
    SlicePack,
    Subject,
    find_leaf,
    sign_for_log,
    write_slice_pack,
)
from app.audit.proof.verifier.program import Question
from app.kernel.problems import Refused
from app.kernel.times import iso
from app.summaries.claims.verifier import VERIFIER_VERSION
from app.summaries.models import Summary, SummaryClaim
from app.summaries.packs.checking import check_evidence
from app.summaries.packs.container import (
    COVER,
    LOG,
    README,
    SUMMARY,
    hash_of_member,
    write_container,
)
from app.summaries.packs.cover import HASHED, Cover
from app.summaries.packs.story import STORY, SUBJECT
from app.summaries.packs.words import WORDS
from app.summaries.signing import signed_text
from app.summaries.slices import slice_of
from app.vocabulary.audit_tags import AuditTag

_SPOOLED = 8_000_000


@dataclass(frozen=True, slots=True)
class Making:
    """When and where a pack is made, and the zone in which its sentences tell times."""

    at: datetime
    public_url: str
    zone: ZoneInfo


def write_evidence(
    path: Path, summary: Summary, claims: Sequence[SummaryClaim], making: Making
) -> int:
    """Write the pack of a summary that was signed into a file; return how many events are in it.

    It is checked like a stranger checks it. Raises `Refused` while the approval is not sealed,
    and when the pack would not pass, because events that the summary rests on are gone.
    """
    subject = Subject(SUBJECT, str(summary.id), STORY)
    signed_at = find_leaf(AuditTag.SUMMARY_APPROVED.value, subject)
    if signed_at is None:
        raise Refused("The log holds no approval of this summary (any more), so nothing proves it.")
    with ExitStack() as stack:
        log = stack.enter_context(tempfile.SpooledTemporaryFile(_SPOOLED))
        packed = write_slice_pack(
            log,
            slice_of(summary),
            subject,
            until=signed_at,
            made_at=making.at,
            url=making.public_url,
        )
        live = [claim for claim in claims if claim.removed_at is None]
        members: dict[str, IO[bytes]] = {
            SUMMARY: io.BytesIO(signed_text(summary, live)),
            LOG: log,
            README: io.BytesIO(_readme(summary, packed, making)),
        }
        members[COVER] = io.BytesIO(_cover(summary, packed, making, members))
        with path.open("wb") as out:
            write_container(out, members)
    report = check_evidence(Question(path))
    if report.wrong:
        raise Refused(
            "No pack can be made that proves this summary, because the log is not what it was when"
            f" it was signed: {report.first_fault}."
        )
    return packed.packed.events


def _cover(
    summary: Summary, packed: SlicePack, making: Making, members: dict[str, IO[bytes]]
) -> bytes:
    cover = Cover(
        origin=packed.origin,
        summary_id=summary.id,
        zone=making.zone,
        verifier=VERIFIER_VERSION,
        made_at=iso(making.at),
        hashes={name: hash_of_member(members[name]) for name in HASHED},
    )
    return sign_for_log(cover.text, packed.origin).encode()


def _readme(summary: Summary, packed: SlicePack, making: Making) -> bytes:
    return WORDS.format(
        title=summary.title,
        summary_id=summary.id,
        events=f"{packed.packed.events:,}",
        keys=f"{making.public_url.rstrip('/')}/seal/keys",
    ).encode()
