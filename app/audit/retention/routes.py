"""The pages of how long events are kept."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from app.audit.retention.deletion.presenting import begin_form
from app.audit.retention.forms import RetentionForm
from app.audit.retention.presenting import TOO_LONG, class_table, preview_table
from app.audit.retention.preview import preview
from app.audit.retention.rules import Days, get_days, update_days
from app.audit.retention.tabs import retention_tabs
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.problems import InvalidInput
from app.kernel.record_pages import FormWords, Panel, render_form, render_record
from app.kernel.rendering import redirect_to
from app.kernel.routing import TenantPages
from app.vocabulary.permissions import Permission

pages = TenantPages("retention", __name__, "/settings/retention")

MEANING = "Days count from when the log received an event."


@pages.get("", requires=Permission.SETTING_READ)
def index(actor: Actor) -> ResponseReturnValue:
    days = get_days()
    may_change = actor.may(Permission.RETENTION_UPDATE)
    change = {"label": "Change", "href": url_for("retention.edit")}
    return render_record(
        "Retention",
        [
            Panel(
                "Classes",
                table=class_table(days),
                meta=MEANING,
                actions=[change] if may_change else [],
            ),
            _preview_panel(days),
        ],
        tabs={"label": "Retention", "items": retention_tabs(actor)},
        actions=[begin_form()] if may_change else [],
    )


@pages.form("/edit", requires=Permission.RETENTION_UPDATE)
def edit(actor: Actor) -> ResponseReturnValue:
    form = RetentionForm(data=get_days())
    words = FormWords(
        "Change how long events are kept",
        "Save",
        cancel_href=url_for("retention.index"),
        crumbs=[{"label": "Retention", "href": url_for("retention.index")}],
        meta=f"{MEANING} The preview then shows what would go; nothing goes before the night.",
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    try:
        update_days(actor, form.days)
    except InvalidInput as problem:
        return render_form(form, words, problem=problem)
    flash("The rules are saved. The preview goes by them; the next deletion will.")
    return redirect_to(url_for("retention.index"))


def _preview_panel(days: Days) -> Panel:
    counted = preview(days, clock.now())
    if counted is None:
        return Panel("What goes when", [{"label": "Preview", "value": TOO_LONG}])
    return Panel("What goes when", table=preview_table(counted))
