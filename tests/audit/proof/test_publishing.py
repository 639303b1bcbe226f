"""Publishing: a copy outside, again and again until it is there, and no copy of a false history."""

import datetime as dt
import stat
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlalchemy import text

from app.audit.proof import publishing
from app.audit.proof.checkpoints import read_checkpoint
from app.audit.proof.publishing import list_publications, publish_round
from app.audit.proof.settings import SEAL, seal_settings
from app.kernel import clock
from tests.audit.proof.conftest import judge


@pytest.fixture
def publish(app, log, monkeypatch):
    """Set destinations up, and let the worker come round."""

    def round_with(later=dt.timedelta(), **destinations):
        with app.app_context():
            old = seal_settings()
            settings = type(old)(old.host, old.keys, **destinations)
            with monkeypatch.context() as patch:
                patch.setitem(app.extensions, SEAL, settings)
                now = clock.now() + later
                patch.setattr(publishing.clock, "now", lambda: now)
                publish_round([log.world.tenant.id])
        with log.world.session():
            return {one.destination: one for one in list_publications()}

    return round_with


class Keeper:
    """A real web server that keeps what it is sent, or answers as it is told."""

    def __init__(self):
        self.kept, self.status, self.types = [], 204, []
        keeper = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                keeper.types.append(self.headers["Content-Type"])
                if keeper.status == 204:
                    keeper.kept.append(body.decode())
                self.send_response(keeper.status)
                if keeper.status == 302:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()
                if keeper.status >= 400:
                    self.wfile.write(b"the disk\x1b[31m is full\n")

            def log_message(self, *_arguments):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/checkpoints"


@contextmanager
def running(keeper):
    thread = threading.Thread(target=keeper.server.serve_forever)
    thread.start()
    try:
        yield keeper
    finally:
        keeper.server.shutdown()
        thread.join()
        keeper.server.server_close()


@pytest.fixture
def keeper():
    with running(Keeper()) as one:
        yield one


def files(folder):
    return sorted(path for path in folder.rglob("*.txt"))


def test_folder_gets_a_file_for_each_checkpoint(log, publish, tmp_path):
    folder = tmp_path / "outside"
    first = log.seal()
    state = publish(publish_folder=folder)["folder"]
    assert (state.size, state.problem) == (first.size, None)
    log.tell(3)
    second = log.seal()
    publish(dt.timedelta(minutes=6), publish_folder=folder)
    paths = files(folder)
    assert [read_checkpoint(path.read_text()).checkpoint.size for path in paths] == [
        first.size,
        second.size,
    ]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o444 for path in paths)
    assert [path.name for path in folder.rglob(".new-*")] == []
    assert judge(log.pack(), log.keys, paths).exit_code == 0


def test_same_checkpoint_is_published_once_and_newer_ones_every_five_minutes(log, publish, keeper):
    log.seal()
    for _ in range(3):
        publish(publish_url=keeper.url)
    assert len(keeper.kept) == 1
    log.tell(1)
    log.seal()
    publish(publish_url=keeper.url)
    assert len(keeper.kept) == 1
    publish(dt.timedelta(minutes=5), publish_url=keeper.url)
    assert len(keeper.kept) == 2


def test_address_is_sent_the_note_as_text(log, publish, keeper):
    checkpoint = log.seal()
    publish(publish_url=keeper.url)
    assert keeper.kept == [checkpoint.note]
    assert keeper.types == ["text/plain; charset=utf-8"]


def test_address_that_fails_is_tried_again_ever_more_rarely(log, publish, keeper):
    log.seal()
    keeper.status = 500
    state = publish(publish_url=keeper.url)["url"]
    assert state.problem == "The address answered 500 Internal Server Error. the disk [31m is full"
    assert (state.attempts, state.published_at, state.size) == (1, None, 0)
    assert publish(publish_url=keeper.url)["url"].attempts == 1, "Too early."
    later = dt.timedelta()
    for attempt, minutes in enumerate((1, 2, 4, 8, 16, 32, 60, 60), start=2):
        later += dt.timedelta(minutes=minutes)
        assert publish(later, publish_url=keeper.url)["url"].attempts == attempt
    keeper.status = 204
    state = publish(later + dt.timedelta(hours=1), publish_url=keeper.url)["url"]
    assert (state.attempts, state.problem) == (0, None)
    assert len(keeper.kept) == 1


def test_redirect_is_a_failure(log, publish, keeper):
    log.seal()
    keeper.status = 302
    assert "302" in publish(publish_url=keeper.url)["url"].problem


def test_address_that_nobody_answers_is_a_failure_in_words(log, publish):
    log.seal()
    state = publish(publish_url="http://127.0.0.1:9/nobody")["url"]
    assert "could not be reached" in state.problem


def test_folder_that_cannot_be_written_is_a_failure_in_words(log, publish, tmp_path):
    log.seal()
    (tmp_path / "file").write_text("in the way")
    state = publish(publish_folder=tmp_path / "file" / "folder")["folder"]
    assert "cannot be written" in state.problem


def test_log_that_was_set_back_is_found_by_the_folder(log, publish, tmp_path, database_owner):
    folder = tmp_path / "outside"
    old = log.seal().size
    log.tell(5)
    log.seal()
    publish(publish_folder=folder)
    for table, place in (
        ("events", "leaf"),
        ("checkpoints", "size - 1"),
        ("tree_runs", "position"),
    ):
        database_owner.execute(
            text(f"DELETE FROM audit_{table} WHERE tenant_id = :t AND {place} >= :s"),
            {"t": log.world.tenant.id, "s": old},
        )
    statement = text("UPDATE audit_heads SET size = :s WHERE tenant_id = :t")
    database_owner.execute(statement, {"t": log.world.tenant.id, "s": old})
    database_owner.commit()
    log.tell(9, action="door.forged")
    log.seal()
    state = publish(dt.timedelta(minutes=6), publish_folder=folder)["folder"]
    assert "which this log does not continue" in state.problem
    assert len(files(folder)) == 1


def test_file_that_is_there_already_stays_as_it_is(log, publish, tmp_path):
    folder = tmp_path / "outside"
    log.seal()
    publish(publish_folder=folder)
    (path,) = files(folder)
    path.chmod(0o644)
    path.write_text(log.checkpoint().note + "— witness.example AAAAAAAA\n")
    publish(dt.timedelta(hours=2), publish_folder=folder)
    assert "witness.example" in path.read_text()


def test_nothing_is_published_where_nothing_is_set_up(log, publish):
    log.seal()
    assert publish() == {}
