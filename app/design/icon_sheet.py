"""All icons with their names, as one picture."""

import math
from typing import Any, Final
from xml.etree import ElementTree as ET

from flask import url_for

from app.design.drawing import Paint, begin, draw, write
from app.design.library import Library
from components.assets import build_sprite

CONTRACT: Final = "icon"
_COLUMNS: Final = 5
_CELL: Final = (204, 40)
_MARGIN: Final = 16
_SIDE: Final = 20


def sheet_size(books: Library) -> tuple[int, int]:
    """Return width and height of the sheet, in CSS pixels."""
    rows = math.ceil(len(books.registry.icons) / _COLUMNS)
    width, height = _CELL
    return 2 * _MARGIN + _COLUMNS * width, 2 * _MARGIN + rows * height


def sheet_props(books: Library) -> dict[str, Any]:
    """Return the sheet as the page shows it."""
    width, height = sheet_size(books)
    return {
        "title": "All icons",
        "meta": "Outlines of one set, drawn with one line; the names are those of the prop below.",
        "caption": f"At {_SIDE} px; on pages they have 16",
        "alt": "Each icon beside its name; the names are listed under Props",
        "src": url_for("design.icon_picture", theme="light"),
        "src_dark": url_for("design.icon_picture", theme="dark"),
        "width": width,
        "height": height,
    }


def draw_sheet(books: Library, theme: str) -> ET.Element:
    """Return the sheet: each icon of the sprite beside its name, by name, line by line."""
    paint = Paint(books, theme)
    root = begin(*sheet_size(books), "All icons", paint)
    # The shapes take the colour of what is around them, as they do on pages.
    root.set("color", paint.colour("color.fg.default"))
    names = sorted(books.registry.icons)
    root.extend(ET.fromstring(build_sprite(names)))  # noqa: S314 - made by us
    ink, font = paint.colour("color.fg.muted"), paint.font("mono")
    width, height = _CELL
    for number, name in enumerate(names):
        x = _MARGIN + number % _COLUMNS * width
        middle = _MARGIN + number // _COLUMNS * height + height / 2
        place = {"x": x, "y": middle - _SIDE / 2, "width": _SIDE, "height": _SIDE}
        draw(root, "use", href=f"#{name}", **place)
        words = {"x": x + _SIDE + 12, "y": middle + 4, "font_size": 12}
        write(root, name, **words, fill=ink, font_family=font)
    return root
