"""Puts the design system into a Flask app: templates, `ui`, and the browser files."""

import jinja2
from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import NotFound

from components.assets import AssetStore, build_assets
from components.calling import TEMPLATE_PREFIX, Ui
from components.registry import ROOTS, Registry

FOR_EVER = "public, max-age=31536000, immutable"


def install(app: Flask) -> Registry:
    """Give `app` the `ui` object and the routes under /static/; returns the registry.

    The app is made with `Flask(static_folder=None)`, because /static/ belongs to the design
    system. Escaping becomes unconditional and undefined names become errors, for every template.
    """
    if app.has_static_folder:
        raise RuntimeError("Make the app with Flask(…, static_folder=None): /static/ is taken.")
    registry = Registry.load()
    store = build_assets(registry, registry.icons)
    environment = app.jinja_env
    prepare_environment(environment)
    environment.globals["ui"] = Ui(registry, environment, store.manifest)
    app.register_blueprint(_build_blueprint(store))
    return registry


def prepare_environment(environment: jinja2.Environment) -> None:
    """Escape everything, refuse undefined names, and let templates find the components."""
    # Flask escapes by file ending only; a literal True leaves no ending out.
    environment.autoescape = True
    environment.undefined = jinja2.StrictUndefined
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    own = jinja2.PrefixLoader({TEMPLATE_PREFIX: jinja2.FileSystemLoader(list(ROOTS.values()))})
    loaders = [own] if environment.loader is None else [own, environment.loader]
    environment.loader = jinja2.ChoiceLoader(loaders)


def _build_blueprint(store: AssetStore) -> Blueprint:
    blueprint = Blueprint("components", __name__, url_prefix="/static")

    @blueprint.get("/<name>")
    def asset(name: str) -> Response:
        found = store.files.get(name)
        if found is None:
            raise NotFound
        compressed = request.accept_encodings["gzip"] > 0
        response = Response(found.body_gz if compressed else found.body, mimetype=None)
        response.headers["Content-Type"] = found.mime
        response.headers["Cache-Control"] = FOR_EVER
        response.headers["Vary"] = "Accept-Encoding"
        response.headers["X-Content-Type-Options"] = "nosniff"
        if compressed:
            response.headers["Content-Encoding"] = "gzip"
        return response

    return blueprint
