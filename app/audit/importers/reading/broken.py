"""Saying that the rest of a file cannot be read."""


class FileBroken(Exception):
    """Nothing behind this place can be read; `reason` holds nothing of the file."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
