"""Turns design tokens into CSS custom properties for light, dark and reduced motion."""

from collections.abc import Iterable, Mapping
from typing import cast

from components.tokens.read import Token


def emit_css(tokens: Mapping[str, Token]) -> str:
    """The stylesheet that defines every token.

    Light is the ground; dark follows the reader's system unless `data-theme` on the root element
    says otherwise. Motion stops for people who ask for that.
    """
    changing = [token for token in tokens.values() if token.dark != token.value]
    light = _declarations((t.css_name, to_css(t.type, t.value)) for t in tokens.values())
    light_again = _declarations((t.css_name, to_css(t.type, t.value)) for t in changing)
    dark = _declarations((t.css_name, to_css(t.type, t.dark)) for t in changing)
    still = _declarations((t.css_name, "0ms") for t in tokens.values() if t.type == "duration")
    return "\n".join(
        [
            f":root{{color-scheme:light dark;{light}}}",
            f"@media (prefers-color-scheme: dark){{:root{{{dark}}}}}",
            f"[data-theme=light]{{color-scheme:light;{light_again}}}",
            f"[data-theme=dark]{{color-scheme:dark;{dark}}}",
            f"@media (prefers-reduced-motion: reduce){{:root{{{still}}}}}",
        ]
    )


def to_css(kind: str, value: object) -> str:
    """A token value as CSS writes it."""
    if kind in {"dimension", "duration"}:
        pair = cast("Mapping[str, object]", value)
        return f"{pair['value']}{pair['unit']}"
    if kind == "color":
        return _colour(cast("Mapping[str, object]", value))
    if kind == "fontFamily":
        names = cast("list[str]", value)
        return ",".join(f'"{name}"' if " " in name else name for name in names)
    if kind == "shadow":
        parts = cast("Mapping[str, Mapping[str, object]]", value)
        lengths = [to_css("dimension", parts[n]) for n in ("offsetX", "offsetY", "blur", "spread")]
        return " ".join([*lengths, _colour(parts["color"])])
    return str(value)


def _colour(value: Mapping[str, object]) -> str:
    alpha = value.get("alpha", 1)
    if alpha == 1:
        return str(value["hex"])
    channels = " ".join(
        str(round(channel * 255)) for channel in cast("list[float]", value["components"])
    )
    return f"rgb({channels} / {alpha})"


def _declarations(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(f"{name}:{value};" for name, value in pairs)
