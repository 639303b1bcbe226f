"""The pages of the gallery, and the documents and pictures that stand in their frames."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from app.design import contract_page, example_pages
from app.design.deprecations import NONE_DEPRECATED, deprecation_table
from app.design.drawing import answer
from app.design.example_frames import examples_context
from app.design.frame import ENDPOINT_OF_KIND, contract_places, frame_around, section_tabs
from app.design.graph import draw_graph
from app.design.graph_layout import lay_out
from app.design.graph_picture import TITLE, draw_document
from app.design.icon_sheet import CONTRACT, draw_sheet, sheet_props
from app.design.library import example_at, library
from app.design.listing import contract_lists, counts
from app.design.naming import KIND_MEANINGS, KIND_WORDS
from app.design.relations import relation_lists
from app.design.speed import DAYS, NONE_MEASURED, limits_in_words, speed_table
from app.design.token_page import contrast_table, token_groups
from app.design.token_pictures import PICTURES, draw_group
from app.kernel.actor import Actor
from app.kernel.content_policy import write_policy
from app.kernel.problems import NotFound
from app.kernel.rendering import htmx, render_page
from app.kernel.routing import AccountPages
from app.vocabulary.permissions import Permission
from components.tokens.describe import describe_tokens
from components.tokens.read import TOKEN_CAP

pages = AccountPages("design", __name__)

MAY_READ = Permission.DESIGN_READ
OWN = "'self'"


@pages.get("/design", requires=MAY_READ)
def index(actor: Actor) -> ResponseReturnValue:
    del actor
    books = library()
    header = {"title": "Design system", "meta": "What every page is built from, and nothing else"}
    context = {"cards": counts(books), "lists": contract_lists(books, KIND_WORDS)}
    return _section("design/contracts.html", "design.index", header, context)


@pages.get("/design/components", requires=MAY_READ)
def components(actor: Actor) -> ResponseReturnValue:
    del actor
    return _list_kind("component")


@pages.get("/design/patterns", requires=MAY_READ)
def patterns(actor: Actor) -> ResponseReturnValue:
    del actor
    return _list_kind("pattern")


@pages.get("/design/content-blocks", requires=MAY_READ)
def content_blocks(actor: Actor) -> ResponseReturnValue:
    del actor
    return _list_kind("content_block")


@pages.get("/design/tokens", requires=MAY_READ)
def tokens(actor: Actor) -> ResponseReturnValue:
    del actor
    books = library()
    header = {
        "title": "Tokens",
        "meta": f"{len(books.tokens)} of at most {TOKEN_CAP}, each with both themes",
    }
    facts = describe_tokens(books.tokens, books.registry)
    groups, contrast = token_groups(books, facts), contrast_table(facts)
    places = [{"label": one["title"], "href": f"#{one['id']}"} for one in (*groups, contrast)]
    context = {"groups": groups, "contrast": contrast}
    return _section("design/tokens.html", "design.tokens", header, context, places)


@pages.get("/design/tokens/<slug:group>.svg", requires=MAY_READ)
def token_picture(actor: Actor, group: str) -> ResponseReturnValue:
    del actor
    if group not in PICTURES:
        raise NotFound
    return answer(draw_group(library(), group, _theme("light")))


@pages.get("/design/graph", requires=MAY_READ)
def graph(actor: Actor) -> ResponseReturnValue:
    del actor
    books = library()
    drawing = lay_out(draw_graph(books))
    picture = {
        "title": TITLE,
        "caption": "Opened alone, each box leads to its page",
        "alt": f"{TITLE}; the table below has the same edges",
        "src": url_for("design.graph_picture", theme="light"),
        "src_dark": url_for("design.graph_picture", theme="dark"),
        "href": url_for("design.graph_picture"),
        "width": drawing.width,
        "height": drawing.height,
    }
    header = {
        "title": "Dependency graph",
        "meta": "Who uses what, from the tokens on the left to the page templates on the right",
    }
    context = {"picture": picture, "lists": relation_lists(books)}
    return _section("design/graph.html", "design.graph", header, context)


@pages.get("/design/graph.svg", requires=MAY_READ)
def graph_picture(actor: Actor) -> ResponseReturnValue:
    del actor
    books = library()
    drawing = lay_out(draw_graph(books))
    focus = request.args.get("focus", "")
    known = focus if focus in drawing.boxes else ""
    return answer(draw_document(books, drawing, _theme("light"), known))


@pages.get("/design/icons.svg", requires=MAY_READ)
def icon_picture(actor: Actor) -> ResponseReturnValue:
    del actor
    return answer(draw_sheet(library(), _theme("light")))


@pages.get("/design/deprecations", requires=MAY_READ)
def deprecations(actor: Actor) -> ResponseReturnValue:
    del actor
    header = {
        "title": "Deprecations",
        "meta": "What is on its way out, what takes its place, and who still depends on it",
    }
    context = {"table": deprecation_table(library()), "words": None, "nothing": NONE_DEPRECATED}
    return _table_page("design.deprecations", header, context)


@pages.get("/design/speed", requires=MAY_READ)
def speed(actor: Actor) -> ResponseReturnValue:
    del actor
    header = {
        "title": "Speed",
        "meta": f"What browsers reported in the last {DAYS} days: three of four page views were"
        " at least this fast",
    }
    context = {"table": speed_table(), "words": [limits_in_words()], "nothing": NONE_MEASURED}
    return _table_page("design.speed", header, context)


@pages.get("/design/<slug:name>", requires=MAY_READ)
def contract(actor: Actor, name: str) -> ResponseReturnValue:
    del actor
    books = library()
    shown = books.contract_at(name)
    section = url_for(ENDPOINT_OF_KIND[shown.kind])
    context = {
        **contract_page.contract_context(books, shown, section),
        **examples_context(shown),
        "sheet": sheet_props(books) if shown.id == CONTRACT else None,
        "frame": frame_around(contract_places(books, shown.kind, shown)),
    }
    return _framing(render_page("design/contract.html", context))


@pages.get("/design/<slug:name>/examples/<slug:example>", requires=MAY_READ)
def example(actor: Actor, name: str, example: str) -> ResponseReturnValue:
    del actor
    shown = library().contract_at(name)
    one = example_at(shown, example)
    if htmx:
        # An example that asks for itself again gets itself, without a page around it.
        return example_pages.render_part(shown, one)
    response = example_pages.render_document(shown, one, _theme("auto"))
    changed = {"frame_ancestors": OWN, "form_action": "'none'"}
    if "<iframe" in response.get_data(as_text=True):
        changed["frame_src"] = OWN
    response.headers["Content-Security-Policy"] = write_policy(**changed)
    return response


def _list_kind(kind: str) -> Response:
    header = {"title": f"{KIND_WORDS[kind].capitalize()}s", "meta": KIND_MEANINGS[kind]}
    context = {"cards": None, "lists": contract_lists(library(), [kind])}
    places = contract_places(library(), kind)
    return _section("design/contracts.html", ENDPOINT_OF_KIND[kind], header, context, places)


def _table_page(endpoint: str, header: dict[str, Any], context: dict[str, Any]) -> Response:
    """Render a section that is one table, or, without rows, what `nothing` says."""
    if context["table"]["rows"]:
        context["nothing"] = None
    else:
        context["words"] = None
    return _section("design/table.html", endpoint, header, context)


def _section(
    template: str,
    endpoint: str,
    header: Mapping[str, Any],
    context: Mapping[str, Any],
    places: list[dict[str, Any]] | None = None,
) -> Response:
    books = library()
    beside = contract_places(books, "component") if places is None else places
    around = {
        "header": header,
        "sections": section_tabs(books, endpoint),
        "frame": frame_around(beside),
    }
    return render_page(template, {**around, **context})


def _theme(otherwise: str) -> str:
    asked = request.args.get("theme", otherwise)
    return asked if asked in example_pages.THEMES else otherwise


def _framing(response: Response) -> Response:
    """Let this page show frames of our own; what may be framed says so itself."""
    response.headers["Content-Security-Policy"] = write_policy(frame_src=OWN)
    return response
