"""The local database: created, joined, stopped, and robust against what people do to it."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import sqlalchemy

from app.boot.local.embedded_postgres import EmbeddedPostgres
from app.boot.local.errors import LocalPostgresError
from app.boot.local.socket_folder import LONGEST_PATH_BYTES, SOCKET_NAME
from tests.boot.observing import connect, get_server_pid, is_alive, running, wait_until

REPOSITORY = Path(__file__).parents[2]

START_AND_TELL = """
import sys
from pathlib import Path
from app.boot.local.embedded_postgres import EmbeddedPostgres
postgres = EmbeddedPostgres.at(Path(sys.argv[1]))
postgres.start()
print(postgres.started_by_us, flush=True)
sys.stdin.read()
"""


def start_in_another_process(data_dir):
    return subprocess.Popen(
        [sys.executable, "-c", START_AND_TELL, str(data_dir)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_sqlalchemy_reaches_the_database_by_its_url(shared_postgres):
    engine = sqlalchemy.create_engine(shared_postgres.url())
    with engine.connect() as connection:
        row = connection.execute(
            sqlalchemy.text(
                "SELECT current_user, current_database(), 'ß' < 'é' COLLATE \"default\""
            )
        ).one()
    engine.dispose()
    assert tuple(row) == ("ballast_owner", "ballast", True)


def test_server_is_unicode_checksummed_and_hidden_from_the_network(shared_postgres):
    with connect(shared_postgres.url()) as connection:
        names = [
            *("server_encoding", "data_checksums", "listen_addresses", "autovacuum", "fsync"),
            *("default_text_search_config", "TimeZone"),
        ]
        found = [connection.execute(f"SHOW {name}").fetchone()[0] for name in names]
        rules = connection.execute("SELECT type, auth_method FROM pg_hba_file_rules").fetchall()
    assert found == ["UTF8", "on", "", "on", "off", "pg_catalog.english", "UTC"]
    assert rules == [("local", "scram-sha-256")]


def test_second_start_joins_the_running_server(shared_postgres):
    another = EmbeddedPostgres.at(shared_postgres.data_dir)
    another.start()
    assert shared_postgres.started_by_us
    assert not another.started_by_us
    assert get_server_pid(another) == get_server_pid(shared_postgres)


def test_wrong_password_is_refused(shared_postgres):
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(shared_postgres.url("ballast_owner", "guess"))


def test_nobody_enters_without_a_password(shared_postgres):
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        connect(shared_postgres.url("ballast_owner"))


def test_password_and_socket_are_private(shared_postgres):
    password = shared_postgres.data_dir / "owner-password"
    assert stat.S_IMODE(password.stat().st_mode) == 0o600
    assert stat.S_IMODE(shared_postgres.socket_folder.stat().st_mode) == 0o700
    assert not (shared_postgres.data_dir / "initial-password").exists()


def test_credentials_with_special_characters_survive_the_url(shared_postgres):
    with connect(shared_postgres.url()) as connection:
        connection.execute("""CREATE ROLE "a:b@c/d" LOGIN PASSWORD 'p%:/?#@ ä'""")
    with connect(shared_postgres.url("a:b@c/d", "p%:/?#@ ä")) as connection:
        assert connection.info.user == "a:b@c/d"


def test_before_the_first_start_there_is_no_url(tmp_path):
    postgres = EmbeddedPostgres.at(tmp_path / "data")
    assert not postgres.is_running()
    postgres.stop()
    with pytest.raises(LocalPostgresError, match="make run"):
        postgres.url()
    assert not (tmp_path / "data").exists()


def test_committed_row_outlives_kills_of_app_and_server(open_folder):
    postgres = EmbeddedPostgres.at(open_folder / "data")
    app = start_in_another_process(open_folder / "data")
    try:
        assert app.stdout.readline() == "True\n"
        with connect(postgres.url()) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        app.kill()
        app.communicate()
        postgres.start()
        assert not postgres.started_by_us, "the server outlived the app and was joined"

        server = get_server_pid(postgres)
        os.kill(server, signal.SIGKILL)
        wait_until(lambda: not is_alive(server))
        # Whoever inherits the dead process may take a moment to notice.
        wait_until(lambda: not postgres.is_running())
        postgres.start()
        assert postgres.started_by_us
        with connect(postgres.url()) as connection:
            assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
    finally:
        app.kill()
        app.communicate()
        postgres.stop()
    assert not postgres.is_running()


def test_two_processes_at_once_start_one_server(open_folder):
    postgres = EmbeddedPostgres.at(open_folder / "data")
    processes = [start_in_another_process(open_folder / "data") for _ in range(2)]
    try:
        said = sorted(process.communicate()[0] for process in processes)
        assert said == ["False\n", "True\n"]
        assert postgres.is_running()
    finally:
        postgres.stop()


def test_long_and_unusual_path_gets_a_short_socket(open_folder):
    data_dir = open_folder / "it's a föld,er: with 100 % of" / ("x" * 90) / "data"
    with running(EmbeddedPostgres.at(data_dir, durable=False)) as postgres:
        socket = postgres.socket_folder / SOCKET_NAME
        assert socket.exists()
        assert len(os.fsencode(socket)) <= LONGEST_PATH_BYTES
        assert EmbeddedPostgres.at(data_dir).socket_folder == postgres.socket_folder
        engine = sqlalchemy.create_engine(postgres.url())
        with engine.connect() as connection:
            assert connection.execute(sqlalchemy.text("SELECT 1")).scalar_one() == 1
        engine.dispose()
    postgres.socket_folder.rmdir()


def test_server_is_mended_when_its_socket_or_its_number_is_taken_away(open_folder):
    with running(EmbeddedPostgres.at(open_folder / "data", durable=False)) as postgres:
        (postgres.socket_folder / SOCKET_NAME).unlink()
        assert not postgres.is_running()
        postgres.start()
        assert postgres.is_running()

        pid_file = open_folder / "data" / "cluster" / "postmaster.pid"
        left_behind = pid_file.read_text().replace(
            str(get_server_pid(postgres)), str(os.getpid()), 1
        )
        postgres.stop()
        pid_file.write_text(left_behind)
        assert not postgres.is_running()
        postgres.start()
        assert get_server_pid(postgres) != os.getpid()


def test_data_of_an_unknown_major_is_refused_with_a_way_out(open_folder):
    cluster = open_folder / "data" / "cluster"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("12\n")
    with pytest.raises(
        LocalPostgresError, match=r"made by PostgreSQL 12.*install.*delete"
    ) as caught:
        EmbeddedPostgres.at(open_folder / "data").start()
    assert str(cluster) in str(caught.value)


def test_failed_start_shows_the_end_of_the_log(open_folder):
    postgres = EmbeddedPostgres.at(open_folder / "data", durable=False)
    with running(postgres):
        pass
    (open_folder / "data" / "cluster" / "postgresql.auto.conf").write_text("nonsense = 1\n")
    with pytest.raises(LocalPostgresError, match='unrecognized configuration parameter "nonsense"'):
        postgres.start()


def test_path_that_is_a_file_is_explained(tmp_path):
    (tmp_path / "data").write_text("")
    with pytest.raises(LocalPostgresError, match="File exists"):
        EmbeddedPostgres.at(tmp_path / "data").start()
