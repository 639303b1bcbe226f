"""Every page of the product, found the way a person finds it: by following links.

The map of addresses says which pages there are; links say where one of each is. A page that no
link leads to is a page that nobody finds, and fails the sweep.
"""

import html
import re
from collections import Counter, deque
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, RequestRedirect

from app import create_app
from app.boot.settings import Settings
from tests.support.databases import SECRET

API = "/api/"
# Answers that are no page: files, parts of pages, and what only sends on.
NO_PAGES = {
    "audit.document",
    "audit_views.show",
    "components.asset",
    "design.graph_picture",
    "design.icon_picture",
    "deletions.progress",
    "design.token_picture",
    "documents.openapi",
    "erasures.progress",
    "evaluations.progress",
    "exports.file",
    "exports.manifest",
    "exports.progress",
    "imports.progress",
    "imports.refusals",
    "probes.alive",
    "probes.metrics",
    "probes.ready",
    "quarantine.progress",
    "seal.checkpoint",
    "seal.event_proof",
    "seal.growth",
    "seal_public.keys",
    "seal_public.verifier",
    "start.home",
    "summaries.progress",
}
# How many pages of one kind are looked at for links before it is given up.
LOOKS = 6
_LINK = re.compile(r'(?:href|value)="(?:http://127\.0\.0\.1:\d+)?(/[^"#]*)')


def read_url_map(folder: Path) -> Map:
    """Return the map of addresses of an app that is never asked anything."""
    nowhere = "postgresql+psycopg:///nowhere"
    asked = {
        "BALLAST_DATA_DIR": str(folder),
        "BALLAST_OWNER_DATABASE_URL": nowhere,
        "BALLAST_SECRET_KEY": SECRET,
        "DATABASE_URL": nowhere,
    }
    return create_app(Settings.from_environment(asked)).url_map


def pages_in(url_map: Map) -> set[str]:
    """Return the endpoints that answer a GET with a page."""
    return {
        rule.endpoint
        for rule in url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.rule.startswith(API)
    } - NO_PAGES


def forms_in(url_map: Map) -> set[str]:
    """Return the endpoints of pages that are sent to their own address."""
    return {
        rule.endpoint for rule in url_map.iter_rules() if {"GET", "POST"} <= (rule.methods or set())
    }


def find_pages(visitor: Page, start: str, url_map: Map, wanted: Iterable[str]) -> dict[str, str]:
    """Return one address of each wanted page that links lead to from the start."""
    missing, found = set(wanted), {}
    looked: Counter[str] = Counter()
    waiting, known = deque([start]), {start}
    while waiting and missing:
        address = waiting.popleft()
        endpoint = endpoint_of(address, url_map)
        if endpoint is None or endpoint in NO_PAGES or looked[endpoint] >= LOOKS:
            continue
        answer = visitor.request.get(address, max_redirects=0)
        if answer.status != 200:
            continue
        looked[endpoint] += 1
        if endpoint in missing:
            missing.remove(endpoint)
            found[endpoint] = address
        for match in _LINK.findall(answer.text()):
            link = html.unescape(match)
            if link not in known:
                known.add(link)
                waiting.append(link)
    return found


def endpoint_of(address: str, url_map: Map) -> str | None:
    """Return which page an address names; None for what is no address of ours."""
    try:
        endpoint, _values = url_map.bind("127.0.0.1").match(urlsplit(address).path, "GET")
    except (HTTPException, RequestRedirect):
        return None
    return endpoint
