"""What an installation decides about exports."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import cast

from flask import current_app

EXPORTS = "ballast.exports"


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """`folder` holds the files, at most `max_bytes` of them in all, each for `kept`.

    Web and worker share the folder.
    """

    folder: Path
    max_bytes: int = 20_000 * 1024**2
    kept: timedelta = timedelta(hours=24)


def export_settings() -> ExportSettings:
    """Return the settings of the running app."""
    return cast("ExportSettings", current_app.extensions[EXPORTS])
