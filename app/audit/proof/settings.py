"""What an installation decides about the seal of its logs."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

from flask import current_app

SEAL = "ballast.seal"


@dataclass(frozen=True, slots=True)
class SealSettings:
    """`host` begins the names of new logs; `keys` is the folder of the signing keys.

    Where `makes_key` is set and the folder holds no key, one is made: a fresh clone seals from
    its first minute. Checkpoints are published to a folder, an address, both or neither.
    """

    host: str
    keys: Path
    makes_key: bool = False
    publish_folder: Path | None = None
    publish_url: str | None = None


def seal_settings() -> SealSettings:
    """Return the settings of the running app."""
    return cast("SealSettings", current_app.extensions[SEAL])
