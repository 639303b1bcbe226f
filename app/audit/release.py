"""Which release of the code is running; stamped on every event."""

import functools
from importlib import metadata
from pathlib import Path

_VERSION_FILE = Path(__file__).parents[2] / "pyproject.toml"


@functools.cache
def current_release() -> str:
    """Return the version of the running code, from the project's own metadata."""
    try:
        return metadata.version("ballast")
    except metadata.PackageNotFoundError:
        return _declared_version()


def _declared_version() -> str:
    for line in _VERSION_FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("version = "):
            return line.split('"')[1]
    raise RuntimeError("pyproject.toml names no version.")
