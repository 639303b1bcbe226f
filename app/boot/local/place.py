"""Where a cluster lives.

For a plain user that is the data directory. When root lends the work to another account, and that
account cannot reach the data directory (a checkout in a private folder), it is a folder of ours
under a fallback root. Permissions and owners of folders that are not ours are never changed.
"""

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from app.boot.local.account import ServerAccount, find_closed_folder
from app.boot.local.errors import LocalPostgresError

OUR_FOLDER_MODE = 0o755


@dataclass(frozen=True)
class Place:
    """The folder that holds one cluster and what belongs to it."""

    root: Path

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.root / "cluster"

    @property
    def draft(self) -> Path:
        """Where a new cluster is made; it becomes `cluster` when it is whole."""
        return self.root / "cluster.new"

    @property
    def server_log(self) -> Path:
        """What the server says about itself."""
        return self.root / "server.log"

    @property
    def settings(self) -> Path:
        """The server's configuration, written anew at each start."""
        return self.root / "server.conf"

    @property
    def access_rules(self) -> Path:
        """Who may connect (pg_hba)."""
        return self.root / "pg_hba.conf"

    @property
    def has_cluster(self) -> bool:
        """True once a whole cluster is there."""
        return (self.cluster / "PG_VERSION").exists()

    @property
    def made_by(self) -> str | None:
        """The PostgreSQL major that made the cluster ("18"); None when there is no cluster."""
        if not self.has_cluster:
            return None
        return (self.cluster / "PG_VERSION").read_text().strip()


def list_fallback_roots() -> tuple[Path, ...]:
    """Where root keeps what another account must reach, best first."""
    return (Path("/var/lib/ballast"), Path(tempfile.gettempdir()) / "ballast")


def find_place(data_dir: Path, secret: str, fallback_roots: Iterable[Path]) -> Place:
    """The place of the cluster that exists; the data directory when there is none yet."""
    for root in fallback_roots:
        away = Place(root / _name_of(data_dir, secret))
        if away.has_cluster:
            return away
    return Place(data_dir)


def choose_place(
    data_dir: Path, secret: str, account: ServerAccount | None, fallback_roots: Iterable[Path]
) -> Place:
    """A place for a new cluster that the account can reach; its draft folder is made."""
    if _prepare(Place(data_dir), account):
        return Place(data_dir)
    if account is None:
        raise LocalPostgresError(
            f"{data_dir} cannot hold a database: this user may not create folders in it. "
            "Set BALLAST_DATA_DIR to a folder of yours."
        )
    for root in fallback_roots:
        if not open_fallback_root(root):
            continue
        away = Place(root / _name_of(data_dir, secret))
        _make_our_folder(away.root)
        if _prepare(away, account):
            return away
    raise LocalPostgresError(
        f"PostgreSQL runs as {account.name}, who can reach neither {data_dir} nor "
        f"{' nor '.join(map(str, fallback_roots))}. Set BALLAST_DATA_DIR to a folder that "
        f"{account.name} can reach, run this command as a plain user, or set DATABASE_URL."
    )


def require_reachable(place: Place, account: ServerAccount | None) -> None:
    """Complain when a cluster was made here and its folder was closed to its account since."""
    closed = find_closed_folder(account, place.cluster)
    if closed is None:
        return
    whom = account.name if account is not None else "this user"
    raise LocalPostgresError(
        f"The local database in {place.cluster} runs as {whom}, who may not enter {closed}. "
        f"Let others pass through that folder again (chmod o+x {closed}), or move the checkout to "
        f"an open one; or delete {place.root} to begin with an empty database."
    )


def open_fallback_root(root: Path) -> bool:
    """Create the root if it is missing; False when it cannot be trusted or cannot be created."""
    try:
        _make_our_folder(root)
        found = root.lstat()
    except OSError:
        return False
    # In the temporary folder anybody may have made a folder of this name before us.
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    return ours and not found.st_mode & 0o022


def _make_our_folder(folder: Path) -> None:
    try:
        folder.mkdir()
    except FileExistsError:
        return
    # The umask of the person may be stricter than what the account needs.
    folder.chmod(OUR_FOLDER_MODE)


def _name_of(data_dir: Path, secret: str) -> str:
    # The secret is part of the name, so that a data directory which was deleted and made again
    # begins anew, as it would if everything lay inside it.
    return hashlib.sha256(f"{data_dir}\n{secret}".encode()).hexdigest()[:16]


def _prepare(place: Place, account: ServerAccount | None) -> bool:
    """Create the draft folder, hand it to the account, and see whether the account gets there."""
    # A draft that is here already is what an interrupted start left behind.
    shutil.rmtree(place.draft, ignore_errors=True)
    try:
        place.draft.mkdir(mode=0o700)
        if account is not None:
            os.chown(place.draft, account.uid, account.gid)
    except OSError:
        # Some mounted folders refuse new owners, or new folders altogether.
        return False
    if find_closed_folder(account, place.draft) is None:
        return True
    place.draft.rmdir()
    return False
