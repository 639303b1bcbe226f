"""Packs that somebody changed: each change is found, and named where it can be."""

import random
import zipfile

import pytest

from app.audit.proof.verifier.pack_files import CHECKPOINT, EVENTS, FILES, MANIFEST, SUBTREES
from app.audit.proof.verifier.report import Unreadable
from tests.audit.proof.conftest import judge
from tests.audit.proof.pack_parts import changed, files_of, lines_of, part_of, rows


def test_changed_event_is_named(log):
    ids = log.tell(20)
    log.seal()
    path = log.pack()
    lines = lines_of(path)
    victim = next(line for line in lines if line["event"]["id"] == str(ids[7]))
    victim["event"]["outcome"] = "denied"
    report = judge(changed(path, **{EVENTS: rows(lines)}), log.keys)
    assert report.exit_code == 1
    assert f"(event {ids[7]}, door.opened): it is not what was sealed" in str(report)


def test_event_that_was_moved_is_said_to_be_moved(log):
    log.tell(20)
    log.seal()
    path = log.pack()
    lines = lines_of(path)
    for name in ("event", "salt"):
        lines[4][name], lines[9][name] = lines[9][name], lines[4][name]
    report = str(judge(changed(path, **{EVENTS: rows(lines)}), log.keys))
    assert "it was sealed as leaf 9; it was moved" in report
    assert "it was sealed as leaf 4; it was moved" in report


def test_additions_that_no_leaf_holds_are_not_taken_for_sealed(log):
    log.tell(5)
    log.seal()
    path = log.pack()
    for place in (
        lambda event: event,
        lambda event: event["actor"],
        lambda event: event["source"],
        lambda event: event["targets"][0],
    ):
        lines = lines_of(path)
        place(lines[-1]["event"])["note"] = "approved by the board"
        report = judge(changed(path, **{EVENTS: rows(lines)}), log.keys)
        assert report.exit_code == 1, place


def test_name_that_appears_twice_is_not_read(log):
    log.tell(5)
    log.seal()
    path = log.pack()
    content = part_of(path, EVENTS).replace(b'"event":{', b'"event":{"action":"x","action":', 1)
    with pytest.raises(Unreadable):
        judge(changed(path, **{EVENTS: content}), log.keys)


@pytest.mark.parametrize("name", [name for name in FILES if name != SUBTREES])
def test_file_that_is_not_the_packed_one_is_named(log, name):
    log.tell(5)
    log.seal()
    log.tell(1)
    log.seal()
    path = log.pack()
    content = part_of(path, name)
    if name.endswith("jsonl"):
        content = content.replace(b"{", b"{ ", 1)
    elif name == CHECKPOINT:
        content += b""
        content = content.replace(b"\n\n", b"\nan extension\n\n", 1)
    else:
        content += b"\n"
    try:
        report = judge(changed(path, **{name: content}), log.keys)
    except Unreadable:
        return
    assert report.exit_code == 1
    assert name in str(report) or "checkpoint" in str(report)


def test_random_damage_to_a_pack_is_never_right(log):
    log.tell(30)
    log.seal()
    path = log.pack()
    content = path.read_bytes()
    chance = random.Random(5)  # noqa: S311  repeatable
    damaged = log.folder / "damaged.zip"
    with zipfile.ZipFile(path) as archive:
        inside = [info for info in archive.infolist() if info.filename != MANIFEST]
    for _ in range(120):
        info = chance.choice(inside)
        place = info.header_offset + 60 + chance.randrange(max(1, info.compress_size - 60))
        damaged.write_bytes(content[:place] + bytes([content[place] ^ 255]) + content[place + 1 :])
        try:
            report = judge(damaged, log.keys)
        except Unreadable:
            continue
        # Some bytes of a ZIP mean nothing; the files in it are then what they were.
        assert report.exit_code == 1 or files_of(damaged) == files_of(path), place


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK",
        b"PK\x03\x04 nothing",
        b"\x00" * 100,
        b"{}",
        b"c2sp.org/tlog-proof@v1\n",
        b"old 3\n",
    ],
)
def test_what_is_no_evidence_cannot_be_read(log, content):
    log.seal()
    path = log.folder / "what"
    path.write_bytes(content)
    with pytest.raises(Unreadable):
        judge(path, log.keys)


def test_zip_of_something_else_cannot_be_read(log):
    log.seal()
    path = log.folder / "other.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(Unreadable, match="no pack"):
        judge(path, log.keys)
    with pytest.raises(Unreadable, match=r"No such file"):
        judge(log.folder / "absent", log.keys)
