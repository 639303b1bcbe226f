"""The files of exports: one in the making is a `.part`, and only a whole one has its own name."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from app.audit.exports.errors import FileLost, NoRoom
from app.audit.exports.settings import ExportSettings

# One tenant leaves room for the others, and all of them some of the disk.
SHARE_OF_A_TENANT = 0.5
DISK_LEFT = 1024**3
_BLOCK = 1024**2
_PART, _WHOLE = ".part", ".export"


def whole_path(settings: ExportSettings, tenant_id: UUID, export_id: UUID) -> Path:
    """Return where the whole file of an export is, once it is there."""
    return settings.folder / str(tenant_id) / f"{export_id}{_WHOLE}"


def remove_files(settings: ExportSettings, tenant_id: UUID, export_id: UUID) -> None:
    """Delete the file of an export, whole or not; nothing happens when there is none."""
    path = whole_path(settings, tenant_id, export_id)
    for each in (path, path.with_suffix(_PART)):
        each.unlink(missing_ok=True)


def list_files(settings: ExportSettings, tenant_id: UUID) -> list[tuple[UUID, Path]]:
    """Return the files of a tenant, each with the id of its export."""
    return list(_files_in(settings.folder / str(tenant_id)))


def require_room(settings: ExportSettings, tenant_id: UUID) -> None:
    """Raise `NoRoom` when the exports of the tenant, or of all, fill the place they have."""
    sizes = {
        folder.name: sum(_size(path) for _id, path in _files_in(folder))
        for folder in _folders(settings.folder)
    }
    theirs = sizes.get(str(tenant_id), 0)
    if theirs > settings.max_bytes * SHARE_OF_A_TENANT:
        raise NoRoom("The place for exports of this tenant is full. Delete one that is done with.")
    settings.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    is_full = shutil.disk_usage(settings.folder).free < DISK_LEFT
    if is_full or sum(sizes.values()) > settings.max_bytes:
        raise NoRoom("The place for exports is full. Try again when older ones have expired.")


class PartFile:
    """A file in the making, with the hash of what is in it so far."""

    def __init__(self, whole: Path) -> None:
        self._whole = whole
        self._part = whole.with_suffix(_PART)
        self._hash = sha256()
        whole.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if whole.exists() and not self._part.exists():
            # It was whole already when the process was stopped, before anybody was told.
            whole.rename(self._part)
        self._file = os.fdopen(os.open(self._part, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
        self.size = 0

    def keep(self, size: int) -> None:
        """Go on behind the first bytes; raises `FileLost` when there are not so many."""
        self._hash, self.size = sha256(), 0
        self._file.seek(0)
        while self.size < size:
            block = self._file.read(min(_BLOCK, size - self.size))
            if not block:
                raise FileLost
            self._hash.update(block)
            self.size += len(block)
        self._file.truncate(size)

    def write(self, block: bytes) -> None:
        """Append to the file."""
        self._file.write(block)
        self._hash.update(block)
        self.size += len(block)

    def sync(self) -> None:
        """Return once everything written is on the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Let go of the file, as it is."""
        self._file.close()

    def finish(self) -> str:
        """Give the file its own name, whole and on the disk; return its SHA-256 in hex."""
        self.sync()
        self.close()
        self._part.rename(self._whole)
        descriptor = os.open(self._whole.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return self._hash.hexdigest()


def _folders(folder: Path) -> list[Path]:
    return [each for each in folder.iterdir() if each.is_dir()] if folder.is_dir() else []


def _files_in(folder: Path) -> Iterator[tuple[UUID, Path]]:
    for path in folder.iterdir() if folder.is_dir() else ():
        # Whatever else somebody put there is not ours.
        with suppress(ValueError):
            yield UUID(path.stem), path


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        # Deleted since the folder was read.
        return 0
