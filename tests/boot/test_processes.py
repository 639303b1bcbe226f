"""Several programs as one: they end together, whatever ends first."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.boot.observing import is_alive, wait_until

REPOSITORY = Path(__file__).parents[2]

SUPERVISE = """
import signal, sys
signal.signal(signal.SIGHUP, signal.SIG_DFL)
from app.boot.local.processes import Child, Supervisor
children = [Child(name, [sys.executable, "-c", code]) for name, code in {children!r}.items()]
sys.exit(Supervisor(children, grace_seconds={grace}).run())
"""

SUPERVISE_NOTHING = """
import sys
from app.boot.local.processes import Child, Supervisor
sys.exit(Supervisor([Child("web", ["no-such-program"])]).run())
"""

# Writes its number, then each signal that reaches it; leaves at SIGTERM. Each line is one write,
# because all children share the pipe.
PATIENT = """
import os, signal, sys
def say(what): os.write(1, f"{os.getpid()} {what}\\n".encode())
def note(number, frame):
    say(signal.Signals(number).name)
    if number == signal.SIGTERM: sys.exit()
for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM): signal.signal(number, note)
say("ready")
while True: signal.pause()
"""

STUBBORN = """
import os, signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.write(1, f"{os.getpid()} ready\\n".encode())
while True: signal.pause()
"""


@pytest.fixture
def supervise():
    started = []

    def start(grace=8, **children):
        supervisor = subprocess.Popen(
            [sys.executable, "-c", SUPERVISE.format(children=children, grace=grace)],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(supervisor)
        return supervisor

    yield start
    for supervisor in started:
        supervisor.terminate()
        supervisor.communicate()


def read_pids(supervisor, count):
    lines = [supervisor.stdout.readline().split() for _ in range(count)]
    assert [said for _, said in lines] == ["ready"] * count
    return [int(pid) for pid, _ in lines]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_to_the_terminals_group_ends_all_and_reaches_each_once(supervise, number):
    supervisor = supervise(web=PATIENT, worker=PATIENT)
    pids = read_pids(supervisor, 2)
    signal_group(supervisor, number)
    output, errors = supervisor.communicate()
    assert supervisor.returncode == 0
    assert errors == ""
    assert sorted(output.splitlines()) == sorted(f"{pid} SIGTERM" for pid in pids)
    assert not any(map(is_alive, pids))


def signal_group(supervisor, number):
    """As a terminal does at Ctrl-C: to every process of the foreground group."""
    subprocess.run(["/bin/kill", f"-{number.value}", "--", f"-{supervisor.pid}"], check=True)


def test_child_that_dies_ends_the_rest_and_is_named(supervise):
    supervisor = supervise(web=PATIENT, worker="import sys; sys.exit(3)")
    output, errors = supervisor.communicate()
    assert supervisor.returncode == 3
    assert errors == "worker ended (exit code 3); stopping the rest.\n"
    assert not any(is_alive(int(line.split()[0])) for line in output.splitlines())


def test_child_that_ends_well_is_still_a_failure(supervise):
    supervisor = supervise(web=PATIENT, worker="pass")
    _, errors = supervisor.communicate()
    assert supervisor.returncode == 1
    assert errors == "worker ended (exit code 0); stopping the rest.\n"


def test_killed_child_is_reported_by_its_signal(supervise):
    supervisor = supervise(web="import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    _, errors = supervisor.communicate()
    assert supervisor.returncode == 137
    assert errors == "web ended (killed by SIGKILL); stopping the rest.\n"


def test_stubborn_child_is_killed_after_the_grace_period(supervise):
    supervisor = supervise(grace=0.2, web=STUBBORN)
    pids = read_pids(supervisor, 1)
    supervisor.send_signal(signal.SIGTERM)
    supervisor.communicate()
    assert supervisor.returncode == 0
    assert not any(map(is_alive, pids))


def test_second_ctrl_c_does_not_wait_for_the_grace_period(supervise):
    supervisor = supervise(grace=3600, web=STUBBORN, worker=PATIENT)
    pids = read_pids(supervisor, 2)
    supervisor.send_signal(signal.SIGINT)
    assert supervisor.stdout.readline().endswith("SIGTERM\n")
    supervisor.send_signal(signal.SIGINT)
    supervisor.communicate()
    assert supervisor.returncode == 0
    assert not any(map(is_alive, pids))


@pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells a child of its parent's death"
)
def test_killed_supervisor_takes_its_children_with_it(supervise):
    supervisor = supervise(web=PATIENT, worker=PATIENT)
    pids = read_pids(supervisor, 2)
    supervisor.kill()
    supervisor.wait()
    try:
        wait_until(lambda: not any(map(is_alive, pids)))
    finally:
        for pid in filter(is_alive, pids):
            os.kill(pid, signal.SIGKILL)


def test_program_that_does_not_exist_is_named():
    missing = subprocess.run(
        [
            *(sys.executable, "-c", SUPERVISE_NOTHING),
        ],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert missing.returncode == 127
    assert missing.stderr.splitlines() == [
        "no-such-program cannot be run: No such file or directory.",
        "web ended (exit code 127); stopping the rest.",
    ]
