"""Becomes another program that the kernel ends when its parent is gone.

Run as a script: `python die_with_parent.py PARENT_PID PROGRAM ARGUMENT…`. It asks Linux for a
SIGTERM at its parent's death, however that comes, and then executes the program, which keeps the
request. SIGTERM and not SIGKILL, because a web server that is killed outright leaves its own
workers behind, holding the port.

macOS has no such request. There the program simply runs, and survives a `kill -9` of its parent;
every other end of the parent still reaches it.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
_COMMAND_NOT_FOUND = 127


def main(parent: int, command: list[str]) -> None:
    """Ask for the signal, make sure that the parent still lives, and become the command."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        # The parent died before the request was made.
        sys.exit(f"{command[0]} was not started: its parent is gone.")
    try:
        os.execvp(command[0], command)  # noqa: S606 - becoming the command is the purpose
    except OSError as error:
        sys.stderr.write(f"{command[0]} cannot be run: {error.strerror}.\n")
        sys.exit(_COMMAND_NOT_FOUND)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
