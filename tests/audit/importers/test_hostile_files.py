"""Files made to do harm, and files that something went wrong with."""

import csv
import gzip
import io
import json
import tracemalloc

import pytest

from app.audit.importers.plan import NOT_AN_OBJECT, Plan, preview, propose_plan
from app.audit.importers.reading.broken import FileBroken
from app.audit.importers.reading.layout import Layout
from app.audit.importers.reading.records import MAX_RECORD, Place, Source, read_records
from app.audit.importers.reading.unpacking import PIECE, unpack
from app.audit.importers.report import MAX_PLACES, MAX_REASONS, ImportReport
from app.audit.ingest.imports.refusal_table import refusal_rows

MB = 1024 * 1024


def source_of(content, piece=PIECE):
    return Source(lambda: (content[at : at + piece] for at in range(0, len(content), piece)))


def read(content, piece=PIECE, **changes):
    """Return the layout of a file, and the value or the refusal of each of its records."""
    source = source_of(content, piece)
    layout = source.layout(**changes)
    return layout, [record.broken or record.value for record in read_records(source, layout)]


FILES = {
    "lines": b'{"a": 1}\n\n{"a": "\xc3\xbc"}\r\n{oops\n{"a": 3}',
    "list": b'[{"a": "\xc3\xbc\\"]"}, oops, {"b": oops}, {"c": [1, {"d": 2}]}, 5, 12]',
    "wrapped": b'{"kind": "x", "items": [{"id": 1}, {"b": 2}], "next": {"a": [1]}}',
    "several lists": b'{"Records": [{"a": 1}]}\n{"Records": [{"a": 2}]}\n[{"a": 3}]',
    "values": b'{\n "a": 1\n}\n{\n "b": "\xe4\xb8\xad"\n}\n',
    "table": b'Time,Who\n1,"M\xc3\xbcller, ""X""\nY"\n\n2,b,c\n3\n',
    "broken off": b'{"Records": [{"n": 1}, {"n": ',
    "utf-16": '{"a": "ü"}\n{"a": "中"}\n'.encode("utf-16"),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("piece", [1, 2, 3, 7, 64])
def test_records_are_the_same_however_the_file_arrives(name, piece):
    assert read(FILES[name], piece) == read(FILES[name])


@pytest.mark.parametrize("name", FILES)
def test_reading_goes_on_at_any_record_as_if_it_had_never_stopped(name):
    source = source_of(FILES[name], 5)
    layout = source.layout()
    records = list(read_records(source, layout))

    for done, record in enumerate(records, start=1):
        rest = list(read_records(source, layout, Place(record.end, record.next_number)))
        assert rest == records[done:]


@pytest.mark.parametrize("name", FILES)
def test_plan_is_kept_and_read_again(name):
    plan = propose_plan(source_of(FILES[name]), "crm")

    assert Plan.from_json(json.loads(json.dumps(plan.as_json()))) == plan
    assert Layout.from_json(plan.layout.as_json()) == plan.layout


def test_lists_put_one_behind_the_other_are_all_read():
    assert read(FILES["several lists"])[1] == [{"a": 1}, {"a": 2}, {"a": 3}]


def test_record_with_a_list_of_its_own_is_not_taken_for_a_list_of_records():
    line = b'{"id": 1, "events": [{"name": "a"}, {"name": "b"}]}\n'

    assert read(line * 2)[1] == [{"id": 1, "events": [{"name": "a"}, {"name": "b"}]}] * 2


def test_bomb_of_zeros_ends_early():
    bomb = gzip.compress(b"\0" * (200 * MB))

    _, (*_, last) = read(bomb)

    assert last == "the gzip data unpacks to far more than a log would"


def test_bomb_of_lines_ends_early():
    bomb = gzip.compress(b'{"a": 1}\n' * (12 * MB))
    out = 0

    def unpack_all():
        nonlocal out
        for piece in unpack(iter([bomb])):
            out += len(piece)

    with pytest.raises(FileBroken, match="far more than a log"):
        unpack_all()
    assert out < 80 * MB


def test_packed_file_may_not_grow_beyond_what_an_upload_may():
    pieces = unpack(iter([gzip.compress(bytes(range(256)) * 8 * 1024)]), at_most=MB)

    with pytest.raises(FileBroken, match="longer than 1 MB unpacked"):
        list(pieces)


def test_bomb_within_a_bomb_is_not_unpacked_twice():
    inner = gzip.compress(b'{"a": 1}\n' * 1000)

    _, records = read(gzip.compress(inner))

    assert all(isinstance(record, str) for record in records)


def test_several_gzip_files_one_behind_the_other_are_one_file():
    packed = gzip.compress(b'{"a": 1}\n') + gzip.compress(b'{"a": 2}\n')

    assert read(packed, 3)[1] == [{"a": 1}, {"a": 2}]


def test_gzip_that_ends_too_early_keeps_what_came_before():
    lines = b"".join(f'{{"n": {n * 7919 % 10_007}}}\n'.encode() for n in range(20_000))

    _, records = read(gzip.compress(lines)[:-4_000])

    assert records[0] == {"n": 0}
    assert records[-1] == "the gzip data ends or breaks here"


@pytest.mark.parametrize("depth", [1_000, 200_000])
def test_record_nested_without_end_spoils_only_itself(depth):
    deep = b'{"a": ' + b"[" * depth + b"]" * depth + b"}"

    for content in (b'[{"a": 1}, ' + deep + b', {"a": 2}]', b'{"a": 1}\n' + deep + b'\n{"a": 2}\n'):
        outcomes = [one for one in read(content)[1] if one != {"a": 1}]
        refused = preview(source_of(content), propose_plan(source_of(content), "x"))[1]
        assert outcomes[-1] == {"a": 2}
        assert refused.draft is None


def test_line_of_ten_megabytes_spoils_only_itself():
    long = b'{"a": "' + b"x" * (10 * MB) + b'"}'

    for content in (b'{"a": 1}\n' + long + b'\n{"a": 2}\n', b'[{"a": 1}, ' + long + b', {"a": 2}]'):
        assert read(content)[1] == [{"a": 1}, f"longer than {MAX_RECORD:,} bytes", {"a": 2}]


def test_mark_at_the_beginning_is_no_part_of_the_first_record():
    assert read(b'\xef\xbb\xbf{"a": 1}\n')[1] == [{"a": 1}]
    layout, records = read(b"\xef\xbb\xbfTime,Who\n1,ann\n2,ben\n")
    assert (layout.columns, records[0]) == (("Time", "Who"), {"Time": "1", "Who": "ann"})


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8", "cp1252"])
def test_encoding_of_a_table_is_told_by_its_bytes(encoding):
    text = "Zeit;Wer\n1;Müller\n2;Öner\n"

    assert read(text.encode(encoding))[1] == [
        {"Zeit": "1", "Wer": "Müller"},
        {"Zeit": "2", "Wer": "Öner"},
    ]


def test_encoding_that_was_told_wrong_can_be_overruled():
    spelled = "Zeit;Wer\n1;Müller\n2;Öner\n".encode("cp1252")

    assert read(spelled, encoding="utf-8")[1][0]["Wer"] == "M\udcfcller"


def test_nul_and_half_characters_are_stored_written_out():
    event = {
        "occurred_at": "2026-03-14T09:26:53Z",
        "actor": {"type": "person", "id": "a\x00b\ud800"},
        "action": "door.opened",
    }
    content = json.dumps(event).encode()

    (outcome,) = preview(source_of(content), propose_plan(source_of(content), "x"))

    assert outcome.draft.actor.id == r"a\u0000b\ud800"


def test_quote_that_is_never_closed_does_not_swallow_the_file():
    rows = b"".join(b"%d,ann\n" % number for number in range(60_000))

    _, records = read(b'Time,Who\n1,"ann\n' + rows)

    assert "a cell longer than 131,072 characters" in records
    assert records[-1] == {"Time": "59999", "Who": "ann"}


def test_rows_with_too_many_cells_and_with_too_few():
    _, records = read(b"Time,Who\n1,ann\n2,ben,x\n3\n,\n4,cy\n")

    assert records == [
        {"Time": "1", "Who": "ann"},
        "more cells than the table has columns",
        {"Time": "3"},
        {"Time": "4", "Who": "cy"},
    ]


def test_columns_without_a_name_or_with_one_twice_are_told_apart():
    layout, _ = read(b"Time,Who,Who,\n1,a,b,c\n2,a,b,c\n")

    assert layout.columns == ("Time", "Who", "Who 2", "column 4")


def test_table_without_names_counts_its_columns():
    layout, records = read(b"2026-03-14,ann,7\n2026-03-15,ben,8\n")

    assert layout.columns == ("column 1", "column 2", "column 3")
    assert records[0] == {"column 1": "2026-03-14", "column 2": "ann", "column 3": "7"}


@pytest.mark.parametrize("content", [b"", b"\n\n", b"[]", b'{"items": []}', b"\xef\xbb\xbf"])
def test_file_without_a_record_has_none(content):
    assert read(content)[1] == []


@pytest.mark.parametrize(
    "content", [b"plain words\n", b"\x89PNG\r\n\x1a\n\0\0", b"<html></html>\n"]
)
def test_file_of_another_kind_is_refused_line_by_line(content):
    plan = propose_plan(source_of(content), "x")

    assert all(one.draft is None for one in preview(source_of(content), plan))


def test_values_that_are_no_objects_are_refused():
    content = b'[1, "a", null, [2]]'

    outcomes = preview(source_of(content), propose_plan(source_of(content), "x"))

    assert [one.refused for one in outcomes] == [NOT_AN_OBJECT] * 4


def test_report_runs_nothing_in_a_spreadsheet():
    report = ImportReport()
    for reason in ("=1+1", "+1", "-1", "@sum", "\tx"):
        report.refuse(reason, 1)
    file = io.StringIO()
    csv.writer(file).writerows(refusal_rows(report))

    cells = [row[0] for row in csv.reader(io.StringIO(file.getvalue()))][1:]

    assert all(cell.startswith("'") for cell in cells)


def test_report_stays_small_whatever_is_refused():
    report = ImportReport()
    for number in range(5_000):
        report.refuse(f"reason {number}", number)
        report.refuse("always", number)

    assert len(report.refusals) == MAX_REASONS + 1
    assert report.refused == 10_000
    assert max(len(one.places) for one in report.refusals.values()) == MAX_PLACES
    assert ("always", "5000", "line", "and 4700 more") in list(refusal_rows(report))


@pytest.mark.parametrize("kind", ["lines", "list", "table"])
def test_memory_does_not_grow_with_the_file(kind):
    short, long = peak_of(kind, 10_000), peak_of(kind, 60_000)

    assert long < short + 256 * 1024


def peak_of(kind, records):
    """Return the most memory that reading a file of that many records takes, in bytes."""
    source = Source(lambda: endless(kind, records))
    tracemalloc.start()
    try:
        layout = source.layout()
        assert sum(1 for _ in read_records(source, layout)) == records
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def endless(kind, records):
    """Yield the pieces of a file that is never whole anywhere."""
    record, between = (b"1,ann", b"\n") if kind == "table" else (b'{"a": 1}', b",\n")
    if kind == "lines":
        between = b"\n"
    yield {"list": b"[", "table": b"Time,Who\n", "lines": b""}[kind]
    for at in range(0, records, 1_000):
        count = min(1_000, records - at)
        is_last = at + count == records
        yield between.join([record] * count) + (b"" if is_last else between)
    yield b"]" if kind == "list" else b""
