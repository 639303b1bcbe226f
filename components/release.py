"""The release that contracts speak of: the project's own version."""

import tomllib
from pathlib import Path
from typing import Final

PROJECT_FILE: Final = Path(__file__).parent.parent / "pyproject.toml"

Version = tuple[int, int, int]


def read_release(file: Path = PROJECT_FILE) -> str:
    """The version in the project file, as it stands there."""
    project: dict[str, str] = tomllib.loads(file.read_text("utf-8"))["project"]
    return project["version"]


def parse_version(text: str) -> Version:
    """A semantic version as numbers that can be compared."""
    major, minor, patch = (int(part) for part in text.split("."))
    return major, minor, patch
