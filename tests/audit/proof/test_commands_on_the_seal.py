"""`flask audit verify`, `pack`, `keys`, `checkpoints` and `make-key`, as an operator uses them."""

import pytest


@pytest.fixture
def flask(app):
    """Run a command; return its exit code and what it said."""

    def run(*arguments):
        result = app.test_cli_runner().invoke(args=["audit", *map(str, arguments)])
        return result.exit_code, result.output

    return run


def test_pack_of_the_whole_log_is_written_and_verified(log, flask, tmp_path):
    log.tell(300)
    size = log.seal().size
    file = tmp_path / "log.zip"
    code, words = flask("pack", "--tenant", log.world.tenant.slug, file)
    assert (code, words) == (0, f"{size:,} events of {size:,} sealed ones are in {file}.\n")
    code, words = flask("verify", file, "--key", log.keys[0], "--kept", log.keep())
    assert code == 0, words
    assert words.endswith("RIGHT: this is what was sealed.\n")
    (event,) = log.world.log("audit_event.exported")
    assert event.actor_name == "flask audit pack"


def test_pack_of_a_query_is_written(log, flask, tmp_path):
    log.tell(30)
    log.seal()
    file = tmp_path / "doors.zip"
    _, words = flask("pack", "--tenant", log.world.tenant.slug, "--query", "action:door", file)
    assert words.startswith("30 events of ")
    assert flask("verify", file)[0] == 0


def test_filter_with_a_mistake_writes_nothing(log, flask, tmp_path):
    file = tmp_path / "x.zip"
    code, words = flask("pack", "--tenant", log.world.tenant.slug, "--query", "outcome:no", file)
    assert code == 1
    assert "cannot be read" in words
    assert not file.exists()


def test_log_without_a_seal_is_not_packed(log, flask, tmp_path):
    code, words = flask("pack", "--tenant", log.world.tenant.slug, tmp_path / "x.zip")
    assert code == 1
    assert "is the worker running?" in words


def test_what_cannot_be_read_exits_with_2(flask, tmp_path):
    code, words = flask("verify", tmp_path / "absent.zip")
    assert (code, words) == (2, "CANNOT READ absent.zip: No such file or directory.\n")


def test_wrong_pack_exits_with_1(log, flask, remove):
    ids = log.tell(5)
    log.seal()
    remove(ids[2])
    code, words = flask("verify", log.pack(), "--key", log.keys[0])
    assert code == 1
    assert "WRONG" in words


def test_key_is_made_once(app, flask):
    name = f"second-{id(app)}.pem"
    code, words = flask("make-key", "--name", name)
    assert code == 0
    assert "A new key is in" in words
    code, words = flask("make-key", "--name", name)
    assert (code, "is there already" in words) == (1, True)
    assert flask("make-key", "--name", "../x.pem")[0] == 1
    (app.config["SETTINGS"].seal.keys / name).unlink()


def test_printed_checkpoints_and_keys_are_what_verify_takes(log, flask, tmp_path):
    log.tell(3)
    log.seal()
    log.tell(3)
    size = log.seal().size
    slug = log.world.tenant.slug
    keys, kept = tmp_path / "keys.txt", tmp_path / "kept.txt"
    keys.write_text(flask("keys", "--tenant", slug)[1])
    assert keys.read_text().splitlines() == log.keys
    kept.write_text(flask("checkpoints", "--tenant", slug, "--last", 5)[1])
    assert kept.read_text().count("ballast.example/audit/") == 4
    code, words = flask("verify", log.pack(), "--key", keys, "--kept", kept)
    assert code == 0, words
    newest = flask("checkpoints", "--tenant", slug)[1]
    assert newest.splitlines()[1] == str(size)


@pytest.mark.parametrize("command", ["keys", "checkpoints"])
def test_log_without_a_seal_has_nothing_to_print(log, flask, command):
    code, words = flask(command, "--tenant", log.world.tenant.slug)
    assert (code, "is the worker running?" in words) == (1, True)
