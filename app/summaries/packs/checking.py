"""Checking the evidence pack of a summary, with nothing but the file and a key.

The signature of the reviewer is an event of the log: it holds the hash of the summary, and the
tree of the log holds the event. So the order is: the log, the event of the approval, the text
that it signed, and then every claim of that text against the events, by the same rules and the
same sentences as when it was drafted.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import IO

from app.audit.proof.notes import NoteUnreadable, NoteWrong
from app.audit.proof.verifier.pack_checks import check_pack
from app.audit.proof.verifier.pack_files import Pack
from app.audit.proof.verifier.program import Question
from app.audit.proof.verifier.reading import MOST_LINE_BYTES
from app.audit.proof.verifier.report import Report, Unreadable
from app.audit.proof.verifier.trust import Trust
from app.summaries.claims.checking import check_claim
from app.summaries.claims.sentences import Wording
from app.summaries.claims.verdicts import Verdict
from app.summaries.claims.verifier import VERIFIER_VERSION
from app.summaries.packs.container import COVER, LOG, SUMMARY, hash_of_member, open_container
from app.summaries.packs.cover import HASHED, SignedCover, read_cover
from app.summaries.packs.packed_reads import PackedReads
from app.summaries.packs.signed_text import SignedClaim, SignedText, read_signed
from app.summaries.packs.story import Story

_LONGEST_COVER = 100_000


def check_evidence(asked: Question) -> Report:
    """Check an evidence pack; raises `Unreadable` when that is impossible."""
    report = Report()
    with open_container(asked.evidence) as members:
        try:
            signed = read_cover(_read(members, COVER, _LONGEST_COVER).decode())
            log = Pack.open(members[LOG])
            check_pack(log, asked.trust, asked.kept, asked.known, report)
            _check_cover(signed, log, members, asked.trust, report)
            content = _read(members, SUMMARY, MOST_LINE_BYTES)
            if report.wrong:
                report.remark("what the summary says was not looked at, since that is so")
            else:
                _check_text(signed, log, content, report)
        except (NoteUnreadable, UnicodeDecodeError) as error:
            raise Unreadable(str(error)) from None
    return report


def _check_cover(
    signed: SignedCover, log: Pack, members: Mapping[str, IO[bytes]], trust: Trust, report: Report
) -> None:
    own = log.keys()
    if signed.cover.origin != log.checkpoint().checkpoint.origin:
        report.fault("the cover is that of another log")
    try:
        signed.demand_signed(trust.keys_of(signed.cover.origin) or own, own)
    except NoteWrong as reason:
        report.fault(f"the cover: {reason}")
    changed = [
        name for name in HASHED if hash_of_member(members[name]) != signed.cover.hashes[name]
    ]
    for name in changed:
        report.fault(f"{name} is not the file that the cover names")
    if not changed:
        report.right("every part is the one that the cover names")


def _check_text(signed: SignedCover, log: Pack, content: bytes, report: Report) -> None:
    """Check the signed text against the log: that it was signed, and that it is true."""
    text, story = read_signed(content), Story(signed.cover.summary_id)
    if text.summary_id != signed.cover.summary_id:
        report.fault("the cover is that of another summary")
    try:
        for event in log.events():
            story.take(event)
        story.check(sha256(content).hexdigest(), report)
        until = story.approved_at_leaf
        if not report.wrong and until is not None:
            _check_claims(signed, text, _reads(log, text, until), report)
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError, OSError):
        report.fault("an event is sealed in a form that Ballast never writes")


def _reads(log: Pack, text: SignedText, until: int) -> PackedReads:
    """Return the slice as it was when it was signed: what came later changes nothing."""
    reads = PackedReads(
        cited={event_id for claim in text.claims for event_id in claim.event_ids},
        matches={claim.fields.match for claim in text.claims},
    )
    for event in log.events():
        if event.leaf < until:
            reads.take(event, text.window_start, text.window_end)
    return reads


def _check_claims(
    signed: SignedCover, text: SignedText, reads: PackedReads, report: Report
) -> None:
    wording = Wording(signed.cover.zone, text.window_start, text.window_end)
    before = report.wrong + report.unchecked
    for claim in text.claims:
        _check_claim(claim, reads, wording, report)
    if not text.claims:
        report.fault("nothing is claimed in it")
    elif report.wrong + report.unchecked == before:
        report.right(
            f"all {len(text.claims)} claims hold of the {reads.total:,} events of the slice, and"
            " say it in the words that were signed"
        )
    if signed.cover.verifier != VERIFIER_VERSION:
        report.remark(
            f"Ballast checked it by version {signed.cover.verifier} of its rules, and this is"
            f" version {VERIFIER_VERSION}"
        )


def _check_claim(claim: SignedClaim, reads: PackedReads, wording: Wording, report: Report) -> None:
    checked = check_claim(claim.fields, claim.event_ids, reads, wording)
    if checked.finding.verdict is not Verdict.SUPPORTED:
        words = f"claim {claim.number} does not hold: {checked.finding.detail}"
        if reads.has_erased:
            report.leave_open(f"{words} Values of events in the slice were erased since.")
        else:
            report.fault(words)
    elif checked.sentence != claim.sentence:
        # Words may become better from one release to the next; what is signed keeps its own.
        report.leave_open(
            f"claim {claim.number} holds, in other words than those that this version has for it:"
            f" {checked.sentence!r}"
        )


def _read(members: Mapping[str, IO[bytes]], name: str, most: int) -> bytes:
    members[name].seek(0)
    content = members[name].read(most + 1)
    if len(content) > most:
        raise Unreadable(f"{name} is too large.")
    return content
