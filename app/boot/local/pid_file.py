"""What `postmaster.pid` says about a server, and whether it is still true."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from app.boot.local.socket_folder import SOCKET_NAME

_DATA_DIR_LINE, _SOCKET_LINE = 1, 4


@dataclass(frozen=True)
class PidFile:
    """The lines that matter here; the socket folder is None while the server is very young."""

    pid: int
    data_dir: Path
    socket_folder: Path | None


def find_pid_file(cluster: Path) -> PidFile | None:
    """The pid file of the cluster, or None when no server claims it."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    if len(lines) <= _DATA_DIR_LINE or not lines[0].lstrip("-").isdigit():
        return None
    folder = lines[_SOCKET_LINE] if len(lines) > _SOCKET_LINE else ""
    return PidFile(
        pid=abs(int(lines[0])),
        data_dir=Path(lines[_DATA_DIR_LINE]),
        socket_folder=Path(folder) if folder else None,
    )


def remove_stale_lock_files(cluster: Path, socket_folder: Path) -> None:
    """Remove the lock files of a server that is gone although its number is taken.

    PostgreSQL mends this by itself when the number is free. It cannot when the number now belongs
    to another program, as happens in a container that starts anew on an old volume, or to the dead
    server itself where nobody collects dead processes.
    """
    pid_file = find_pid_file(cluster)
    if pid_file is not None and not is_postgres(pid_file.pid):
        (cluster / "postmaster.pid").unlink(missing_ok=True)
    socket_lock = socket_folder / f"{SOCKET_NAME}.lock"
    if socket_lock.exists():
        first_line = socket_lock.read_text().partition("\n")[0]
        if not first_line.isdigit() or not is_postgres(int(first_line)):
            socket_lock.unlink(missing_ok=True)


def is_postgres(pid: int) -> bool:
    """True when a living process of this number is a PostgreSQL server."""
    if Path("/proc/self/cmdline").exists():
        try:
            program = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]
        except OSError:
            return False
        return Path(program.decode(errors="replace")).name.startswith("postgres")
    listing = subprocess.run(  # noqa: S603 - a fixed command and a number
        ["/bin/ps", "-p", str(pid), "-o", "comm="], capture_output=True, text=True, check=False
    )
    return Path(listing.stdout.strip()).name.startswith("postgres")
