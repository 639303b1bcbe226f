"""The review queue, and taking the next draft from it."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from app.kernel.actor import Actor
from app.kernel.collections.listing import open_listing
from app.kernel.collections.rendering import render_list
from app.kernel.rendering import redirect_to
from app.kernel.routing import TenantPages
from app.summaries.reviewing.queue import QUEUE, queue_tabs
from app.summaries.service.reservations import reserve_next
from app.vocabulary.permissions import Permission

pages = TenantPages("summary_queue", __name__, "/summaries/queue")


@pages.get("", requires=Permission.SUMMARY_APPROVE)
def index(actor: Actor) -> ResponseReturnValue:
    del actor  # the list itself knows who reads it
    listing = open_listing(QUEUE)
    take = {
        "label": "Review the next",
        "href": url_for("summary_queue.take"),
        "csrf_token": generate_csrf(),
    }
    return render_list(
        listing,
        tabs=queue_tabs(listing.criteria.query.canonical()),
        primary=take if listing.page.rows else None,
    )


@pages.post("/next", requires=Permission.SUMMARY_APPROVE)
def take(actor: Actor) -> ResponseReturnValue:
    summary_id = reserve_next(actor)
    return redirect_to(url_for("summaries.show", summary_id=summary_id))
