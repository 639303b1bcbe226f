"""The examples on the page of their contract: in frames, in both themes, at three widths."""

from collections.abc import Iterator
from typing import Any, Final

from flask import request, url_for

from app.design.call_text import write_call
from app.design.example_pages import THEMES, WIDTHS, address_of, height_of
from app.design.naming import slug_of, title_of
from components.contract import Contract, Example

USUAL_WIDTH: Final = 768
# Two frames of this width stand side by side on a laptop.
_NARROW: Final = 320


def examples_context(contract: Contract) -> dict[str, Any]:
    """Return what the template takes to show the examples, at the width that is asked for."""
    width, notices = _wanted_width()
    return {
        "notices": notices,
        "widths": [_width_link(contract, one, width) for one in WIDTHS],
        "columns": 2 if width <= _NARROW else None,
        "examples": [_example(contract, one, width) for one in contract.examples],
        "code": list(_code(contract)),
    }


def _wanted_width() -> tuple[int, list[str]]:
    """Return the width asked for; and what to say when it is none of ours."""
    asked = request.args.get("width", str(USUAL_WIDTH))
    if asked in map(str, WIDTHS):
        return int(asked), []
    widths = ", ".join(map(str, WIDTHS))
    return USUAL_WIDTH, [f"Frames are {widths} px wide; {USUAL_WIDTH} px are shown."]


def _width_link(contract: Contract, width: int, current: int) -> dict[str, Any]:
    href = url_for("design.contract", name=slug_of(contract.id), width=width)
    return {"label": f"{width} px", "href": href, "current": width == current}


def _example(contract: Contract, example: Example, width: int) -> dict[str, Any]:
    return {
        "title": _heading(example),
        "id": f"example-{slug_of(example.name)}",
        "frames": [_frame(contract, example, width, theme) for theme in THEMES],
    }


def _frame(contract: Contract, example: Example, width: int, theme: str) -> dict[str, Any]:
    address = address_of(contract, example, theme)
    return {
        "title": f"{title_of(contract.id)}, {example.name}, {theme}, {width} px",
        "caption": f"{theme.capitalize()} · {width} px",
        "src": address,
        "href": address,
        "width": width,
        "height": height_of(contract, example, width),
    }


def _code(contract: Contract) -> Iterator[dict[str, Any]]:
    for example in contract.examples:
        label = f"Code of {title_of(contract.id)}, {example.name}"
        yield {"type": "heading", "level": 3, "text": _heading(example)}
        yield {"type": "code", "text": write_call(contract, example), "label": label}


def _heading(example: Example) -> str:
    return example.name[:1].upper() + example.name[1:]
