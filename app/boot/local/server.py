"""Starting and stopping the server of one place through pg_ctl."""

import os
import shlex
import time
from dataclasses import dataclass
from pathlib import Path

from app.boot.local.account import ServerAccount, run_as
from app.boot.local.binaries import PostgresBinaries
from app.boot.local.errors import LocalPostgresError
from app.boot.local.pid_file import find_pid_file, is_postgres, remove_stale_lock_files
from app.boot.local.place import Place
from app.boot.local.settings import write_settings
from app.boot.local.socket_folder import accepts_connections, open_socket_folder

LOG_BYTES_KEPT = 10_000_000
START_SECONDS = 60
STOP_SECONDS = 30

_LOG_LINES_SHOWN = 12
# The children of a server that was killed need a moment to notice.
_OLD_CHILDREN = "pre-existing shared memory block"
_TRIES, _PAUSE_SECONDS = 10, 0.5


@dataclass(frozen=True)
class Server:
    """The server of one place: which programs it runs, as whom, and where it listens."""

    place: Place
    binaries: PostgresBinaries
    account: ServerAccount | None
    socket_folder: Path

    def start(self, *, durable: bool) -> None:
        """Start it and return when it accepts connections; it recovers from a crash by itself."""
        self._stop_deaf_server()
        open_socket_folder(self.socket_folder, self.account)
        remove_stale_lock_files(self.place.cluster, self.socket_folder)
        write_settings(self.place, self.socket_folder, durable=durable)
        self._open_log()
        said = ""
        for _ in range(_TRIES):
            log_begins = self.place.server_log.stat().st_size
            outcome = self._pg_ctl(
                *("start", "-w", "-t", str(START_SECONDS), "-l", str(self.place.server_log)),
                *("-o", f"-c config_file={shlex.quote(str(self.place.settings))}"),
            )
            if outcome:
                return
            said = _read_from(self.place.server_log, log_begins)
            if _OLD_CHILDREN not in said:
                break
            time.sleep(_PAUSE_SECONDS)
        raise LocalPostgresError(
            f"The local PostgreSQL did not start. Its log ({self.place.server_log}) ends with:\n"
            f"{_last_lines(said)}\n"
            f"If the data is of no value, delete {self.place.root} and run the command again; "
            "or set DATABASE_URL to another PostgreSQL."
        )

    def stop(self) -> None:
        """Stop it, first as `fast` and, when that takes too long, as `immediate`."""
        for mode in ("fast", "immediate"):
            if self._pg_ctl("stop", "-w", "-t", str(STOP_SECONDS), "-m", mode):
                return
            pid_file = find_pid_file(self.place.cluster)
            if pid_file is None or not is_postgres(pid_file.pid):
                return
        raise LocalPostgresError(
            f"The local PostgreSQL does not stop; its log is {self.place.server_log}."
        )

    def _pg_ctl(self, verb: str, *options: str) -> bool:
        command = [str(self.binaries.bin_dir / "pg_ctl"), verb, "-s", "-D", str(self.place.cluster)]
        patience = START_SECONDS + STOP_SECONDS
        return run_as(self.account, [*command, *options], timeout_seconds=patience).returncode == 0

    def _stop_deaf_server(self) -> None:
        """End a server that lives but cannot be reached, as when its socket was swept away."""
        pid_file = find_pid_file(self.place.cluster)
        if pid_file is None or not is_postgres(pid_file.pid):
            return
        # A copied data directory names the server of the original, which is not ours to stop.
        ours = pid_file.data_dir == self.place.cluster or not pid_file.data_dir.exists()
        if ours and not accepts_connections(self.socket_folder):
            self.stop()

    def _open_log(self) -> None:
        """Begin a new log when the old one is large, and let the server's account write it."""
        log = self.place.server_log
        if log.exists() and log.stat().st_size > LOG_BYTES_KEPT:
            log.replace(log.with_suffix(".log.1"))
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        if self.account is not None:
            os.fchown(descriptor, self.account.uid, self.account.gid)
        os.close(descriptor)


def _read_from(log: Path, position: int) -> str:
    with log.open("rb") as handle:
        handle.seek(position)
        return handle.read().decode(errors="replace")


def _last_lines(text: str) -> str:
    lines = text.strip().splitlines()[-_LOG_LINES_SHOWN:]
    return "\n".join(f"  {line}" for line in lines) or "  (nothing)"
