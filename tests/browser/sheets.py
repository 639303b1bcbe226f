"""Every example of the design system on sheets that a browser can look at.

Examples of one contract share a sheet as far as one document may hold them: two things of one id,
two landmarks of one name, or two first headings are never put together, so that what is found on
a sheet is found of an example, and not of its neighbours.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

import html5lib
import jinja2
from flask import Flask, Response, render_template

from app.kernel.content_policy import write_policy
from components.contract import Contract, Example
from components.examples import render_example
from components.flask_ui import install
from components.registry import Registry
from tests.support.html import words
from tests.support.live_app import serving

TEMPLATE = """
{% call ui.page_shell(title=sheet.name) %}
{% if not sheet.has_heading %}{{ ui.page_header(title=sheet.name) }}{% endif %}
{% for shown in sheet.shown %}<div data-example="{{ shown.example.name }}">{{ shown.html }}</div>
{% endfor %}{% endcall %}
"""
# A component may show a page in a frame, as the gallery does.
POLICY = write_policy(frame_src="'self'")
LANDMARKS = {"aside", "nav", "search", "form", "section"}
ROLES = {"banner", "complementary", "contentinfo", "form", "main", "navigation", "region", "search"}


@dataclass(frozen=True)
class Shown:
    """One example and its HTML; `marks` are what a document can hold only once."""

    contract: Contract
    example: Example
    html: str
    marks: frozenset[str]

    @property
    def name(self) -> str:
        return f"{self.contract.id}: {self.example.name}"


@dataclass
class Sheet:
    """Examples of one contract that may stand in one document."""

    name: str
    address: str
    shown: list[Shown] = field(default_factory=list)

    @property
    def has_heading(self) -> bool:
        return any("h1" in shown.marks for shown in self.shown)

    @property
    def is_whole_page(self) -> bool:
        return any(shown.example.whole_page for shown in self.shown)

    def has_room_for(self, shown: Shown) -> bool:
        taken = {mark for other in self.shown for mark in other.marks}
        return not shown.example.whole_page and not self.is_whole_page and not taken & shown.marks


@dataclass(frozen=True)
class Gallery:
    """The sheets, and the app that serves them with the product's own files and policy."""

    app: Flask
    registry: Registry
    sheets: list[Sheet]

    @contextmanager
    def open(self) -> Iterator[str]:
        """Serve the sheets; yield the address they are at."""
        # What failed is in the findings; a line for each file would bury it.
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        with serving(self.app) as address:
            yield address


def make_gallery(only: str | None = None, *, together: bool = True) -> Gallery:
    """Lay out every example of every contract, or of one; together, or each on its own sheet."""
    app = Flask(__name__, static_folder=None)
    app.jinja_env.loader = jinja2.DictLoader({"sheet.html": TEMPLATE})
    registry = install(app)
    sheets: list[Sheet] = []
    for contract in registry:
        if only in (None, contract.id):
            sheets += _lay_out(contract, app.jinja_env.globals["ui"], together=together)
    by_address = {sheet.address: sheet for sheet in sheets}

    @app.get("/sheets/<contract>/<int:number>")
    def sheet(contract: str, number: int) -> Response:
        sheet = by_address[f"/sheets/{contract}/{number}"]
        whole = sheet.is_whole_page
        page = sheet.shown[0].html if whole else render_template("sheet.html", sheet=sheet)
        return Response(page, headers={"Content-Security-Policy": POLICY})

    @app.get("/<path:anything>")
    def nothing(anything: str) -> Response:
        """What examples ask for while they are looked at: states poll, pictures load."""
        return Response(status=204)

    return Gallery(app, registry, sheets)


def _lay_out(contract: Contract, ui: object, *, together: bool) -> list[Sheet]:
    sheets: list[Sheet] = []
    for example in contract.examples:
        html = render_example(ui, contract, example)
        shown = Shown(contract, example, html, frozenset(_marks(html)))
        rooms = (sheet for sheet in sheets if together and sheet.has_room_for(shown))
        sheet = next(rooms, None)
        if sheet is None:
            number = len(sheets) + 1
            sheet = Sheet(f"{contract.id} {number}", f"/sheets/{contract.id}/{number}")
            sheets.append(sheet)
        sheet.shown.append(shown)
    return sheets


def _marks(html: str) -> Iterator[str]:
    """What a document can hold only once of what an example brings into it."""
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    by_id = {element.get("id"): element for element in elements}
    for element in elements:
        if element.get("id"):
            yield f"id {element.get('id')}"
        if element.get("type") == "radio":
            yield f"radio {element.get('name')}"
        if element.tag == "h1":
            yield "h1"
        if element.tag in LANDMARKS or element.get("role") in ROLES:
            yield f"{element.get('role') or element.tag} {_label(element, by_id)}"


def _label(element: Element, by_id: dict[str | None, Element]) -> str:
    if label := element.get("aria-label"):
        return label
    named_by = (element.get("aria-labelledby") or "").split()
    return " ".join(words(by_id[name]) for name in named_by if name in by_id)
