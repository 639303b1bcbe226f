"""The page on which somebody downloads the evidence of a signed summary."""

import tempfile
from pathlib import Path
from uuid import UUID

from flask import Response, current_app, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.problems import Problem
from app.kernel.record_pages import FormWords, render_form
from app.kernel.routing import TenantPages
from app.kernel.standing import tenant_here
from app.summaries.models import Summary
from app.summaries.packs.exporting import export_evidence
from app.summaries.queries import get_summary
from app.vocabulary.permissions import Permission

pages = TenantPages("summary_packs", __name__, "/summaries")

# A pack is made while somebody waits; what is larger is made on the command line.
MOST_EVENTS = 10_000


@pages.form("/<uuid:summary_id>/evidence", requires=Permission.AUDIT_EVENT_EXPORT)
def new(actor: Actor, summary_id: UUID) -> ResponseReturnValue:
    summary = get_summary(actor, summary_id)
    form = FlaskForm()
    words = _words(summary)
    if not form.validate_on_submit():
        return render_form(form, words)
    try:
        return _download(actor, summary)
    except Problem as problem:
        return render_form(form, words, problem=problem)


def _words(summary: Summary) -> FormWords:
    back = url_for("summaries.show", summary_id=summary.id)
    return FormWords(
        "Evidence pack",
        "Make and download",
        cancel_href=back,
        crumbs=[
            {"label": "Summaries", "href": url_for("summaries.index")},
            {"label": summary.title, "href": back},
        ],
        meta="One file that proves to somebody without an account what was signed, and that the"
        " events say it. It is checked before you get it.",
        facts=[
            {"label": "Text", "value": "As it was signed, with its hash in the log"},
            {"label": "Events", "value": f"The whole slice, about {summary.events_total:,}"},
            {"label": "Proof", "value": "That each is in the sealed log, unchanged"},
            {"label": "Decision", "value": "Who asked for it, and who signed"},
            {"label": "To check it", "value": "flask summaries verify PACK.zip --key KEY"},
        ],
    )


def _download(actor: Actor, summary: Summary) -> Response:
    now = clock.now()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "pack.zip")
        public_url = current_app.config["SETTINGS"].public_url
        export_evidence(actor, summary.id, path, at=now, public_url=public_url, most=MOST_EVENTS)
        # The open file outlives its name; the response closes it.
        file = path.open("rb")
    name = f"summary-{tenant_here().slug}-{now:%Y%m%dT%H%M%SZ}.zip"
    return send_file(file, mimetype="application/zip", as_attachment=True, download_name=name)
