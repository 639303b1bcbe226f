"""Draws SVG documents: elements with presentation attributes, in the colours of a theme.

There is no style and no script in them, so they stand under the strict content security policy.
"""

from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import Response

from app.design.library import Library
from components.tokens.emit import to_css

SVG: Final = "http://www.w3.org/2000/svg"

Value = str | float | int


class Paint:
    """The tokens of one theme, as the values that a picture needs."""

    def __init__(self, books: Library, theme: str) -> None:
        self._tokens = books.tokens
        self.is_dark = theme == "dark"

    def colour(self, path: str) -> str:
        """Return a colour token as CSS writes it."""
        token = self._tokens[path]
        return to_css(token.type, token.dark if self.is_dark else token.value)

    def font(self, name: str) -> str:
        """Return a font stack; `name` is `sans` or `mono`."""
        return to_css("fontFamily", self._tokens[f"font.family.{name}"].value)


def begin(width: int, height: int, title: str, paint: Paint) -> Element:
    """Begin a document of that size, on the page's own ground."""
    root = Element(
        "svg",
        {
            "xmlns": SVG,
            "viewBox": f"0 0 {width} {height}",
            "width": str(width),
            "height": str(height),
            "font-family": paint.font("sans"),
            "font-size": "13",
        },
    )
    draw(root, "title").text = title
    draw(root, "rect", width=width, height=height, fill=paint.colour("color.bg.canvas"))
    return root


def draw(parent: Element, tag: str, **attributes: Value) -> Element:
    """Add an element; `stroke_width` becomes `stroke-width`."""
    named = {key.replace("_", "-"): str(value) for key, value in attributes.items()}
    return SubElement(parent, tag, named)


def write(parent: Element, words: str, **attributes: Value) -> Element:
    """Add words."""
    text = draw(parent, "text", **attributes)
    text.text = words
    return text


def answer(root: Element) -> Response:
    """Answer with the document."""
    return Response(tostring(root, encoding="unicode"), mimetype="image/svg+xml")
