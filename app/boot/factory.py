"""Putting the app together: the only place that knows every part."""

import functools

import procrastinate
from flask import Flask
from jinja2 import FileSystemLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from app.audit.erasure.elsewhere import ELSEWHERE
from app.audit.exports.settings import EXPORTS
from app.audit.ingest.imports.settings import IMPORT_MB
from app.audit.proof.deleted_leaves import DELETED_LEAVES
from app.audit.proof.settings import SEAL
from app.audit.record import record_command
from app.audit.removal.doors import find_deleted
from app.boot import addresses, command_line, compression, error_pages, request_frame, security
from app.boot.blueprints import BLUEPRINTS
from app.boot.budgets import demand_budgets
from app.boot.page_templates import find_page_templates
from app.boot.settings import ROOT, Settings
from app.design.library import PAGE_TEMPLATES, REGISTRY
from app.evals.erasing import erase_from_evaluations
from app.gateway.erasing import erase_from_answers
from app.gateway.gateway import GATEWAY
from app.identity.gate import SessionGatekeeper
from app.identity.queries.actors import load_actor
from app.identity.sessions import login_manager
from app.kernel.commands import RECORDER
from app.kernel.database import Database
from app.kernel.jobs import ACTOR_LOADER, JOBS, make_queue
from app.kernel.mail import MAIL
from app.kernel.rendering import htmx
from app.kernel.routing import DATABASE, GATEKEEPER, SlugConverter
from app.observability import logs, metrics
from app.shell import page_frame
from app.summaries.erasing import erase_from_summaries
from components import flask_ui

# Forms are short. What takes more, such as events in batches, raises it for its own request.
MAX_BODY_BYTES = 512 * 1024
SESSION_COOKIE = "ballast"


def build_app(settings: Settings) -> Flask:
    """Return the configured app. Touches no database: that happens at the first request."""
    app = Flask("app", root_path=str(ROOT / "app"), static_folder=None)
    # Each domain keeps its templates; names say whose they are (`people/roles.html`).
    app.jinja_loader = FileSystemLoader(sorted((ROOT / "app").glob("*/templates")))
    _configure(app, settings)
    _extend(app, settings)
    app.url_map.converters["slug"] = SlugConverter
    logs.install(app, is_production=settings.is_production)
    metrics.install(app)
    # What is registered first is done last: a page is packed when nothing more is added to it.
    compression.install(app)
    request_frame.install(app)
    security.install(app)
    addresses.install(app)
    page_frame.install(app)
    error_pages.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    command_line.install(app)
    security.demand_guards(app)
    demand_budgets(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        SESSION_COOKIE_NAME=SESSION_COOKIE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_production,
        # A form that was open over lunch still works; the session itself may end before.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.is_production,
        QUICK_PASSWORDS=settings.quick_passwords,
        SETTINGS=settings,
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # Flask documents this way


def _extend(app: Flask, settings: Settings) -> None:
    app.extensions[DATABASE] = Database(settings.database.for_app)
    app.extensions[DELETED_LEAVES] = find_deleted
    app.extensions[ELSEWHERE] = (erase_from_summaries, erase_from_answers, erase_from_evaluations)
    app.extensions[RECORDER] = record_command
    app.extensions[GATEKEEPER] = SessionGatekeeper()
    app.extensions[ACTOR_LOADER] = load_actor
    app.extensions[MAIL] = settings.mail
    app.extensions[IMPORT_MB] = settings.import_mb
    app.extensions[SEAL] = settings.seal
    app.extensions[EXPORTS] = settings.exports
    # Deferring goes through the caller's own connection; this connector is never opened.
    app.extensions[JOBS] = make_queue(procrastinate.SyncPsycopgConnector(), app)
    app.extensions[GATEWAY] = settings.gateway
    login_manager.session_protection = None  # sessions are rows; see app.identity.sessions
    login_manager.init_app(app)
    htmx.init_app(app)
    app.extensions[REGISTRY] = flask_ui.install(app)
    app.extensions[PAGE_TEMPLATES] = functools.partial(find_page_templates, app)
