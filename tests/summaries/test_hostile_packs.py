"""Evidence packs that somebody has changed, and what else is handed in as one."""

import io
import json
import random
import zipfile

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.audit.proof.kept_checkpoints import find_last_checkpoint
from app.audit.proof.notes import VerifierKey
from app.audit.proof.pack_writing import PackOrder, write_pack
from app.audit.proof.verifier.pack_files import EVENTS
from app.audit.proof.verifier.report import Unreadable
from app.kernel import clock
from app.summaries.packs.container import COVER, LOG, SUMMARY
from tests.audit.proof.pack_parts import changed, lines_of, rows
from tests.factories.audit import AuditEventFactory
from tests.summaries.packs import download, judged, keys_of, parts, put_together, seal


def test_no_byte_of_a_pack_can_be_changed(pack):
    content = bytearray(pack.read_bytes())
    chance = random.Random(11)  # noqa: S311  repeatable
    with zipfile.ZipFile(pack) as archive:
        cover = archive.getinfo(COVER)
    beginning = range(0, cover.header_offset + 60 + cover.file_size, 3)
    end = range(len(content) - 400, len(content), 3)
    places = [*beginning, *end, *(chance.randrange(len(content)) for _ in range(150))]

    assert [place for place in places if passes_with(pack, content, place)] == []


@pytest.mark.proof
def test_no_byte_at_all_of_a_pack_can_be_changed(pack):
    content = bytearray(pack.read_bytes())

    assert [place for place in range(len(content)) if passes_with(pack, content, place)] == []


def passes_with(pack, content, place):
    """Say whether a pack with another byte at that place passes, checked with its own keys."""
    damaged = pack.with_name("damaged.zip")
    content[place] ^= 1 << place % 8
    damaged.write_bytes(content)
    content[place] ^= 1 << place % 8
    try:
        return judged(damaged).exit_code == 0
    except Unreadable:
        return False


def demand_refused(pack, members, ring, keys, words):
    """Demand that a pack of other members is refused, though the log's own keys sign it."""
    forged = put_together(pack.with_name("forged.zip"), members, signs_anew=ring)

    report = judged(forged, *keys)

    assert report.exit_code == 1
    assert words in str(report)


def test_not_even_the_server_can_put_another_text_into_a_pack(signed, pack):
    ring, keys = keys_of(signed)
    members = parts(pack)
    document = json.loads(members[SUMMARY])
    document["title"] = "Nothing to see"
    members[SUMMARY] = json.dumps(document).encode()

    demand_refused(pack, members, ring, keys, "what was signed is another text than summary.json")


def test_nor_can_it_leave_out_an_event_that_a_claim_rests_on(signed, pack):
    """The log inside proves what is in it, not that all is; so the claims do not hold of it."""
    ring, keys = keys_of(signed)
    cited = [event_id for claim in signed.claims for event_id in claim.event_ids]
    members, without = parts(pack), io.BytesIO()
    with signed.world.session():
        statement = select(AuditEvent).where(AuditEvent.id.not_in(cited))
        order = PackOrder(clock.now(), "https://ballast.example", "", statement)
        write_pack(without, order, find_last_checkpoint(), ring)
    members[LOG] = without.getvalue()

    demand_refused(pack, members, ring, keys, "claim 1 does not hold: ")


def test_events_that_were_changed_in_the_log_inside_are_named(signed, pack):
    ring, keys = keys_of(signed)
    members = parts(pack)
    inner = pack.with_name("inner.zip")
    inner.write_bytes(members[LOG])
    lines = lines_of(inner)
    lines[3]["event"]["outcome"] = "denied"
    members[LOG] = changed(inner, **{EVENTS: rows(lines)}).read_bytes()

    demand_refused(pack, members, ring, keys, "it is not what was sealed")


def test_pack_of_somebody_elses_key_does_not_pass(signed, pack):
    stranger = VerifierKey("example.org/another-log", b"k" * 32)
    assert judged(pack, str(stranger)).exit_code == 1


@pytest.mark.parametrize("content", [b"", b"PK", b"{}", b"PK\x05\x06" + b"\x00" * 18])
def test_what_is_no_pack_cannot_be_read(tmp_path, content):
    path = tmp_path / "other.zip"
    path.write_bytes(content)
    with pytest.raises(Unreadable):
        judged(path)


@pytest.mark.parametrize(
    "change",
    [
        {"window": ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"]},
        {"events": [float("inf"), 0]},
        {"claims": [{}] * 100},
        {"claims": None},
        {"summary": 7},
    ],
)
def test_hostile_texts_end_in_words(pack, signed, change):
    ring, _ = keys_of(signed)
    members = parts(pack)
    document = {**json.loads(members[SUMMARY]), **change}
    members[SUMMARY] = json.dumps(document).replace("Infinity", "1e999").encode()

    try:
        report = judged(put_together(pack.with_name("hostile.zip"), members, signs_anew=ring))
    except Unreadable:
        return
    assert report.exit_code == 1


def test_zone_that_is_a_folder_ends_in_words(pack, signed):
    ring, _ = keys_of(signed)
    members = parts(pack)
    text = members[COVER].decode().split("\n\n")[0].replace("zone UTC", "zone America")
    members[COVER] = ring.sign_text(f"{text}\n", text.split("\n")[1].split(" ")[1]).encode()

    with pytest.raises(Unreadable):
        judged(put_together(pack.with_name("hostile.zip"), members))


def test_approval_that_a_program_sent_is_none(signed, tmp_path):
    """Programs may write any action into the log; who they are stands in the event."""
    signed.world.make(
        AuditEventFactory,
        action="summary.approved",
        target_type="summary",
        target_id=str(signed.id),
        extra={"hash": "0" * 64, "claims": 1},
        received_from="a key",
    )
    seal(signed)
    path = tmp_path / "pack.zip"
    path.write_bytes(download(signed).data)

    assert judged(path).exit_code == 0
