"""One call of every command, for the laws that hold for all of them.

`prepare` sets the scene in a tenant and returns the call; the call takes another actor than the
rightful one when the law wants to see a refusal.
"""

import datetime as dt
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from app.audit.erasure.ending import finish_erasure
from app.audit.erasure.service import (
    approve_erasure,
    refuse_erasure,
    request_erasure,
    withdraw_erasure,
)
from app.audit.event_types.service import deprecate_event_type, register_event_type
from app.audit.event_types.starting import starting_schema
from app.audit.exports.files import whole_path
from app.audit.exports.models import AuditExport
from app.audit.exports.requesting import request_export
from app.audit.exports.service import (
    cancel_export,
    delete_export,
    download_export,
    finish_export,
    hand_over_export,
)
from app.audit.exports.settings import export_settings
from app.audit.importers.mapping.mapping import Mapping
from app.audit.importers.plan import Plan, with_format
from app.audit.importers.report import ImportReport
from app.audit.ingest.importing import finish_import
from app.audit.ingest.imports.mappings import delete_mapping, save_mapping
from app.audit.ingest.imports.service import (
    cancel_import,
    change_plan,
    discard_import,
    finish_file_import,
    upload_file,
)
from app.audit.ingest.imports.starting import start_import
from app.audit.ingest.quarantine.clearing import clear_quarantine, expire_items
from app.audit.ingest.quarantine.requesting import request_replay
from app.audit.ingest.quarantine.service import (
    cancel_replay,
    discard_item,
    finish_replay,
    read_item,
    replay_item,
)
from app.audit.ingest.rules.service import Rules, update_rules
from app.audit.proof.findings import CheckKind, Finding, record_broken_seal
from app.audit.proof.rounds import seal_round
from app.audit.proof.watermarks import Watermark
from app.audit.queries import Totals
from app.audit.retention.deletion.deleting import delete_batch
from app.audit.retention.deletion.runs import cancel_run, finish_run, start_run
from app.audit.retention.holds.service import place_hold, release_hold
from app.audit.retention.rules import update_days
from app.audit.rollups.checking import report_drift
from app.audit.rollups.drift import Drift
from app.audit.service import ExportRequest, read_event, record_export, record_search
from app.audit.views.service import Asked, choose_default, create_view, delete_view, update_view
from app.evals import own_cases, promotion, starting
from app.evals import service as evaluations
from app.gateway.budgets.accounts import Limits
from app.gateway.budgets.service import update_budget
from app.gateway.calls.service import read_call_text
from app.gateway.choices.policy import ModelPolicy
from app.gateway.choices.service import (
    start_models,
    stop_models,
    update_egress,
    update_policy,
)
from app.gateway.egress import FieldGroup
from app.gateway.gateway import GATEWAY, Completion
from app.gateway.purposes import Purpose
from app.gateway.settings import GatewaySettings
from app.identity.gate import _record_denial
from app.identity.models import Account, SignInSession
from app.identity.roles import Role
from app.identity.service.api_keys import create_api_key, revoke_api_key
from app.identity.service.invitations import (
    accept_invitation,
    invite_member,
    revoke_invitation,
)
from app.identity.service.people import (
    change_role,
    reinstate_member,
    remove_member,
    suspend_member,
)
from app.identity.service.sign_in import _try_sign_in, end_session
from app.identity.sessions import open_session
from app.kernel import clock
from app.kernel.actor import Actor, ActorType, Source, system_actor
from app.kernel.database import current_session, unit_of_work
from app.kernel.ids import uuid7
from app.kernel.records import lock_record
from app.summaries.claims.contract import Content
from app.summaries.claims.fields import ClaimFields
from app.summaries.drafting.answering import Answered
from app.summaries.drafting.codebook import Codebook
from app.summaries.drafting.digest import Digest
from app.summaries.errors import OwnRequest
from app.summaries.packs.exporting import export_evidence
from app.summaries.queries import list_claims
from app.summaries.service.decisions import approve_summary, reject_summary
from app.summaries.service.drafts import Failure, fail_draft, record_draft
from app.summaries.service.evidence import read_evidence
from app.summaries.service.refused_steps import record_refusal
from app.summaries.service.requests import (
    cancel_summary,
    request_summary,
    request_version,
    retry_summary,
)
from app.summaries.service.reservations import release_summary, reserve_next, reserve_summary
from app.summaries.service.review import edit_claim, remove_claim
from app.summaries.service.review_tests import end_test, plant_test, update_review_rule
from app.summaries.service.withdrawals import withdraw_summary
from app.summaries.signing import hash_of
from app.summaries.states import RejectReason
from app.tenancy.service import create_tenant, update_settings
from app.vocabulary.permissions import Permission
from tests.factories.audit import AuditEventFactory
from tests.factories.event_types import EventTypeVersionFactory
from tests.factories.exports import AuditExportFactory
from tests.factories.gateway import made_call
from tests.factories.identity import PASSWORD, SECRET, ApiKeyFactory, InvitationFactory
from tests.factories.imports import CONTENT, FileImportFactory, FilePieceFactory
from tests.factories.quarantine import QuarantinedItemFactory, QuarantineReplayFactory
from tests.factories.saved_views import SavedViewFactory
from tests.factories.summaries import NOTHING_HAPPENED, SummaryClaimFactory, SummaryFactory
from tests.laws import evaluation_scenes as scenes
from tests.laws import retention_scenes
from tests.support.worlds import World

