"""How large a file may be that is uploaded."""

from typing import cast

from flask import current_app

IMPORT_MB = "ballast.import_mb"
MB = 1024 * 1024
# Packed logs are ten to thirty times smaller than what they unpack to; ten times the limit of a
# plain file is enough for a full one.
_UNPACKED = 10


def max_upload_bytes() -> int:
    """Return how many bytes an uploaded file may have, as it is sent."""
    return cast("int", current_app.extensions[IMPORT_MB]) * MB


def max_unpacked_bytes() -> int:
    """Return how many bytes may come out of an uploaded file that is packed."""
    return max_upload_bytes() * _UNPACKED
