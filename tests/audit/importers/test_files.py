"""Taking records out of files of every shape, whole and broken."""

import gzip
import json

import pytest

from app.audit.importers.reading.broken import FileBroken
from app.audit.importers.reading.records import MAX_RECORD, Source, read_records


@pytest.fixture
def records_of(tmp_path):
    def write_and_read(content):
        path = tmp_path / "records"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        source = Source.of_file(path)
        records = read_records(source, source.layout())
        return [(record.number, record.broken or record.value) for record in records]

    return write_and_read


def test_lines_are_records_and_empty_ones_are_skipped(records_of):
    assert records_of('{"a": 1}\n\n{"a": 2}\r\n{"a": 3}') == [
        (1, {"a": 1}),
        (3, {"a": 2}),
        (4, {"a": 3}),
    ]


def test_broken_line_is_one_refusal_and_never_the_end(records_of):
    (_, first), (_, broken), (_, last) = records_of('{"a": 1}\n{"a": \n{"a": 3}\n')

    assert (first, last) == ({"a": 1}, {"a": 3})
    assert "cannot be read" in broken


@pytest.mark.parametrize("indent", [None, 2])
def test_file_of_cloudtrail_is_a_list_of_records(records_of, indent):
    content = json.dumps({"Records": [{"n": n} for n in range(30_000)]}, indent=indent)

    records = records_of(content)

    assert len(records) == 30_000
    assert records[-1] == (30_000, {"n": 29_999})


def test_empty_list_and_empty_file_hold_no_record(records_of):
    assert records_of('{"Records": []}') == []
    assert records_of("") == []


def test_broken_element_of_a_list_is_one_refusal_and_never_the_end(records_of):
    first, (_, broken), last = records_of('{"Records": [{"n": 1}, {"n": oops}, {"n": 3}]}')

    assert (first, last) == ((1, {"n": 1}), (3, {"n": 3}))
    assert "cannot be read" in broken


def test_list_that_breaks_off_keeps_what_came_before(records_of):
    records = records_of('{"Records": [{"n": 1}, {"n": ')

    assert records[0] == (1, {"n": 1})
    assert len(records) == 2


def test_packed_file_is_unpacked(records_of):
    assert records_of(gzip.compress(b'{"Records":[{"n": 1}]}')) == [(1, {"n": 1})]


def test_packed_file_that_breaks_off_keeps_what_came_before(records_of):
    content = "".join(f'{{"n": {n * 7919 % 10_007}}}\n' for n in range(20_000)).encode()

    records = records_of(gzip.compress(content)[:-4_000])

    assert records[0] == (1, {"n": 0})
    assert "gzip" in records[-1][1]


def test_file_that_only_begins_like_gzip_is_one_refusal(records_of):
    with pytest.raises(FileBroken, match="gzip"):
        records_of(b"\x1f\x8bnothing of the kind")


def test_line_without_end_is_refused_without_being_held(records_of):
    long = '{"a": "' + "x" * (3 * MAX_RECORD) + '"}'

    records = records_of(f'{{"a": 1}}\n{long}\n{{"a": 3}}\n')

    assert [number for number, _ in records] == [1, 2, 3]
    assert "longer than" in records[1][1]
    assert records[2] == (3, {"a": 3})


def test_bytes_that_are_no_text_spoil_only_their_own_line(records_of):
    (_, first), (_, last) = records_of(b'{"a": "\xff"}\n{"a": 2}\n')

    assert first == {"a": "\udcff"}
    assert last == {"a": 2}


def test_line_nested_without_end_is_refused(records_of):
    _, (_, broken) = records_of('{"a": 1}\n' + "[" * 100_000)

    assert "too deeply" in broken
