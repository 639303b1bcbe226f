"""The PostgreSQL that `make run` and the tests bring with them.

A data directory holds everything: the owner's password, the cluster, its log and its socket. Only
where that cannot work do parts of it live elsewhere; `place`, `socket_folder` and `binary_copy`
say when.
"""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import quote

from app.boot.local.account import find_server_account
from app.boot.local.binaries import find_postgres_binaries
from app.boot.local.binary_copy import get_runnable_binaries
from app.boot.local.cluster import OWNER, create_cluster, read_or_create_secret
from app.boot.local.connection import create_database_if_missing, wait_until_ready
from app.boot.local.errors import LocalPostgresError, explain_os_errors
from app.boot.local.folder_lock import hold_lock
from app.boot.local.pid_file import find_pid_file
from app.boot.local.place import (
    Place,
    choose_place,
    find_place,
    list_fallback_roots,
    require_reachable,
)
from app.boot.local.server import Server
from app.boot.local.socket_folder import PORT, accepts_connections, choose_socket_folder

DATABASE = "ballast"

# pg_ctl hands its paths to a shell inside double quotes, where these keep their meaning.
_CHARACTERS_A_SHELL_READS = re.compile(r'["$`\\\n]')


def say_on_stderr(line: str) -> None:
    """Print a line where it does not mix with what a command prints for other programs."""
    sys.stderr.write(f"{line}\n")


@dataclass
class EmbeddedPostgres:
    """One PostgreSQL server for one data directory, shared by all processes that start it."""

    data_dir: Path
    durable: bool = True
    fallback_roots: tuple[Path, ...] = field(default_factory=list_fallback_roots)
    say: Callable[[str], None] = say_on_stderr
    started_by_us: bool = field(default=False, init=False)

    @classmethod
    def at(
        cls,
        data_dir: Path,
        *,
        durable: bool = True,
        fallback_roots: tuple[Path, ...] | None = None,
        say: Callable[[str], None] = say_on_stderr,
    ) -> Self:
        """The server of `data_dir`; nothing is touched before `start`.

        `durable=False` trades safety against power cuts for speed (tests). `fallback_roots` are
        the folders that root uses when the server's account cannot reach `data_dir`.
        """
        roots = list_fallback_roots() if fallback_roots is None else fallback_roots
        return cls(data_dir.absolute().resolve(), durable, roots, say)

    def start(self) -> None:
        """Bring the server up: create it when new, start it when stopped, join it when it runs."""
        if _CHARACTERS_A_SHELL_READS.search(str(self.data_dir)):
            raise LocalPostgresError(
                f"{self.data_dir} has a quote, dollar sign or backslash in its path, which "
                "PostgreSQL's tools cannot handle. Set BALLAST_DATA_DIR to a plainer path."
            )
        with explain_os_errors(self.data_dir):
            self.data_dir.mkdir(parents=True, exist_ok=True)
            with hold_lock(self._lock_file):
                self._start_or_join(read_or_create_secret(self._secret_file))

    def stop(self) -> None:
        """Stop the server, whoever started it; nothing happens when it does not run."""
        if not self._secret_file.exists():
            return
        with explain_os_errors(self.data_dir), hold_lock(self._lock_file):
            place = self._find_place()
            if find_pid_file(place.cluster) is not None:
                self._get_server(place).stop()
            self.started_by_us = False

    def is_running(self) -> bool:
        """True when the server listens on its socket."""
        with explain_os_errors(self.data_dir):
            return self._secret_file.exists() and self._find_live_socket_folder() is not None

    def url(
        self, user: str | None = None, password: str | None = None, dbname: str = DATABASE
    ) -> str:
        """A SQLAlchemy URL through the socket; the owner's with password when no user is named."""
        if user is None:
            user, password = OWNER, self._get_secret()
        credentials = quote(user, safe="")
        if password is not None:
            credentials += f":{quote(password, safe='')}"
        return (
            f"postgresql+psycopg://{credentials}@/{quote(dbname, safe='')}"
            f"?host={quote(str(self.socket_folder), safe='/')}&port={PORT}"
        )

    @property
    def socket_folder(self) -> Path:
        """The folder of the Unix socket: where the server listens now, or will."""
        with explain_os_errors(self.data_dir):
            return self._find_live_socket_folder() or self._choose_socket_folder()

    @property
    def server_log(self) -> Path:
        """The file in which the server says what it does."""
        with explain_os_errors(self.data_dir):
            return self._find_place().server_log

    @property
    def _secret_file(self) -> Path:
        return self.data_dir / "owner-password"

    @property
    def _lock_file(self) -> Path:
        return self.data_dir / "start.lock"

    def _get_secret(self) -> str:
        if not self._secret_file.exists():
            raise LocalPostgresError(
                f"There is no local database in {self.data_dir} yet: `make run` creates it."
            )
        return read_or_create_secret(self._secret_file)

    def _find_place(self) -> Place:
        if not self._secret_file.exists():
            return Place(self.data_dir)
        return find_place(self.data_dir, self._get_secret(), self.fallback_roots)

    def _choose_socket_folder(self) -> Path:
        return choose_socket_folder(self._find_place(), self._get_secret())

    def _find_live_socket_folder(self) -> Path | None:
        place = self._find_place()
        pid_file = find_pid_file(place.cluster)
        if pid_file is None:
            return None
        candidates = [self._choose_socket_folder()]
        # The temporary folder may have been another one when the server was started.
        if pid_file.data_dir == place.cluster and pid_file.socket_folder is not None:
            candidates.append(pid_file.socket_folder)
        return next(filter(accepts_connections, candidates), None)

    def _start_or_join(self, secret: str) -> None:
        if self._find_live_socket_folder() is None:
            place = self._find_place()
            account = find_server_account(place.cluster)
            if place.has_cluster:
                require_reachable(place, account)
            else:
                place = choose_place(self.data_dir, secret, account, self.fallback_roots)
            server = self._get_server(place)
            if not place.has_cluster:
                create_cluster(place, server.binaries, account, secret, durable=self.durable)
            self._tell_where(server)
            server.start(durable=self.durable)
            self.started_by_us = True
        wait_until_ready(self.socket_folder, secret)
        create_database_if_missing(self.socket_folder, secret, DATABASE)

    def _get_server(self, place: Place) -> Server:
        account = find_server_account(place.cluster)
        binaries = find_postgres_binaries(place)
        return Server(
            place=place,
            binaries=get_runnable_binaries(binaries, account, self.fallback_roots),
            account=account,
            socket_folder=choose_socket_folder(place, self._get_secret()),
        )

    def _tell_where(self, server: Server) -> None:
        """Say in one line what lies outside the checkout, for whoever looks for it there."""
        away = []
        if server.place.root != self.data_dir:
            away.append(f"its data is in {server.place.root}")
        if any(server.binaries.bin_dir.is_relative_to(root) for root in self.fallback_roots):
            away.append(f"its programs in {server.binaries.bin_dir}")
        if away and server.account is not None:
            self.say(
                f"PostgreSQL runs as {server.account.name}, who cannot reach this checkout: "
                f"{', '.join(away)}."
            )
