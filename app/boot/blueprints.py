"""Every blueprint, in the order of the navigation."""

from flask import Blueprint

from app.audit.api import api as audit_api
from app.audit.erasure.routes import pages as erasure_pages
from app.audit.event_types.api import api as event_type_api
from app.audit.event_types.routes import pages as event_type_pages
from app.audit.exports.routes import pages as export_pages
from app.audit.ingest.imports.routes import pages as import_pages
from app.audit.ingest.quarantine.routes import pages as quarantine_pages
from app.audit.ingest.rules.routes import pages as ingestion_pages
from app.audit.openapi import documents
from app.audit.proof.routes import pages as seal_pages
from app.audit.proof.routes import public as seal_public
from app.audit.reading.sharing import pages as sharing_pages
from app.audit.retention.deletion.routes import pages as deletion_pages
from app.audit.retention.holds.routes import pages as hold_pages
from app.audit.retention.routes import pages as retention_pages
from app.audit.routes import pages as audit_pages
from app.audit.views.routes import pages as view_pages
from app.design.routes import pages as design_pages
from app.evals.prompt_routes import pages as prompt_pages
from app.evals.routes import pages as evaluation_pages
from app.gateway.calls.routes import pages as model_call_pages
from app.gateway.choices.routes import pages as model_pages
from app.identity.routes.account import account_pages, public_pages
from app.identity.routes.invitations import invitation_pages
from app.identity.routes.invitations import pages as tenant_invitation_pages
from app.identity.routes.keys import pages as key_pages
from app.identity.routes.people import pages as people_pages
from app.observability.field_data.routes import door as field_data_door
from app.observability.routes import probes
from app.shell.routes import pages as shell_pages
from app.shell.routes import public as shell_public
from app.summaries.packs.routes import pages as summary_pack_pages
from app.summaries.reviewing.everywhere_routes import pages as review_pages
from app.summaries.reviewing.quality_routes import pages as review_quality_pages
from app.summaries.reviewing.queue_routes import pages as summary_queue_pages
from app.summaries.reviewing.step_routes import pages as summary_step_pages
from app.summaries.routes import pages as summary_pages
from app.tenancy.routes import pages as setting_pages

BLUEPRINTS: tuple[Blueprint, ...] = (
    shell_public.blueprint,
    shell_pages.blueprint,
    audit_pages.blueprint,
    export_pages.blueprint,
    sharing_pages.blueprint,
    view_pages.blueprint,
    event_type_pages.blueprint,
    seal_pages.blueprint,
    seal_public.blueprint,
    import_pages.blueprint,
    quarantine_pages.blueprint,
    ingestion_pages.blueprint,
    summary_pages.blueprint,
    summary_queue_pages.blueprint,
    review_quality_pages.blueprint,
    summary_pack_pages.blueprint,
    summary_step_pages.blueprint,
    people_pages.blueprint,
    tenant_invitation_pages.blueprint,
    setting_pages.blueprint,
    retention_pages.blueprint,
    deletion_pages.blueprint,
    hold_pages.blueprint,
    erasure_pages.blueprint,
    model_pages.blueprint,
    model_call_pages.blueprint,
    prompt_pages.blueprint,
    evaluation_pages.blueprint,
    key_pages.blueprint,
    account_pages.blueprint,
    review_pages.blueprint,
    design_pages.blueprint,
    public_pages.blueprint,
    invitation_pages.blueprint,
    audit_api.blueprint,
    event_type_api.blueprint,
    documents.blueprint,
    probes.blueprint,
    field_data_door.blueprint,
)
