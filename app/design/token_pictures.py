"""What tokens look like that are no colours: type, space, sizes, corners, edges, shadows."""

from collections.abc import Callable, Sequence
from typing import Any, Final, cast
from xml.etree.ElementTree import Element

from app.design.drawing import Paint, begin, draw, write
from app.design.library import Library
from app.design.naming import group_of
from components.tokens.emit import to_css
from components.tokens.read import Token

WIDTH: Final = 640
_MARGIN: Final = 20
_WORDS_AT: Final = 150
_ROOT_PX: Final = 16
_SAMPLE: Final = "214 events, 9 failed. Nothing was lost."

Row = Callable[[Element, Token, int, Paint], None]


def size_of(books: Library, group: str) -> tuple[int, int]:
    """Return width and height of a group's picture, in CSS pixels."""
    step, _draw_row = PICTURES[group]
    return WIDTH, 2 * _MARGIN + step * len(_members(books, group))


def draw_group(books: Library, group: str, theme: str) -> Element:
    """Return the picture of a group: a row for each token, its name on the left."""
    paint = Paint(books, theme)
    step, draw_row = PICTURES[group]
    root = begin(*size_of(books, group), f"The {group} tokens", paint)
    for number, token in enumerate(_members(books, group)):
        top = _MARGIN + number * step
        name = token.path.partition(".")[2] or token.path
        ink = paint.colour("color.fg.muted")
        write(root, name, x=_MARGIN, y=top + step / 2 + 4, font_size=12, fill=ink)
        draw_row(root, token, top + step // 2, paint)
    return root


def _members(books: Library, group: str) -> Sequence[Token]:
    return [token for token in books.tokens.values() if group_of(token.path) == group]


def pixels(value: object) -> float:
    """Return a dimension in CSS pixels, as a browser shows it at its usual text size."""
    pair = cast("dict[str, Any]", value)
    return float(pair["value"]) * (_ROOT_PX if pair["unit"] == "rem" else 1)


def _font(root: Element, token: Token, middle: int, paint: Paint) -> None:
    ink = paint.colour("color.fg.default")
    style: dict[str, str | float] = {"font_size": 16}
    if token.type == "fontFamily":
        style["font_family"] = to_css(token.type, token.value)
    else:
        style["font_size"] = pixels(token.value)
    write(root, _SAMPLE, x=_WORDS_AT, y=middle + _offset(style), fill=ink, **style)


def _offset(style: dict[str, str | float]) -> float:
    """Return how far below the middle the words stand, so that they look centred."""
    return float(style["font_size"]) * 0.35


def _weight(root: Element, token: Token, middle: int, paint: Paint) -> None:
    ink = paint.colour("color.fg.default")
    weight = str(token.value)
    write(root, _SAMPLE, x=_WORDS_AT, y=middle + 6, fill=ink, font_size=16, font_weight=weight)


def _leading(root: Element, token: Token, middle: int, paint: Paint) -> None:
    ink, step = paint.colour("color.fg.default"), float(cast("float", token.value)) * 14
    for line, words in enumerate(("What needs you today:", "4 summaries to review,", _SAMPLE)):
        write(root, words, x=_WORDS_AT, y=middle + 5 + (line - 1) * step, fill=ink, font_size=14)


def _bar(root: Element, token: Token, middle: int, paint: Paint) -> None:
    length = pixels(token.value)
    fill = paint.colour("color.accent.emphasis")
    draw(root, "rect", x=_WORDS_AT, y=middle - 6, width=length, height=12, fill=fill)
    place = {"x": _WORDS_AT + length + 12, "y": middle + 4, "font_size": 12}
    write(root, to_css(token.type, token.value), **place, fill=paint.colour("color.fg.muted"))


def _box(root: Element, token: Token, middle: int, paint: Paint) -> None:
    side = pixels(token.value)
    fill, edge = paint.colour("color.bg.selected"), paint.colour("color.border.control")
    box = {"x": _WORDS_AT, "y": middle - min(side, 32) / 2, "height": min(side, 32)}
    draw(root, "rect", **box, width=side, fill=fill, stroke=edge)


def _corner(root: Element, token: Token, middle: int, paint: Paint) -> None:
    fill, edge = paint.colour("color.bg.subtle"), paint.colour("color.border.control")
    box = {"x": _WORDS_AT, "y": middle - 20, "width": 120, "height": 40}
    draw(root, "rect", **box, rx=pixels(token.value), fill=fill, stroke=edge)


def _edge(root: Element, token: Token, middle: int, paint: Paint) -> None:
    ink, thick = paint.colour("color.fg.default"), pixels(token.value)
    draw(root, "rect", x=_WORDS_AT, y=middle - thick / 2, width=240, height=thick, fill=ink)


def _shadow(root: Element, token: Token, middle: int, paint: Paint) -> None:
    parts = cast("dict[str, Any]", token.dark if paint.is_dark else token.value)
    name = token.path.replace(".", "-")
    # The blur of CSS is twice the standard deviation of a filter.
    shadow = draw(root, "filter", id=name, x="-50%", y="-100%", width="200%", height="400%")
    draw(
        shadow,
        "feDropShadow",
        dx=pixels(parts["offsetX"]),
        dy=pixels(parts["offsetY"]),
        stdDeviation=pixels(parts["blur"]) / 2,
        flood_color=parts["color"]["hex"],
        flood_opacity=parts["color"].get("alpha", 1),
    )
    fill, edge = paint.colour("color.bg.raised"), paint.colour("color.border.default")
    box = {"x": _WORDS_AT, "y": middle - 26, "width": 200, "height": 52, "rx": 8}
    draw(root, "rect", **box, fill=fill, stroke=edge, filter=f"url(#{name})")


# The height of a row, and what stands in it.
PICTURES: Final[dict[str, tuple[int, Row]]] = {
    "font": (44, _font),
    "weight": (40, _weight),
    "leading": (92, _leading),
    "space": (28, _bar),
    "size": (48, _box),
    "radius": (60, _corner),
    "border-width": (32, _edge),
    "shadow": (104, _shadow),
}
