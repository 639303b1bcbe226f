"""WCAG 2.2 contrast of the token pairs that the tokens themselves promise."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from components.tokens.read import Token


@dataclass(frozen=True, slots=True)
class Pair:
    """A measured pair: `ratio` is the WCAG contrast ratio, 1 to 21."""

    theme: str
    foreground: str
    background: str
    ratio: float
    minimum: float

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
                yield Pair(theme, token.path, other.path, _ratio(one, two), promise.minimum)


def _ratio(one: object, two: object) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: object) -> float:
    # The formula of WCAG 2.2, "relative luminance".
    components = cast("Mapping[str, list[float]]", colour)["components"]
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - constants of the standard
        for channel in components
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
