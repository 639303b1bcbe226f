"""Running several programs as one: they start together and end together."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from app.boot.local import die_with_parent
from app.boot.local.embedded_postgres import say_on_stderr

GRACE_SECONDS = 8.0

_STOPPING_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_PAUSE_SECONDS = 0.1
_SIGNAL_EXIT_BASE = 128


@dataclass(frozen=True)
class Child:
    """A program to run; `env` is its whole environment, None for ours."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] | None = None


@dataclass(frozen=True)
class _Running:
    child: Child
    process: subprocess.Popen[bytes]


class Supervisor:
    """Starts children, passes their output through, and waits for the first reason to stop.

    Each child has a session of its own, so that a Ctrl-C in the terminal reaches it once, through
    us. On Linux it also ends when we are killed outright (see `die_with_parent`).
    """

    def __init__(
        self,
        children: Sequence[Child],
        *,
        grace_seconds: float = GRACE_SECONDS,
        say: Callable[[str], None] = say_on_stderr,
    ) -> None:
        self._children = children
        self._grace_seconds = grace_seconds
        self._say = say
        self._asked_to_stop = False
        self._interrupts = 0

    def run(self) -> int:
        """Run until a signal (0) or until a child ends (its code, or 1), and leave nothing behind.

        Call it in the main thread: only there can signals be handled.
        """
        running: list[_Running] = []
        with self._noting_signals():
            try:
                running.extend(_start(child) for child in self._children)
                fallen = self._wait(running)
                if fallen is not None:
                    ending = _describe(fallen.process.returncode)
                    self._say(f"{fallen.child.name} ended ({ending}); stopping the rest.")
            finally:
                self._stop(running)
        if fallen is None:
            return 0
        return _as_exit_code(fallen.process.returncode) or 1

    def _wait(self, running: Sequence[_Running]) -> _Running | None:
        """The child that ended by itself, or None when a signal came first."""
        while not self._asked_to_stop:
            for one in running:
                if one.process.poll() is not None:
                    return one
            time.sleep(_PAUSE_SECONDS)
        return None

    def _stop(self, running: Sequence[_Running]) -> None:
        """SIGTERM to all, SIGKILL after the grace period or at the person's second Ctrl-C."""
        interrupts_before = self._interrupts
        for one in running:
            if one.process.poll() is None:
                one.process.terminate()
        give_up_at = time.monotonic() + self._grace_seconds
        while any(one.process.poll() is None for one in running):
            if time.monotonic() > give_up_at or self._interrupts > interrupts_before:
                break
            time.sleep(_PAUSE_SECONDS)
        for one in running:
            # The whole session: a child that was killed, or fell, may have left its own behind.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(one.process.pid, signal.SIGKILL)
            one.process.wait()

    @contextmanager
    def _noting_signals(self) -> Iterator[None]:
        # Under nohup a hang-up is ignored, and stays so.
        hangs_up = signal.getsignal(signal.SIGHUP) != signal.SIG_IGN
        numbers = _STOPPING_SIGNALS + ((signal.SIGHUP,) if hangs_up else ())
        before = {number: signal.signal(number, self._note) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self._asked_to_stop = True
        # Only a Ctrl-C shows impatience: SIGTERM may come twice, from the group and through make.
        self._interrupts += number == signal.SIGINT


def _start(child: Child) -> _Running:
    wrapper = [sys.executable, "-I", "-S", str(Path(die_with_parent.__file__)), str(os.getpid())]
    process = subprocess.Popen(  # noqa: S603 - the caller's own command, and no shell reads it
        [*wrapper, *child.command],
        env=child.env,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    return _Running(child, process)


def _describe(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    return f"killed by {signal.Signals(-code).name}"


def _as_exit_code(code: int) -> int:
    """As shells count: a program that signal 9 ended has code 137."""
    return code if code >= 0 else _SIGNAL_EXIT_BASE - code
