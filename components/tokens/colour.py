"""The colour that a browser shows for a token: three channels from 0 to 1, read from its hex."""

from collections.abc import Mapping
from typing import cast

Channels = tuple[float, float, float]


def read_channels(value: object) -> Channels:
    """Red, green and blue of a colour value, each from 0 to 1."""
    digits = cast("Mapping[str, str]", value)["hex"].removeprefix("#")
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue
