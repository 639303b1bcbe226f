"""Examples: each alone in a document of its own, and how high that is."""

import dataclasses
import json
from pathlib import Path
from typing import Final, cast

from flask import Response, current_app, make_response, url_for

from app.design.naming import slug_of, title_of
from components.calling import Ui
from components.contract import Contract, Example
from components.examples import render_example

# CSS pixels: a small phone, a tablet, a laptop.
WIDTHS: Final = (320, 768, 1280)
THEMES: Final = ("light", "dark")
# What an example is given that nobody has measured, the most that one gets, and the least that
# shows a whole page.
USUAL_HEIGHT: Final = 240
MOST_HEIGHT: Final = 720
WHOLE_PAGE_HEIGHT: Final = 560
HEIGHTS_FILE: Final = Path(__file__).parent / "frame_heights.json"

Heights = dict[str, dict[str, dict[str, int]]]


def render_part(contract: Contract, example: Example) -> Response:
    """Answer with the example alone."""
    ui = cast("Ui", current_app.jinja_env.globals["ui"])
    return make_response(render_example(ui, contract, example))


def render_document(contract: Contract, example: Example, theme: str) -> Response:
    """Answer with a document in which only this example stands, with the real browser files."""
    ui = cast("Ui", current_app.jinja_env.globals["ui"])
    if example.whole_page:
        themed = dataclasses.replace(example, props={**example.props, "theme": theme})
        return make_response(render_example(ui, contract, themed))
    body = render_example(ui, contract, example)
    title = f"{title_of(contract.id)}: {example.name}"
    html = ui.page_shell(
        title=title,
        layout="bare",
        theme=theme,
        # The page of an example needs one heading, and most examples bring none.
        heading=None if "<h1" in body else title,
        caller=lambda: body,
    )
    return make_response(html)


def address_of(contract: Contract, example: Example, theme: str) -> str:
    """Return where the example stands alone."""
    return url_for(
        "design.example", name=slug_of(contract.id), example=slug_of(example.name), theme=theme
    )


def height_of(contract: Contract, example: Example, width: int) -> int:
    """Return how high the frame is, in CSS pixels; measured, so that nothing moves on loading."""
    if example.whole_page:
        return WHOLE_PAGE_HEIGHT
    measured = _read_heights().get(contract.id, {}).get(example.name, {})
    return min(measured.get(str(width), USUAL_HEIGHT), MOST_HEIGHT)


def _read_heights() -> Heights:
    known = current_app.extensions
    if "ballast.frame_heights" not in known:
        found = json.loads(HEIGHTS_FILE.read_text("utf-8")) if HEIGHTS_FILE.exists() else {}
        known["ballast.frame_heights"] = found
    return cast("Heights", known["ballast.frame_heights"])
