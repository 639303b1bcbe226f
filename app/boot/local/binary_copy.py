"""A copy of the wheel's programs for an account that cannot reach the originals.

Root's virtual environment often lies in a folder that is closed to others, and we do not open
folders that are not ours. The copy belongs to root, so the account that runs it cannot change it.
"""

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from app.boot.local.account import ServerAccount, run_as
from app.boot.local.binaries import PostgresBinaries
from app.boot.local.errors import LocalPostgresError
from app.boot.local.place import open_fallback_root

# What a server needs; headers and static libraries would double the size.
_PARTS_OF_AN_INSTALLATION = ("bin", "lib/postgresql", "share")
# Where the tools that build wheels put the libraries that the programs load by relative path.
_LIBRARY_FOLDERS_BESIDE = ("{package}.libs", "{package}/.dylibs")


def get_runnable_binaries(
    binaries: PostgresBinaries,
    account: ServerAccount | None,
    fallback_roots: Iterable[Path],
) -> PostgresBinaries:
    """The same programs at a place where the account can run them, copied there when it must be."""
    if _runs_as(account, binaries):
        return binaries
    if account is None or not binaries.from_wheel:
        raise LocalPostgresError(
            f"PostgreSQL in {binaries.bin_dir} cannot be run by "
            f"{account.name if account else 'this user'}. Install PostgreSQL 16 or newer for all "
            "users, or set DATABASE_URL."
        )
    for root in fallback_roots:
        if not open_fallback_root(root):
            continue
        copy = _copy_once(binaries, root)
        if _runs_as(account, copy):
            return copy
    raise LocalPostgresError(
        f"{account.name} cannot run PostgreSQL from {binaries.bin_dir}, nor from a copy in "
        f"{' or '.join(map(str, fallback_roots))}. Run this command as a plain user, or set "
        "DATABASE_URL."
    )


def _runs_as(account: ServerAccount | None, binaries: PostgresBinaries) -> bool:
    """True when the account can run the programs and read what a new cluster is made from."""
    bin_dir = binaries.bin_dir
    script = (
        '"$1/initdb" --version && "$1/postgres" --version && "$1/pg_ctl" --version'
        ' && [ ! -d "$1/../share/postgresql" -o -r "$1/../share/postgresql/postgres.bki" ]'
    )
    return run_as(account, ["/bin/sh", "-c", script, "sh", str(bin_dir)]).returncode == 0


def _copy_once(binaries: PostgresBinaries, root: Path) -> PostgresBinaries:
    """Copy the tree under a name that tells its version; a finished copy is never touched again."""
    installation = binaries.bin_dir.parent
    package = installation.parent
    name = f"postgresql-{binaries.version}-{binaries.origin.replace(' ', '-')}"
    copied = replace(
        binaries, bin_dir=root / name / package.name / installation.name / binaries.bin_dir.name
    )
    if (root / name).exists():
        return copied
    draft = Path(tempfile.mkdtemp(prefix=".copying-", dir=root))
    try:
        _copy_tree(package, installation, draft)
        _open_to_readers(draft)
        # Somebody else may have finished first; theirs is the same.
        if not (root / name).exists():
            draft.rename(root / name)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return copied


def _copy_tree(package: Path, installation: Path, draft: Path) -> None:
    for part in _PARTS_OF_AN_INSTALLATION:
        source = installation / part
        shutil.copytree(source, draft / package.name / installation.name / part)
    for pattern in _LIBRARY_FOLDERS_BESIDE:
        beside = pattern.format(package=package.name)
        if (package.parent / beside).is_dir():
            shutil.copytree(package.parent / beside, draft / beside)


def _open_to_readers(tree: Path) -> None:
    """Let everybody read and run the copy, however strict the umask is that made it."""
    for path in (tree, *tree.rglob("*")):
        runnable = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if runnable else 0o644)
