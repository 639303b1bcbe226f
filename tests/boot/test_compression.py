"""Pages are packed for those who take them packed, and hold the same."""

import gzip

import pytest
from flask import Flask, Response

from app.boot import compression

PACKED = {"Accept-Encoding": "gzip"}


@pytest.fixture
def owner(alder):
    return alder.as_person("owner").client


def test_page_comes_packed_and_holds_the_same(owner, alder):
    address = f"{alder.path}/people/roles"
    plain, packed = owner.get(address), owner.get(address, headers=PACKED)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    text = gzip.decompress(packed.data).decode()
    assert text.count("<tr") == plain.text.count("<tr") > 10
    assert packed.content_length == len(packed.data) < len(plain.data) / 3


def test_whoever_refuses_gzip_gets_none(owner, alder):
    answer = owner.get(f"{alder.path}/people/roles", headers={"Accept-Encoding": "gzip;q=0, br"})
    assert "Content-Encoding" not in answer.headers


def test_error_page_comes_packed_too(owner, alder):
    answer = owner.get(f"{alder.path}/no-such-place", headers=PACKED)
    assert answer.status_code == 404
    assert "There is nothing here" in gzip.decompress(answer.data).decode()


def test_length_of_a_packed_page_does_not_tell_its_content(owner, alder):
    address = f"{alder.path}/people/roles"
    assert len({len(owner.get(address, headers=PACKED).data) for _ in range(8)}) > 1


def test_stream_is_not_held_back():
    app = Flask(__name__)
    compression.install(app)

    @app.get("/stream")
    def stream():
        return Response((f"<p>{n}</p>" for n in range(1000)), mimetype="text/html")

    answer = app.test_client().get("/stream", headers=PACKED)
    assert answer.text.endswith("<p>999</p>")
    assert "Content-Encoding" not in answer.headers


def test_file_that_is_packed_already_is_not_packed_twice(owner, alder):
    page = owner.get(f"{alder.path}/people").text
    script = next(part for part in page.split('"') if part.endswith(".js"))
    answer = owner.get(script, headers=PACKED)
    assert b"htmx" in gzip.decompress(answer.data)