Run = Callable[..., object]
WITHOUT = Source(ip="192.0.2.1")


@dataclass(frozen=True)
class Call:
    """How to call a command, and the function itself."""

    function: Callable[..., object]
    prepare: Callable[[World], Run]


def _call(function, arguments: Callable[[World], tuple[tuple, dict]], role: Role = Role.OWNER):
    def prepare(world: World) -> Run:
        positional, named = arguments(world)

        def run(actor: Actor | None = None) -> object:
            return function(actor or world.actor(role), *positional, **named)

        return run

    return Call(function, prepare)


def _system_call(function, arguments: Callable[[World], tuple[tuple, dict]]):
    def prepare(world: World) -> Run:
        positional, named = arguments(world)

        def run(actor: Actor | None = None) -> object:
            return function(actor or world.system(), *positional, **named)

        return run

    return Call(function, prepare)


def _anonymous_call(function, arguments: Callable[[World], tuple[tuple, dict]]):
    def prepare(world: World) -> Run:
        positional, named = arguments(world)
        anonymous = Actor(ActorType.ANONYMOUS, "anonymous", "Somebody", source=WITHOUT)
        return lambda: function(anonymous, *positional, **named)

    return Call(function, prepare)


def _create_tenant(_world: World) -> Run:
    slug = f"new-{uuid7().hex[:12]}"
    return lambda: create_tenant(system_actor(None, "test"), slug, name="New")


def _end_session(world: World) -> Run:
    member = world.people[Role.OWNER]
    account = current_session().get(Account, member.account_id)
    with unit_of_work():
        signed_in = open_session(account, WITHOUT)
    person = Actor(ActorType.PERSON, str(account.id), account.name)
    session = current_session().get(SignInSession, signed_in.session.id)
    return lambda: end_session(person, session)


def _member(world: World) -> object:
    return world.people[Role.AUDITOR].id


def _suspended(world: World) -> tuple[tuple, dict]:
    suspend_member(world.actor(Role.OWNER), _member(world), reason="")
    return (_member(world),), {}


def _invited(world: World) -> tuple[tuple, dict]:
    invitation = world.make(InvitationFactory)
    token = f"{world.tenant.slug}.{invitation.id.hex}.{SECRET}"
    return (token,), {"name": "New Person", "password": PASSWORD}


def _summary(world: World, **values) -> object:
    return world.make(SummaryFactory, **values).id


