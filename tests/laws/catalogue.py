"""What the laws walk over: every route of a tenant, and an object for every parameter."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

from flask import Flask
from werkzeug.routing import Rule

from app.audit.erasure.queries import find_open
from app.audit.proof.kept_checkpoints import find_last_checkpoint
from app.audit.proof.rounds import seal_round
from app.audit.retention.deletion.runs import find_running
from app.kernel.routing import Audience, RouteGuard, guard_of
from tests.factories.audit import AuditEventFactory
from tests.factories.erasure import PersonErasureFactory
from tests.factories.event_types import EventTypeVersionFactory
from tests.factories.exports import AuditExportFactory
from tests.factories.gateway import made_call
from tests.factories.identity import ApiKeyFactory, InvitationFactory
from tests.factories.imports import FileImportFactory, FilePieceFactory
from tests.factories.mail import OutboxMessageFactory
from tests.factories.quarantine import QuarantinedItemFactory, QuarantineReplayFactory
from tests.factories.retention import LegalHoldFactory, RetentionRunFactory
from tests.factories.saved_views import SavedViewFactory
from tests.factories.summaries import SummaryClaimFactory, SummaryFactory
from tests.laws import evaluation_scenes
from tests.support.worlds import World


def _summary_with_claim(world: World) -> UUID:
    summary = world.make(SummaryFactory)
    world.make(SummaryClaimFactory, summary_id=summary.id)
    return summary.id


def _kept_file(world: World) -> UUID:
    found = world.make(FileImportFactory)
    world.make(FilePieceFactory, import_id=found.id)
    return found.id


def _sealed(world: World) -> int:
    """Seal the log of the tenant; return the size of its checkpoint."""
    with world.app.app_context():
        seal_round([world.tenant.id])
    with world.session():
        newest = find_last_checkpoint()
        assert newest is not None
        return newest.size


def _deletion_under_way(world: World) -> UUID:
    """Return the round of the tenant, of which there is one at a time."""
    with world.session():
        running = find_running()
    return running.id if running else world.make(RetentionRunFactory).id


def _erasure_that_waits(world: World) -> UUID:
    """Return the erasure of the tenant that has not ended, of which there is one at a time."""
    with world.session():
        found = find_open()
    return found.id if found else world.make(PersonErasureFactory).id


def _export_of_the_owner(world: World) -> UUID:
    return world.make(AuditExportFactory, asked_by=str(world.people["owner"].account_id)).id


# One builder for each parameter of an address: it makes the object and returns its id.
# A route with a parameter that is not here fails the laws until somebody adds its builder.
BUILDERS: dict[str, Callable[[World], object]] = {
    # The gallery's parameters name what is in the code.
    "example": lambda _world: "neutral",
    "group": lambda _world: "space",
    "name": lambda _world: "badge",
    "action": lambda world: world.make(EventTypeVersionFactory).action,
    "erasure_id": _erasure_that_waits,
    "call_id": made_call,
    "evaluation_id": evaluation_scenes.run_with_case,
    "case_id": lambda _world: "pricing-1",
    "prompt": lambda _world: "audit-summary",
    "release_id": evaluation_scenes.open_proposal,
    "event_id": lambda world: world.make(AuditEventFactory).id,
    "hold_id": lambda world: world.make(LegalHoldFactory).id,
    "import_id": _kept_file,
    "export_id": _export_of_the_owner,
    "invitation_id": lambda world: world.make(InvitationFactory).id,
    "item_id": lambda world: world.make(QuarantinedItemFactory).id,
    "key_id": lambda world: world.make(ApiKeyFactory).id,
    "mail_id": lambda world: world.make(OutboxMessageFactory).id,
    "member_id": lambda world: world.people["auditor"].id,
    "number": lambda _world: 1,
    "replay_id": lambda world: world.make(QuarantineReplayFactory).id,
    "old": lambda _world: 1,
    "run_id": _deletion_under_way,
    "size": _sealed,
    "summary_id": _summary_with_claim,
    "view_id": lambda world: world.make(SavedViewFactory, is_shared=True).id,
}

# Parameters that name what Ballast ships, which is the same for every tenant.
SHIPPED = {"prompt"}


@dataclass(frozen=True)
class Route:
    """One address and one method of the app, with its guard."""

    rule: Rule
    method: str
    guard: RouteGuard

    @property
    def parameters(self) -> set[str]:
        return set(self.rule.arguments) - {"tenant"}

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"

    def address(self, app: Flask, tenant: str, values: dict[str, object]) -> str:
        inside = {"tenant": tenant} if "tenant" in self.rule.arguments else {}
        with app.test_request_context():
            builder = app.url_map.bind("localhost")
            return builder.build(self.rule.endpoint, {**inside, **values}, self.method)


def routes_of(app: Flask, audience: Audience | None = None) -> list[Route]:
    """Return every route, or every one for an audience, in the order of its address."""
    routes = [
        Route(rule, method, guard)
        for rule in app.url_map.iter_rules()
        if (guard := guard_of(app.view_functions[rule.endpoint])) is not None
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    chosen = [r for r in routes if audience is None or r.guard.audience is audience]
    return sorted(chosen, key=lambda r: (r.rule.rule, r.method))


def permission_routes_of(app: Flask) -> list[Route]:
    """Return every route that asks a person for a permission, inside a tenant and outside."""
    outside = [route for route in routes_of(app, Audience.ACCOUNT) if route.guard.requires]
    inside = routes_of(app, Audience.TENANT)
    return sorted([*inside, *outside], key=lambda r: (r.rule.rule, r.method))


def objects_of(world: World, parameters: set[str]) -> dict[str, object]:
    """Make what an address needs, in a tenant."""
    missing = parameters - set(BUILDERS)
    assert not missing, (
        f"No builder makes {', '.join(sorted(missing))}: add one to tests/laws/catalogue.py, so"
        " that the isolation of the new route is tested."
    )
    return {name: BUILDERS[name](world) for name in sorted(parameters)}


def random_like(values: dict[str, object]) -> dict[str, object]:
    """Return parameters of the same kinds that name nothing at all."""
    return {name: uuid4() if isinstance(value, UUID) else value for name, value in values.items()}


def without_noise(body: str, *values: object) -> str:
    """Return a page without what differs at each request: ids asked for, tokens, request ids."""
    for value in values:
        if not isinstance(value, int):
            body = body.replace(str(value), "ID")
    body = re.sub(r'(name="csrf[-_]token" (?:content|value)=")[^"]+', r"\1TOKEN", body)
    return re.sub(r"[0-9a-f]{32}", "REQUEST", body)
