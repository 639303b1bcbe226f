"""JSON Pointers (RFC 6901): the address of one part of what was sent."""

from collections.abc import Iterable

MAX_TOKEN = 120


def pointer(path: Iterable[str | int]) -> str:
    """Return the pointer to a path; names that no contract would allow are cut."""
    return "".join(f"/{_token(part)}" for part in path)


def _token(part: str | int) -> str:
    return str(part)[:MAX_TOKEN].replace("~", "~0").replace("/", "~1")
