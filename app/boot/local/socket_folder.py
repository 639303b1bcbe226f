"""The folder of the server's Unix socket.

The kernel allows about 100 bytes for a socket's path (107 on Linux, 103 on macOS), and URLs and
PostgreSQL's own lists give a meaning to some characters. A place whose path is long or unusual
gets a short folder under the temporary folder instead, always the same one.
"""

import hashlib
import os
import re
import socket
import stat
import tempfile
from pathlib import Path

from app.boot.local.account import ServerAccount
from app.boot.local.errors import LocalPostgresError
from app.boot.local.place import Place

PORT = 5432
SOCKET_NAME = f".s.PGSQL.{PORT}"
LONGEST_PATH_BYTES = 99

_PLAIN_PATH = re.compile(r"[A-Za-z0-9/._+-]+")


def choose_socket_folder(place: Place, secret: str) -> Path:
    """The folder for the socket of this place; the same answer every time."""
    inside = place.root / "socket"
    if _PLAIN_PATH.fullmatch(str(inside)) and fits(inside):
        return inside
    # The secret keeps a data directory that was deleted and made again apart from the server of
    # the old one, which takes a minute to notice and leave.
    key = hashlib.sha256(f"{place.root}\n{secret}".encode()).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"ballast-{key}"
    if not fits(short):
        raise LocalPostgresError(
            f"The temporary folder {short.parent} has too long a path for a socket "
            f"({LONGEST_PATH_BYTES} bytes). Set TMPDIR to a folder with a shorter one."
        )
    return short


def fits(folder: Path) -> bool:
    """True when a socket in this folder has a path that the kernel accepts."""
    return len(os.fsencode(folder / SOCKET_NAME)) <= LONGEST_PATH_BYTES


def open_socket_folder(folder: Path, account: ServerAccount | None) -> None:
    """Create the folder for its one user; refuse one that somebody else made."""
    owner = account.uid if account is not None else os.geteuid()
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        if account is not None:
            os.chown(folder, account.uid, account.gid)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise LocalPostgresError(
            f"{folder} is meant for the database's socket, but somebody else made it or can write "
            "to it. Look what it is, remove it, and try again."
        )


def accepts_connections(folder: Path) -> bool:
    """True when a server listens on the socket in this folder."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(5)
        try:
            probe.connect(str(folder / SOCKET_NAME))
        except OSError:
            return False
    return True
