"""Settings, Model calls: the ledger, and the words of a call for those who may read the log."""

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from app.gateway.calls.collection import MODEL_CALLS
from app.gateway.calls.presenting import (
    attempt_table,
    call_title,
    cost_facts,
    evidence_facts,
    outcome_facts,
    status_badge,
    text_blocks,
)
from app.gateway.calls.service import read_call_text
from app.gateway.models import ModelCall
from app.kernel.actor import Actor
from app.kernel.collections.listing import open_listing
from app.kernel.collections.rendering import render_list
from app.kernel.record_pages import Panel, render_record
from app.kernel.records import get_record
from app.kernel.routing import TenantPages
from app.kernel.standing import tenant_here
from app.tenancy.setting_tabs import setting_tabs
from app.vocabulary.permissions import Permission

pages = TenantPages("model_calls", __name__, "/settings/model-calls")


@pages.get("", requires=Permission.MODEL_CALL_READ)
def index(actor: Actor) -> ResponseReturnValue:
    return render_list(open_listing(MODEL_CALLS), tabs=setting_tabs(actor))


@pages.get("/<uuid:call_id>", requires=Permission.MODEL_CALL_READ)
def show(actor: Actor, call_id: UUID) -> ResponseReturnValue:
    call, zone = get_record(ModelCall, call_id), tenant_here().zone
    words = {"label": "Read the words", "href": url_for("model_calls.text", call_id=call_id)}
    return render_record(
        call_title(call, zone),
        [
            Panel("Outcome", outcome_facts(call, zone)),
            Panel("What it took", cost_facts(call)),
            Panel("Tries", table=attempt_table(call)),
            Panel("Evidence", evidence_facts(call)),
        ],
        badges=[status_badge(call)],
        crumbs=_crumbs(),
        actions=[words] if actor.may(Permission.AUDIT_EVENT_READ) else [],
    )


@pages.get("/<uuid:call_id>/text", requires=Permission.MODEL_CALL_READ)
def text(actor: Actor, call_id: UUID) -> ResponseReturnValue:
    found = read_call_text(actor, call_id)
    title = call_title(found.call, tenant_here().zone)
    return render_record(
        "What was said in a call",
        [
            Panel(
                "Word for word", text=text_blocks(found.text), meta="That you read it is an event."
            )
        ],
        crumbs=[
            *_crumbs(),
            {"label": title, "href": url_for("model_calls.show", call_id=call_id)},
        ],
    )


def _crumbs() -> list[dict[str, str]]:
    return [{"label": MODEL_CALLS.title, "href": url_for("model_calls.index")}]
