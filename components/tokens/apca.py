"""Lightness contrast (Lc) by the published APCA formula, as a report beside the WCAG ratio.

This is our own implementation of the formula and constants published as APCA-W3 0.1.9 (constants
0.0.98G-4g). It is no part of WCAG 2.2 and nothing here passes or fails by it: APCA was explored
for WCAG 3 and is not a standard. It is shown because the WCAG 2 ratio is known to flatter pairs of
dark colours, which matters in a dark theme. "APCA" is its author's name for the method; no
conformance to the method is claimed.
"""

from typing import Final

from components.tokens.colour import Channels

EXPONENT: Final = 2.4
WEIGHTS: Final = (0.2126729, 0.7151522, 0.0721750)
# Screens show nothing quite black; very dark colours count as a little lighter.
BLACK_BELOW: Final = 0.022
BLACK_EXPONENT: Final = 1.414
# Exponents of background and text, for dark text on light and for light text on dark.
DARK_ON_LIGHT: Final = (0.56, 0.57)
LIGHT_ON_DARK: Final = (0.65, 0.62)
SCALE: Final = 1.14
OFFSET: Final = 0.027
NO_DIFFERENCE: Final = 0.0005
NO_CONTRAST: Final = 0.1


def measure_lightness_contrast(text: Channels, background: Channels) -> float:
    """The Lc of text on a background: 0 to 106 for dark on light, 0 to -108 for light on dark.

    Both are opaque sRGB colours with channels from 0 to 1. As a rough guide of its author, 75 suits
    running text, 60 other text, and 30 is the least for anything that should be seen.
    """
    front, back = _screen_luminance(text), _screen_luminance(background)
    if abs(back - front) < NO_DIFFERENCE:
        return 0.0
    behind, before = DARK_ON_LIGHT if back > front else LIGHT_ON_DARK
    contrast: float = (back**behind - front**before) * SCALE
    if abs(contrast) < NO_CONTRAST:
        return 0.0
    return (contrast - OFFSET if contrast > 0 else contrast + OFFSET) * 100


def _screen_luminance(channels: Channels) -> float:
    luminance: float = sum(
        weight * channel**EXPONENT for weight, channel in zip(WEIGHTS, channels, strict=True)
    )
    if luminance < BLACK_BELOW:
        luminance += (BLACK_BELOW - luminance) ** BLACK_EXPONENT
    return luminance
