"""The one-file verifier: current, alone, and of one mind with the app."""

import subprocess
import sys
from pathlib import Path

import cryptography
import pytest

from app.audit.proof.standalone import assembly
from app.audit.proof.standalone.assembly import FILE, NamesCollide, assembled

# What the file may use: its own folder is not on the path, and neither is the app's.
LIBRARY = str(Path(cryptography.__file__).parents[1])
START = "import sys; sys.path.insert(0, sys.argv.pop(1)); import runpy; sys.argv.pop(0);"
START += " runpy.run_path(sys.argv[0], run_name='__main__')"


def run(*arguments, folder, library=LIBRARY, alone=("-I",)):
    """Run the file in an empty place, in an interpreter that knows nothing of the app."""
    command = [sys.executable, *alone, "-c", START, str(library), str(FILE), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)


def test_file_is_what_the_modules_say():
    message = "Run `python -m app.audit.proof.standalone`."
    assert FILE.read_text(encoding="utf-8") == assembled(), message


def test_file_imports_nothing_of_the_app():
    lines = FILE.read_text(encoding="utf-8").splitlines()
    imports = [line for line in lines if line.strip().startswith(("import ", "from "))]
    modules = {line.split()[1].split(".")[0] for line in imports}
    assert "app" not in modules
    assert modules - set(sys.stdlib_module_names) == {"cryptography"}


def test_names_of_two_modules_cannot_collide():
    modules = {name: assembly.ast.parse("def same(): pass") for name in ("one", "two")}
    with pytest.raises(NamesCollide, match="same"):
        assembly._demand_unique_names(modules)  # noqa: SLF001  nothing public lets it happen


def test_right_pack_exits_with_0(log, tmp_path):
    log.tell(300)
    log.seal()
    kept = log.keep()
    log.tell(10)
    log.seal()
    done = run(log.pack(), "--key", log.keys[0], "--kept", kept, folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert done.stdout.endswith("RIGHT: this is what was sealed.\n")


def test_wrong_pack_exits_with_1_and_names_the_event(log, tmp_path, database_owner):
    ids = log.tell(20)
    log.seal()
    statement = "UPDATE audit_events SET actor_name = 'Mallory' WHERE id = %s"
    database_owner.connection.driver_connection.execute(statement, [ids[3]])
    database_owner.connection.driver_connection.commit()
    done = run(log.pack(), "--key", log.keys[0], folder=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert str(ids[3]) in done.stdout
    assert done.stdout.endswith("WRONG: this is not what was sealed.\n")


def test_what_cannot_be_read_exits_with_2(tmp_path):
    nothing = tmp_path / "nothing.zip"
    nothing.write_bytes(b"PK nothing")
    done = run(nothing, folder=tmp_path)
    assert (done.returncode, done.stderr) == (2, "")
    assert "CANNOT READ nothing.zip" in done.stdout


def test_key_may_stand_in_a_file(log, tmp_path):
    log.seal()
    file = tmp_path / "keys.txt"
    file.write_text(f"# from the page of the seal\r\n{log.keys[0]}\r\n")
    assert run(log.pack(), "--key", file, folder=tmp_path).returncode == 0


def test_missing_package_is_named_and_is_no_verdict(tmp_path):
    done = run(tmp_path / "pack.zip", folder=tmp_path, library=tmp_path, alone=("-I", "-S"))
    assert (done.returncode, done.stderr) == (2, "")
    assert done.stdout == "It needs a package: python3 -m pip install cryptography\n"