def _with_claim(world: World) -> tuple[tuple, dict]:
    summary_id = _summary(world)
    world.make(SummaryClaimFactory, summary_id=summary_id)
    return (summary_id, 1), {}


def _saved_view(world: World) -> tuple[tuple, dict]:
    view = world.make(SavedViewFactory, owner_id=str(world.people[Role.OWNER].account_id))
    return (view.id,), {}


def _edit(world: World) -> tuple[tuple, dict]:
    positional, _ = _with_claim(world)
    return positional, {"fields": ClaimFields.from_json(NOTHING_HAPPENED), "event_ids": []}


def _approvable(world: World) -> tuple[tuple, dict]:
    """A draft whose only claim says that something did not happen, which is so."""
    summary = world.make(SummaryFactory)
    sentence = "No document.shredded happened in the slice."
    world.make(SummaryClaimFactory, summary_id=summary.id, sentence=sentence)
    current_session().rollback()
    claims = list_claims(summary.id)
    return (summary.id,), {"seen_hash": hash_of(summary, claims)}


def _drafted(world: World) -> tuple[tuple, dict]:
    completion = Completion(
        uuid7(), {}, "label", "model", "audit-summary@v1", "0" * 64, 0, 0, 1, is_extractive=True
    )
    content = Content("", "", "", 1, 0, 0, ())
    digest = Digest(content, Codebook(), Totals(1, 0, 0), 1, "0" * 64)
    answered = Answered(digest, completion, (), None, Watermark(1, None))
    return (_summary(world, status="drafting"), answered), {}


def _reserved(world: World) -> tuple[tuple, dict]:
    owner, now = world.actor(Role.OWNER), clock.now()
    held = {
        "reserved_by": owner.id,
        "reserved_by_name": owner.name,
        "reserved_at": now,
        "reserved_until": now + dt.timedelta(minutes=30),
    }
    return (_summary(world, **held),), {}


def _signed(world: World) -> tuple[tuple, dict]:
    """A summary that somebody signed, since nothing is signed from the start."""
    (summary_id,), seen = _approvable(world)
    approve_summary(world.actor(Role.OWNER), summary_id, **seen)
    return (summary_id,), {"reason": "A count was wrong."}


def _provable(world: World) -> tuple[tuple, dict]:
    """A signed summary whose approval is sealed, and a file for its evidence."""
    (summary_id,), seen = _approvable(world)
    asked = {"action": "summary.requested", "actor_id": "somebody", "target_name": "Summary"}
    world.make(AuditEventFactory, target_type="summary", target_id=str(summary_id), **asked)
    approve_summary(world.actor(Role.OWNER), summary_id, **seen)
    with current_app.app_context():
        seal_round([world.tenant.id])
    path = Path(tempfile.mkdtemp(), "pack.zip")
    options = {"at": clock.now(), "public_url": "https://ballast.example", "most": None}
    return (summary_id, path), options


def _tested(world: World) -> tuple[tuple, dict]:
    """A draft that tests reviewers, as the owner reads it."""
    test = world.make(SummaryFactory, is_seeded=True)
    world.make(SummaryClaimFactory, summary_id=test.id)
    current_session().rollback()
    return (test.id,), {"seen_hash": hash_of(test, list_claims(test.id))}


def _testable(world: World) -> tuple[tuple, dict]:
    """A signed summary with a claim that something happened."""
    event = world.make(AuditEventFactory, occurred_at=clock.now() - dt.timedelta(hours=1))
    summary = world.make(SummaryFactory)
    world.make(SummaryClaimFactory, summary_id=summary.id)
    said = {**NOTHING_HAPPENED, "kind": "activity", "action": event.action}
    fields = ClaimFields.from_json({**said, "count": 1, "complete": False})
    owner = world.actor(Role.OWNER)
    current_session().rollback()
    edit_claim(owner, summary.id, 1, fields=fields, event_ids=[event.id])
    seen = hash_of(summary, list_claims(summary.id))
    current_session().rollback()
    approve_summary(owner, summary.id, seen_hash=seen)
    return (), {}


