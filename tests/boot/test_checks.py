"""The doctor's probes: each names what is wrong and how to mend it."""

import pytest
from psycopg import sql

from app.boot.local import binaries, checks, database_checks
from app.boot.local.checks import (
    check_data_dir,
    check_postgres_programs,
    check_python,
    check_socket_path,
)
from app.boot.local.database_checks import check_app_role, check_database
from tests.boot.observing import connect


@pytest.fixture
def make_role(shared_postgres):
    """Creates a role with a password and returns its URL; drops it and what it owns afterwards."""
    made = []

    def make(name, *attributes):
        with connect(shared_postgres.url()) as connection:
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'secret' {}").format(
                    sql.Identifier(name), sql.SQL(" ").join(map(sql.SQL, attributes))
                )
            )
        made.append(name)
        return shared_postgres.url(name, "secret")

    yield make
    with connect(shared_postgres.url()) as connection:
        for name in reversed(made):
            connection.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(name)))
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def test_this_machine_passes(tmp_path):
    answers = [
        check_python(),
        check_postgres_programs(),
        check_data_dir(tmp_path / "not" / "yet"),
        check_socket_path(tmp_path),
    ]
    assert all(answer.ok and answer.detail and not answer.mend for answer in answers)


def test_old_python_is_named(monkeypatch):
    monkeypatch.setattr(checks, "OLDEST_PYTHON", (99, 0))
    assert not check_python().ok
    assert "Python 99.0" in check_python().mend


def test_missing_programs_say_what_to_install(monkeypatch):
    monkeypatch.setattr(binaries, "OLDEST_MAJOR", 99)
    answer = check_postgres_programs()
    assert not answer.ok
    assert "pip install" in answer.mend
    assert "DATABASE_URL" in answer.mend


def test_data_directory_below_a_file_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    answer = check_data_dir(tmp_path / "file" / "data")
    assert not answer.ok
    assert "BALLAST_DATA_DIR" in answer.mend


def test_database_in_order_is_told_with_its_version(shared_postgres):
    answer = check_database(shared_postgres.url())
    assert answer.ok
    assert answer.detail.startswith("PostgreSQL ")


def test_too_old_database_is_told(shared_postgres, monkeypatch):
    monkeypatch.setattr(database_checks, "OLDEST_MAJOR", 99)
    answer = check_database(shared_postgres.url())
    assert not answer.ok
    assert "too old" in answer.detail


def test_each_refusal_has_its_own_answer(shared_postgres, tmp_path):
    url = shared_postgres.url
    answers = {
        check_database(address).detail
        for address in (
            url("ballast_owner", "wrong"),
            url("ballast_owner"),
            url(dbname="nowhere"),
            "postgresql+psycopg://someone@127.0.0.1:1/ballast",
            "postgresql+psycopg://someone@no-such-host.invalid/ballast",
            "nonsense",
        )
    }
    assert len(answers) == 6
    assert check_database(f"postgresql://someone@/ballast?host={tmp_path}").detail == (
        "no server listens there"
    )


def test_refusal_never_repeats_the_password(shared_postgres):
    answer = check_database(shared_postgres.url("ballast_owner", "wrong-secret"))
    assert "wrong-secret" not in answer.detail + answer.mend
    malformed = check_database("postgresql//someone:wrong-secret@host/ballast")
    assert "wrong-secret" not in malformed.detail + malformed.mend
    assert answer.detail == "the password is wrong"


def test_unknown_database_is_told_by_name_of_its_kind(shared_postgres):
    answer = check_database(shared_postgres.url(dbname="nowhere"))
    assert answer.detail == "the server answers, but the database does not exist"


def test_plain_role_is_bound_by_row_level_security(make_role):
    answer = check_app_role(make_role("plain"))
    assert answer.ok, answer.detail


def test_owner_is_no_application_role(shared_postgres):
    answer = check_app_role(shared_postgres.url())
    assert not answer.ok
    assert "is a superuser" in answer.detail


def test_role_that_bypasses_is_found(make_role):
    assert (
        "bypasses row-level security" in check_app_role(make_role("bypasser", "BYPASSRLS")).detail
    )


def test_role_that_may_become_a_bypassing_one_is_found(make_role):
    make_role("bypasser", "BYPASSRLS")
    assert "bypasses" in check_app_role(make_role("climber", "IN ROLE bypasser")).detail


def test_role_that_owns_a_table_is_found(make_role, shared_postgres):
    url = make_role("holder")
    with connect(shared_postgres.url()) as connection:
        connection.execute("CREATE TABLE held (id int)")
        connection.execute("ALTER TABLE held OWNER TO holder")
    assert "owns 1 tables" in check_app_role(url).detail


def test_probe_of_an_unreachable_role_answers_instead_of_raising(shared_postgres):
    answer = check_app_role(shared_postgres.url("nobody-here", "secret"))
    assert not answer.ok
    assert answer.detail == "the password is wrong"
