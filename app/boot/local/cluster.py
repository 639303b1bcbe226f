"""Making a cluster, and looking at the one that is there."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.boot.local.account import ServerAccount, run_as
from app.boot.local.binaries import PostgresBinaries
from app.boot.local.errors import LocalPostgresError
from app.boot.local.place import Place

OWNER = "ballast_owner"
NEEDED_BYTES = 300_000_000

_FIRST_MAJOR_WITH_BUILTIN_LOCALES = 17


def read_or_create_secret(path: Path) -> str:
    """The owner's password: generated once and readable by this user alone."""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_urlsafe(24))
    return path.read_text().strip()


def create_cluster(
    place: Place,
    binaries: PostgresBinaries,
    account: ServerAccount | None,
    secret: str,
    *,
    durable: bool,
) -> None:
    """Make a cluster in the draft folder and rename it when it is whole."""
    _require_room(place.root)
    complaints = []
    with _lent_secret(place, account, secret) as password_file:
        for locale in _list_locales(binaries):
            command = [
                str(binaries.bin_dir / "initdb"),
                f"--pgdata={place.draft}",
                f"--username={OWNER}",
                f"--pwfile={password_file}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--text-search-config=english",
                "--data-checksums",
                "--no-instructions",
                *locale,
                *([] if durable else ["--no-sync"]),
            ]
            outcome = run_as(account, command)
            if outcome.returncode == 0:
                place.draft.rename(place.cluster)
                return
            complaints.append(outcome.stderr.strip())
    raise LocalPostgresError(
        f"PostgreSQL could not create its data in {place.root}:\n{complaints[0]}\n"
        "Mend that and run the command again, or set DATABASE_URL."
    )


def _list_locales(binaries: PostgresBinaries) -> Iterator[list[str]]:
    """C.UTF-8; where the system lacks it, PostgreSQL's own copy of it on top of C."""
    builtin = binaries.major >= _FIRST_MAJOR_WITH_BUILTIN_LOCALES
    provider = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if builtin else []
    yield [*provider, "--locale=C.UTF-8"]
    yield [*provider, "--locale=C"]


@contextmanager
def _lent_secret(place: Place, account: ServerAccount | None, secret: str) -> Iterator[Path]:
    """A short-lived copy of the password that the server's account may read."""
    path = place.root / "initial-password"
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secret)
            if account is not None:
                os.fchown(handle.fileno(), account.uid, account.gid)
        yield path
    finally:
        path.unlink(missing_ok=True)


def _require_room(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < NEEDED_BYTES:
        raise LocalPostgresError(
            f"The disk of {folder} has {free // 1_000_000} MB left; a new database needs "
            f"{NEEDED_BYTES // 1_000_000} MB. Free some, or set BALLAST_DATA_DIR to another disk."
        )
