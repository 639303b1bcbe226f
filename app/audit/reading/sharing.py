"""The page with which a search is passed on: an address that keeps its meaning, and a command."""

import shlex
from urllib.parse import urlencode

from flask import current_app, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.collection import AUDIT_LOG
from app.audit.reading.asked import OLDEST
from app.audit.reading.windows import absolute, hull, window_words
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.collections.criteria import Criteria, read_criteria
from app.kernel.collections.declaration import Moment
from app.kernel.problems import InvalidInput
from app.kernel.query_language.query import Query
from app.kernel.record_pages import Panel, render_record
from app.kernel.routing import TenantPages
from app.kernel.standing import tenant_here
from app.vocabulary.permissions import Permission

pages = TenantPages("sharing", __name__, "/audit-log/share")

# Where the command finds its key. Whoever runs it has one; none is shown here.
KEY_VARIABLE = "BALLAST_API_KEY"
# What may stand in an address as it is, and can then be read.
_PLAIN = ":/,"


@pages.get("", requires=Permission.AUDIT_EVENT_READ)
def show(actor: Actor) -> ResponseReturnValue:
    del actor  # shows nothing of the log, only what was asked
    criteria = read_criteria(AUDIT_LOG, request.args)
    if criteria.errors:
        raise InvalidInput(f"The filter could not be read. {criteria.errors[0].sentence}")
    # Nobody has read in this second what happened in it, and addresses are shorter without.
    moment = Moment(clock.now().replace(microsecond=0), tenant_here().zone)
    query = criteria.query.canonical()
    asked = {"label": "Filter", "code": query} if query else _fact("Filter", "The whole log")
    same = [
        asked,
        _fact("Time", window_words(hull(criteria.query, moment), moment.zone)),
        {
            "label": "Link",
            "copy": permalink(criteria, moment),
            "sub": "The same time for everybody, whenever it is opened",
        },
    ]
    program = [
        {"label": "Command", "copy": curl_command(criteria)},
        _fact("Key", f"From the variable {KEY_VARIABLE}; it needs the scope audit_event:read"),
    ]
    return render_record(
        "Share a search",
        [Panel("As a link", same), Panel("As a command (cURL)", program)],
        meta="Nothing of the log is in it: whoever opens it has to be allowed to read it",
        crumbs=[{"label": AUDIT_LOG.title, "href": url_for("audit.index", q=query or None)}],
    )


def permalink(criteria: Criteria, moment: Moment) -> str:
    """Return the address of what is searched for, with times that mean the same for ever."""
    query = absolute(criteria.query, moment).canonical()
    state = {"q": query} | ({"sort": "turned"} if criteria.turned else {})
    address = f"{_public_url()}{url_for('audit.index')}"
    return f"{address}?{urlencode(state, safe=_PLAIN)}"


def curl_command(criteria: Criteria) -> str:
    """Return the command line that asks the API for what the page shows; no secret is in it."""
    return " ".join(
        [
            "curl --get",
            shlex.quote(f"{_public_url()}/api/v1/events"),
            f'--header "Authorization: Bearer ${KEY_VARIABLE}"',
            *(f"--data-urlencode {shlex.quote(pair)}" for pair in _parameters(criteria)),
        ]
    )


def _parameters(criteria: Criteria) -> list[str]:
    query: Query = criteria.query
    pairs = [f"q={query.canonical()}", f"size={criteria.size}"]
    return pairs + ([f"order={OLDEST}"] if criteria.turned else [])


def _public_url() -> str:
    return str(current_app.config["SETTINGS"].public_url).rstrip("/")


def _fact(label: str, value: str) -> dict[str, str]:
    return {"label": label, "value": value}
