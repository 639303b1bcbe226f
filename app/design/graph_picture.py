"""The dependency graph as an SVG document; each box leads to its page."""

from typing import Final
from xml.etree.ElementTree import Element

from app.design.drawing import Paint, begin, draw, write
from app.design.graph import TOKENS_LAYER
from app.design.graph_layout import (
    BOX_HEIGHT,
    BOX_WIDTH,
    COLUMN_GAP,
    HEAD,
    Box,
    Drawing,
    Line,
    Point,
)
from app.design.library import Library

TITLE: Final = "The dependency graph of the design system"
_MARKS: Final = {
    "tokens": "color.fg.muted",
    "components": "color.accent.emphasis",
    "patterns": "color.status.ai.fg",
    "content blocks": "color.status.success.fg",
    "page templates": "color.status.warning.fg",
}
# Longer names are cut: a box is as wide as its column.
_LETTERS: Final = 18
_MARK: Final = 4


def draw_document(books: Library, drawing: Drawing, theme: str, focus: str = "") -> Element:
    """Return the picture. With `focus`, the name of a vertex, only its own edges stand out."""
    paint = Paint(books, theme)
    root = begin(drawing.width, drawing.height, TITLE, paint)
    _draw_heads(root, drawing, paint)
    near = {focus}
    for line in drawing.lines:
        ends = {line.edge.user, line.edge.used}
        near |= ends if focus in ends else set()
        used = drawing.boxes[line.edge.used]
        _draw_line(root, line, used, paint, strength=_strength(used, focus, ends))
    for name, box in drawing.boxes.items():
        _draw_box(root, box, paint, is_faint=bool(focus) and name not in near)
    return root


def _strength(used: Box, focus: str, ends: set[str]) -> float:
    """How visible an edge is: those of tokens are many, and each says little."""
    if focus:
        return 1.0 if focus in ends else 0.05
    return 0.1 if used.vertex.layer == TOKENS_LAYER else 0.4


def _draw_heads(root: Element, drawing: Drawing, paint: Paint) -> None:
    layers = [layer for _x, layer in drawing.columns]
    counts = dict.fromkeys(layers, 0)
    for box in drawing.boxes.values():
        counts[box.vertex.layer] += 1
    for number, (x, layer) in enumerate(drawing.columns):
        if layer not in layers[:number]:
            words = f"{layer.capitalize()} · {counts[layer]}"
            place = {"x": x, "y": HEAD - 14}
            write(root, words, **place, fill=paint.colour("color.fg.muted"), font_size=12)


def _draw_line(root: Element, line: Line, used: Box, paint: Paint, *, strength: float) -> None:
    start, *rest = line.points
    path = [f"M{_at(start)}"]
    for number, point in enumerate(rest):
        # Into a lane and into a box in a curve, along a lane straight on.
        path.append(f"L{_at(point)}" if number % 2 else _curve(start, point))
        start = point
    draw(
        root,
        "path",
        d="".join(path),
        data_user=line.edge.user,
        data_used=line.edge.used,
        fill="none",
        stroke=paint.colour(_MARKS[used.vertex.layer]),
        stroke_width=1,
        stroke_opacity=strength,
    )


def _curve(start: Point, end: Point) -> str:
    (x1, y1), (x2, y2) = start, end
    # Between boxes of one column the edge leaves on the right and comes back there.
    bend = (x2 - x1) / 2 if x2 > x1 else COLUMN_GAP * 0.7
    first, last = (x1 + bend, y1), (x2 - bend if x2 > x1 else x2 + bend, y2)
    return f"C{_at(first)} {_at(last)} {_at(end)}"


def _at(point: Point) -> str:
    return f"{point[0]:g} {point[1]:g}"


def _draw_box(root: Element, box: Box, paint: Paint, *, is_faint: bool) -> None:
    vertex = box.vertex
    group = draw(root, "a", href=vertex.href) if vertex.href else draw(root, "g")
    if is_faint:
        group.set("opacity", "0.35")
    draw(group, "title").text = f"{vertex.title} ({vertex.layer})"
    place = {"x": box.x, "y": box.y, "height": BOX_HEIGHT}
    draw(
        group,
        "rect",
        **place,
        width=BOX_WIDTH,
        rx=4,
        fill=paint.colour("color.bg.raised"),
        stroke=paint.colour("color.border.default"),
    )
    draw(group, "rect", **place, width=_MARK, rx=2, fill=paint.colour(_MARKS[vertex.layer]))
    ink = "color.fg.link" if vertex.href else "color.fg.default"
    words = {"x": box.x + 12, "y": box.y + BOX_HEIGHT / 2 + 4.5, "font_size": 12}
    write(group, _cut(vertex.title), **words, fill=paint.colour(ink))


def _cut(words: str) -> str:
    return words if len(words) <= _LETTERS else f"{words[: _LETTERS - 1]}…"
