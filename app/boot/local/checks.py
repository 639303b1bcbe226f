"""What `flask doctor` looks at on this machine. Each probe answers; none raises."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from app.boot.local.binaries import OLDEST_MAJOR, find_postgres_binaries
from app.boot.local.errors import LocalSetupError
from app.boot.local.place import Place
from app.boot.local.socket_folder import choose_socket_folder

OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True)
class Check:
    """One answer: `detail` says what was found, `mend` what to do (empty when all is well)."""

    name: str
    ok: bool
    detail: str
    mend: str = ""


def check_python() -> Check:
    """The interpreter is new enough."""
    have = sys.version_info[:2]
    detail = ".".join(map(str, sys.version_info[:3]))
    if have >= OLDEST_PYTHON:
        return Check("Python", ok=True, detail=detail)
    wanted = ".".join(map(str, OLDEST_PYTHON))
    return Check(
        "Python",
        ok=False,
        detail=detail,
        mend=f"Install Python {wanted} or newer and run `make run`.",
    )


def check_postgres_programs() -> Check:
    """PostgreSQL's programs are here, from the wheel or from the system."""
    name = "PostgreSQL programs"
    try:
        found = find_postgres_binaries()
    except LocalSetupError as error:
        return Check(
            name,
            ok=False,
            detail=f"no PostgreSQL {OLDEST_MAJOR} or newer",
            mend=str(error),
        )
    return Check(name, ok=True, detail=f"{found.version} ({found.origin})")


def check_data_dir(data_dir: Path) -> Check:
    """The data directory, or the nearest folder above it that exists, can be written."""
    name = "Data directory"
    nearest = next(folder for folder in (data_dir, *data_dir.absolute().parents) if folder.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return Check(name, ok=True, detail=f"{data_dir} can be written")
    return Check(
        name,
        ok=False,
        detail=f"{nearest} cannot be written by this user",
        mend="Set BALLAST_DATA_DIR to a folder of yours.",
    )


def check_socket_path(data_dir: Path) -> Check:
    """The local database's socket can have a path that the kernel accepts."""
    name = "Socket path"
    place = Place(data_dir.absolute().resolve())
    try:
        folder = choose_socket_folder(place, secret="")
    except LocalSetupError as error:
        return Check(name, ok=False, detail="no path is short enough", mend=str(error))
    if folder.is_relative_to(place.root):
        return Check(name, ok=True, detail="inside the data directory")
    return Check(name, ok=True, detail=f"in a short folder under {folder.parent}")