def _draft_waits(world: World) -> tuple[tuple, dict]:
    _summary(world)
    return (), {}


def _requested(world: World) -> tuple[tuple, dict]:
    world.make(AuditEventFactory)
    return (), {"query_text": "created:24h"}


def _failed(world: World) -> tuple[tuple, dict]:
    world.make(AuditEventFactory, occurred_at=clock.now() - dt.timedelta(hours=1))
    owner = world.actor(Role.OWNER)
    failed = _summary(
        world,
        status="failed",
        failure_code="too_slow",
        failure_detail="It was too slow.",
        requested_by=owner.id,
    )
    return (failed,), {}


def _begun(world: World) -> tuple[tuple, dict]:
    owner = world.actor(Role.OWNER)
    return (_summary(world, status="drafting", requested_by=owner.id),), {}


def _registered(world: World) -> tuple[tuple, dict]:
    kind = world.make(EventTypeVersionFactory)
    return (), {"action": kind.action, "version": kind.version, "note": "Use version 2."}


def _item(world: World) -> tuple[tuple, dict]:
    """An item that stays refused: one that is stored would be an event besides the command's."""
    return (world.make(QuarantinedItemFactory, item="{}", item_bytes=2).id,), {}


def _file(world: World, **values: object) -> tuple[tuple, dict]:
    found = world.make(FileImportFactory, **values)
    world.make(FilePieceFactory, import_id=found.id)
    return (found.id,), {}


def _running_file(world: World) -> tuple[tuple, dict]:
    return _file(world, status="running", offset_at=0, number_at=1)


def _changed_file(world: World) -> tuple[tuple, dict]:
    (import_id,), _ = _file(world)
    plan = Plan.from_json(FileImportFactory.build(tenant_id=world.tenant.id).plan)
    return (import_id, with_format(plan, "okta")), {}


def _saved_mapping(world: World) -> tuple[tuple, dict]:
    with world.session():
        save_mapping(world.system(), "crm", Mapping())
    return ("crm",), {}


def _waiting(world: World) -> tuple[tuple, dict]:
    world.make(QuarantinedItemFactory)
    return (), {}


def _long_waiting(world: World) -> tuple[tuple, dict]:
    world.make(QuarantinedItemFactory, received_at=clock.now() - dt.timedelta(days=91))
    return (), {}


def _replay(world: World) -> tuple[tuple, dict]:
    return (world.make(QuarantineReplayFactory).id,), {}


def _unsaved_export(world: World) -> AuditExport:
    owner = world.people[Role.OWNER].account_id
    return AuditExportFactory.build(tenant_id=world.tenant.id, asked_by=str(owner))


def _running_export(world: World) -> tuple[tuple, dict]:
    owner = world.people[Role.OWNER].account_id
    return (world.make(AuditExportFactory, asked_by=str(owner)).id,), {}


def _made_export(world: World) -> tuple[tuple, dict]:
    """A finished export whose file is there."""
    (export_id,), _ = _running_export(world)
    path = whole_path(export_settings(), world.tenant.id, export_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"a row")
    with unit_of_work():
        export = lock_record(AuditExport, export_id)
        export.status, export.expires_at = "finished", clock.now() + dt.timedelta(hours=1)
    return (export_id,), {}


def _evidence(world: World) -> tuple[tuple, dict]:
    return (_summary(world),), {}


def _stopped_models(world: World) -> tuple[tuple, dict]:
    stop_models(world.actor(Role.OWNER), "The vendor reported a breach.")
    return (), {}


def _egress(world: World) -> Run:
    def run(actor: Actor | None = None) -> object:
        current_app.extensions[GATEWAY] = GatewaySettings("http://127.0.0.1:1/v1", None, "a-model")
        try:
            withheld = frozenset({FieldGroup.ADDRESSES})
            return update_egress(actor or world.actor(Role.OWNER), "default", withheld)
        finally:
            current_app.extensions[GATEWAY] = GatewaySettings()

    return run


