"""The system account that runs PostgreSQL.

PostgreSQL refuses to run as root. A plain user runs it as themselves (`None` below); root lends the
work to an account that exists already. No account is ever created.
"""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from app.boot.local.errors import LocalPostgresError

PREFERRED_ACCOUNTS = ("postgres", "nobody")

# Prints the first folder that may not be entered. `test` asks the kernel, so it also sees access
# lists and mount options, which reading mode bits would miss.
_FIRST_CLOSED_FOLDER = 'for folder do [ -x "$folder" ] || { printf %s "$folder"; exit; }; done'


@dataclass(frozen=True)
class ServerAccount:
    """An existing system user, seen by its user and group number."""

    name: str
    uid: int
    gid: int


def find_server_account(cluster: Path) -> ServerAccount | None:
    """The account to run the server as; None for "as the present user".

    A cluster that exists already stays with its owner: PostgreSQL accepts nobody else.
    """
    if os.geteuid() != 0:
        return None
    if cluster.exists() and (owner := cluster.stat().st_uid) != 0:
        return _account_of(owner)
    for name in PREFERRED_ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return ServerAccount(name, entry.pw_uid, entry.pw_gid)
    raise LocalPostgresError(
        "PostgreSQL refuses to run as root, and this system has neither a user `postgres` nor "
        "`nobody` to run it as. Run this command as a plain user, or set DATABASE_URL to a "
        "PostgreSQL 16 or newer."
    )


def _account_of(uid: int) -> ServerAccount:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        # In a container the owner of a mounted folder often has a number but no name.
        return ServerAccount(f"user {uid}", uid, uid)
    return ServerAccount(entry.pw_name, uid, entry.pw_gid)


def run_as(
    account: ServerAccount | None,
    command: list[str],
    *,
    timeout_seconds: float = 120,
) -> subprocess.CompletedProcess[str]:
    """Run `command` as the account and return its outcome with both outputs as text."""
    lent_to = (
        {"user": account.uid, "group": account.gid, "extra_groups": []}
        if account is not None
        else {}
    )
    try:
        outcome: subprocess.CompletedProcess[str] = subprocess.run(  # noqa: S603 - the commands are our own and no shell reads them
            command,
            cwd="/",
            env=_quiet_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout_seconds,
            check=False,
            **lent_to,  # type: ignore[call-overload] # mypy cannot see the keys of the dict
        )
    except subprocess.TimeoutExpired as error:
        raise LocalPostgresError(
            f"{command[0]} did not finish within {timeout_seconds:.0f} seconds. "
            "Is the disk very slow or full? Try again, or set DATABASE_URL."
        ) from error
    except OSError as error:
        whom = f" as {account.name}" if account is not None else ""
        raise LocalPostgresError(
            f"{command[0]} cannot be run{whom}: {error.strerror}. Run this command as a "
            "plain user, or set DATABASE_URL to a PostgreSQL 16 or newer."
        ) from error
    return outcome


def find_closed_folder(account: ServerAccount | None, path: Path) -> Path | None:
    """The first folder from the root down to `path` itself that the account may not enter."""
    folders = [str(folder) for folder in (*reversed(path.parents), path)]
    outcome = run_as(account, ["/bin/sh", "-c", _FIRST_CLOSED_FOLDER, "sh", *folders])
    return Path(outcome.stdout) if outcome.stdout else None


def _quiet_environment() -> dict[str, str]:
    """The environment without the PG* settings of the person's own databases, and with English."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C"}
