"""WCAG 2.2 contrast of the token pairs that the tokens themselves promise."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from components.tokens.apca import measure_lightness_contrast
from components.tokens.colour import Channels, read_channels
from components.tokens.read import Token

# The constants of "relative luminance" and "contrast ratio" in WCAG 2.2.
KNEE: Final = 0.04045
WEIGHTS: Final = (0.2126, 0.7152, 0.0722)
FLARE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Pair:
    """A measured pair.

    `ratio` is the WCAG contrast ratio, 1 to 21, and decides; `lightness_contrast` is APCA's Lc,
    -108 to 106, negative for light on dark, and only reports.
    """

    theme: str
    foreground: str
    background: str
    ratio: float
    minimum: float
    lightness_contrast: float

    @property
    def kept(self) -> bool:
        return self.ratio >= self.minimum


def list_pairs(tokens: Mapping[str, Token]) -> Iterator[Pair]:
    """Every promised pair, measured in both themes."""
    for token in tokens.values():
        for promise in token.contrast:
            other = tokens[promise.against]
            for theme, one, two in (
                ("light", token.value, other.value),
                ("dark", token.dark, other.dark),
            ):
                front, back = read_channels(one), read_channels(two)
                yield Pair(
                    theme=theme,
                    foreground=token.path,
                    background=other.path,
                    ratio=measure_ratio(front, back),
                    minimum=promise.minimum,
                    lightness_contrast=measure_lightness_contrast(front, back),
                )


def measure_ratio(one: Channels, two: Channels) -> float:
    """The WCAG 2.2 contrast ratio of two colours, 1 to 21, whichever stands in front."""
    lighter, darker = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (lighter + FLARE) / (darker + FLARE)


def _luminance(channels: Channels) -> float:
    linear = (
        channel / 12.92 if channel <= KNEE else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    )
    return sum(weight * channel for weight, channel in zip(WEIGHTS, linear, strict=True))
