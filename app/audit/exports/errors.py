"""What can keep an export from being made."""

from app.kernel.problems import Refused


class NoRoom(Refused):
    """The place for exports is full."""


class ExportWaits(Refused):
    """Somebody has as many exports under way as they may."""


class ExportEnded(Refused):
    """It is too late for what was asked of an export."""


class FileLost(Exception):
    """The file of an export is not what the database says of it."""