CALLS: dict[str, Call] = {
    "app.evals.own_cases.make_case": _call(own_cases.make_case, scenes.rejected_summary),
    "app.evals.promotion.propose_version": _call(
        promotion.propose_version, scenes.version_to_propose
    ),
    "app.evals.promotion.refuse_version": _call(promotion.refuse_version, scenes.version_to_decide),
    "app.evals.promotion.release_version": _call(
        promotion.release_version, scenes.version_to_decide
    ),
    "app.evals.promotion.roll_back": _call(promotion.roll_back, scenes.version_in_force),
    "app.evals.promotion.withdraw_version": _call(
        promotion.withdraw_version, scenes.version_to_withdraw
    ),
    "app.evals.service.cancel_run": _call(evaluations.cancel_run, scenes.run_under_way),
    "app.evals.service.finish_run": _call(evaluations.finish_run, scenes.run_to_finish),
    "app.evals.starting.start_run": _call(starting.start_run, scenes.run_to_start),
    "app.audit.event_types.service.deprecate_event_type": _call(deprecate_event_type, _registered),
    "app.audit.event_types.service.register_event_type": _call(
        register_event_type,
        lambda _: ((), {"action": "invoice.approved", "schema": starting_schema()}),
    ),
    "app.audit.exports.requesting.request_export": _call(
        request_export, lambda world: ((_unsaved_export(world),), {})
    ),
    "app.audit.exports.service.cancel_export": _call(cancel_export, _running_export),
    "app.audit.exports.service.delete_export": _call(delete_export, _made_export),
    "app.audit.exports.service.download_export": _call(download_export, _made_export),
    "app.audit.exports.service.finish_export": _call(finish_export, _running_export),
    "app.audit.exports.service.hand_over_export": _call(
        hand_over_export, lambda world: ((_unsaved_export(world),), {})
    ),
    "app.audit.ingest.importing.finish_import": _system_call(
        finish_import,
        lambda _: (("events.jsonl", "ndjson", ImportReport(read=1)), {"is_complete": True}),
    ),
    "app.audit.ingest.imports.mappings.delete_mapping": _call(delete_mapping, _saved_mapping),
    "app.audit.ingest.imports.mappings.save_mapping": _call(
        save_mapping, lambda _: (("crm", Mapping()), {})
    ),
    "app.audit.ingest.imports.service.cancel_import": _call(cancel_import, _running_file),
    "app.audit.ingest.imports.service.change_plan": _call(change_plan, _changed_file),
    "app.audit.ingest.imports.service.discard_import": _call(discard_import, _file),
    "app.audit.ingest.imports.service.finish_file_import": _call(finish_file_import, _running_file),
    "app.audit.ingest.imports.starting.start_import": _call(start_import, _file),
    "app.audit.ingest.imports.service.upload_file": _call(
        upload_file, lambda _: (("gates.jsonl", [CONTENT]), {})
    ),
    "app.audit.ingest.quarantine.clearing.clear_quarantine": _call(
        clear_quarantine, lambda world: (_waiting(world)[0], {"action": None, "reason": ""})
    ),
    "app.audit.ingest.quarantine.clearing.expire_items": _system_call(expire_items, _long_waiting),
    "app.audit.ingest.quarantine.requesting.request_replay": _call(request_replay, _waiting),
    "app.audit.ingest.quarantine.service.cancel_replay": _call(cancel_replay, _replay),
    "app.audit.ingest.quarantine.service.discard_item": _call(
        discard_item, lambda world: (_item(world)[0], {"reason": "a test of the sender"})
    ),
    "app.audit.ingest.quarantine.service.finish_replay": _call(finish_replay, _replay),
    "app.audit.ingest.quarantine.service.read_item": _call(read_item, _item),
    "app.audit.ingest.quarantine.service.replay_item": _call(replay_item, _item),
    "app.audit.ingest.rules.service.update_rules": _call(
        update_rules, lambda _: ((Rules(registered_types_only=True),), {})
    ),
    "app.audit.proof.findings.record_broken_seal": _system_call(
        record_broken_seal,
        lambda _: ((Finding(CheckKind.NIGHTLY, 3, 0, 3, "An event is gone."),), {}),
    ),
    "app.audit.erasure.service.approve_erasure": _call(
        approve_erasure, retention_scenes.waiting_erasure
    ),
    "app.audit.erasure.ending.finish_erasure": _system_call(
        finish_erasure, retention_scenes.running_erasure
    ),
    "app.audit.erasure.service.refuse_erasure": _call(
        refuse_erasure, retention_scenes.erasure_to_refuse
    ),
    "app.audit.erasure.service.request_erasure": _call(
        request_erasure, retention_scenes.somebody_to_erase
    ),
    "app.audit.erasure.service.withdraw_erasure": _call(
        withdraw_erasure, retention_scenes.waiting_erasure
    ),
    "app.audit.retention.deletion.deleting.delete_batch": _system_call(
        delete_batch, retention_scenes.deletion_with_something_over
    ),
    "app.audit.retention.deletion.runs.cancel_run": _call(
        cancel_run, retention_scenes.running_deletion
    ),
    "app.audit.retention.deletion.runs.finish_run": _system_call(
        finish_run, retention_scenes.running_deletion
    ),
    "app.audit.retention.deletion.runs.start_run": _call(start_run, lambda _: ((), {})),
    "app.audit.retention.holds.service.place_hold": _call(place_hold, retention_scenes.no_hold_yet),
    "app.audit.retention.holds.service.release_hold": _call(
        release_hold, retention_scenes.hold_in_force
    ),
    "app.audit.retention.rules.update_days": _call(
        update_days, lambda _: (({"standard": 90},), {})
    ),
    "app.audit.rollups.checking.report_drift": _system_call(
        report_drift,
        lambda _: (([Drift(dt.date(2026, 3, 14), "", "success", 2, 3)],), {"mend": False}),
    ),
    "app.audit.service.read_event": _call(
        read_event, lambda world: ((world.make(AuditEventFactory).id,), {})
    ),
    "app.audit.service.record_export": _call(
        record_export, lambda _: ((ExportRequest("", "csv"),), {})
    ),
    "app.audit.service.record_search": _call(record_search, lambda _: ((), {"query": "x"})),
    "app.audit.views.service.choose_default": _call(choose_default, _saved_view),
    "app.audit.views.service.create_view": _call(
        create_view,
        lambda _: ((Asked("outcome:failure"),), {"name": "Failures", "is_shared": True}),
    ),
    "app.audit.views.service.delete_view": _call(delete_view, _saved_view),
    "app.audit.views.service.update_view": _call(
        update_view, lambda world: (_saved_view(world)[0], {"name": "Other"})
    ),
    "app.gateway.budgets.service.update_budget": _call(
        update_budget, lambda _: ((Purpose.SUMMARY, Limits(1_000, None)), {})
    ),
    "app.gateway.calls.service.read_call_text": _call(
        read_call_text, lambda world: ((made_call(world),), {})
    ),
    "app.gateway.choices.service.start_models": _call(start_models, _stopped_models),
    "app.gateway.choices.service.stop_models": _call(
        stop_models, lambda _: (("The vendor reported a breach.",), {})
    ),
    "app.gateway.choices.service.update_egress": Call(update_egress, _egress),
    "app.gateway.choices.service.update_policy": _call(
        update_policy, lambda _: ((ModelPolicy(calls_per_minute=6),), {})
    ),
    "app.identity.gate._record_denial": _call(
        _record_denial, lambda _: ((Permission.MEMBER_READ,), {})
    ),
    "app.identity.service.api_keys.create_api_key": _call(
        create_api_key,
        lambda _: (
            (),
            {"name": "k", "scopes": (Permission.AUDIT_EVENT_CREATE,), "lifetime_days": 1},
        ),
    ),
    "app.identity.service.api_keys.revoke_api_key": _call(
        revoke_api_key, lambda world: ((world.make(ApiKeyFactory).id,), {})
    ),
    "app.identity.service.invitations.accept_invitation": _anonymous_call(
        accept_invitation, _invited
    ),
    "app.identity.service.invitations.invite_member": _call(
        invite_member,
        lambda _: ((), {"email": "new@people.example", "role": Role.ANALYST, "link": "/{token}"}),
    ),
    "app.identity.service.invitations.revoke_invitation": _call(
        revoke_invitation, lambda world: ((world.make(InvitationFactory).id,), {})
    ),
    "app.identity.service.people.change_role": _call(
        change_role, lambda world: ((_member(world),), {"role": Role.ANALYST})
    ),
    "app.identity.service.people.reinstate_member": _call(reinstate_member, _suspended),
    "app.identity.service.people.remove_member": _call(
        remove_member, lambda world: ((_member(world),), {"reason": "left"})
    ),
    "app.identity.service.people.suspend_member": _call(
        suspend_member, lambda world: ((_member(world),), {"reason": "left"})
    ),
    "app.identity.service.sign_in._try_sign_in": _anonymous_call(
        _try_sign_in, lambda world: ((world.people[Role.OWNER].email, PASSWORD), {})
    ),
    "app.identity.service.sign_in.end_session": Call(end_session, _end_session),
    "app.summaries.service.decisions.approve_summary": _call(approve_summary, _approvable),
    "app.summaries.service.decisions.reject_summary": _call(
        reject_summary,
        lambda world: ((_summary(world),), {"reason": RejectReason.WRONG, "note": ""}),
    ),
    "app.summaries.service.drafts.fail_draft": _call(
        fail_draft,
        lambda world: ((_summary(world, status="drafting"), Failure("x", "X.")), {}),
    ),
    "app.summaries.service.drafts.record_draft": _call(record_draft, _drafted),
    "app.summaries.service.evidence.read_evidence": _call(read_evidence, _evidence),
    "app.summaries.service.requests.cancel_summary": _call(cancel_summary, _begun),
    "app.summaries.service.requests.request_summary": _call(request_summary, _requested),
    "app.summaries.service.refused_steps.record_refusal": _call(
        record_refusal,
        lambda world: (
            (OwnRequest("You asked for this summary."),),
            {"step": "approval", "summary_id": _summary(world)},
        ),
    ),
    "app.summaries.service.requests.request_version": _call(
        request_version,
        lambda world: (
            (
                _summary(
                    world,
                    status="rejected",
                    decided_by="somebody else",
                    decided_by_name="Somebody else",
                    decision_reason_code="wrong",
                ),
            ),
            {},
        ),
    ),
    "app.summaries.service.reservations.release_summary": _call(release_summary, _reserved),
    "app.summaries.service.reservations.reserve_next": _call(reserve_next, _draft_waits),
    "app.summaries.service.reservations.reserve_summary": _call(reserve_summary, _evidence),
    "app.summaries.service.review_tests.end_test": _call(end_test, _tested),
    "app.summaries.service.review_tests.plant_test": _call(plant_test, _testable),
    "app.summaries.service.review_tests.update_review_rule": _call(
        update_review_rule, lambda _: ((), {"plants_tests": True, "one_in": 5})
    ),
    "app.summaries.packs.exporting.export_evidence": _call(export_evidence, _provable),
    "app.summaries.service.withdrawals.withdraw_summary": _call(withdraw_summary, _signed),
    "app.summaries.service.requests.retry_summary": _call(retry_summary, _failed),
    "app.summaries.service.review.edit_claim": _call(edit_claim, _edit),
    "app.summaries.service.review.remove_claim": _call(remove_claim, _with_claim),
    "app.tenancy.service.create_tenant": Call(create_tenant, _create_tenant),
    "app.tenancy.service.update_settings": _call(
        update_settings, lambda _: ((), {"name": "Renamed", "time_zone": "Europe/Berlin"})
    ),
}
