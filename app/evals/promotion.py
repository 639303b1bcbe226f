"""Bringing a version of a prompt into force: two people, and a passed run of exactly that tuple.

The database keeps to the same: a row needs the tenant's own passed run by its foreign key, and
another person's decision by its checks.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from app.audit.tenant_lock import lock_in_tenant
from app.evals.errors import NoEvidence, NothingBefore, ReleaseEnded, ReleaseOpen, SamePerson
from app.evals.models import EvalCase, EvalRun
from app.evals.service import model_in_use, tuple_now
from app.evals.states import RunStatus
from app.gateway.choices.policy import Choice
from app.gateway.prompt_files import DRAFT, Prompt, load_prompt
from app.gateway.release_models import PromptRelease, ReleaseKind, ReleaseStatus
from app.gateway.releases import current_version, find_release, list_releases
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import Change, Done, Target, command
from app.kernel.database import current_session
from app.kernel.ids import uuid7
from app.kernel.problems import InvalidInput
from app.kernel.records import get_record, lock_record
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

# What a run and the one that it is compared with have to have in common.
_COMPARED = ("endpoint", "model", "caseset_hash", "verifier_version")
# More decisions than anybody will ever take about a prompt.
_ALL = 10_000
# One at a time in a tenant: whoever proposes, decides and rolls back.
_LOCK = "prompt-release"


@command(requires=Permission.PROMPT_UPDATE, audit=AuditTag.PROMPT_PROPOSED)
def propose_version(actor: Actor, run_id: UUID, reason: str) -> Done[PromptRelease]:
    """Propose the version that a run has measured; somebody else decides.

    Raises `NoEvidence` where the run does not stand for it, `ReleaseOpen` while another version
    of the prompt waits, `InvalidInput` without a reason, `NotFound`.
    """
    _demand_reason(reason)
    lock_in_tenant(current_session(), _LOCK)
    run = get_record(EvalRun, run_id)
    demand_evidence(run)
    if find_open(run.prompt_name) is not None:
        raise ReleaseOpen("Another version of this prompt waits for a decision.")
    release = _new_release(actor, run.prompt_name, ReleaseKind.PROMOTION, reason)
    release.version, release.prompt_hash = run.prompt_version, run.prompt_hash
    release.tuple_hash, release.run_id, release.run_status = run.tuple_hash, run.id, run.status
    current_session().add(release)
    metadata = {"run": str(run.id), "tuple": run.tuple_hash}
    return Done(release, targets=(target_of(release),), reason=release.reason, metadata=metadata)


@command(requires=Permission.PROMPT_APPROVE, audit=AuditTag.PROMPT_RELEASED)
def release_version(actor: Actor, release_id: UUID, reason: str) -> Done[None]:
    """Bring a proposed version into force: the next call uses it.

    Raises `SamePerson`, `ReleaseEnded`, `NoEvidence` when something the run depends on has changed
    since, `InvalidInput` without a reason, `NotFound`.
    """
    release = _decided_on(actor, release_id, reason)
    if release.run_id is None:
        raise NoEvidence("No run stands for this version.")
    demand_evidence(get_record(EvalRun, release.run_id))
    before = current_version(actor.tenant, release.name)
    release.status = ReleaseStatus.RELEASED.value
    changes = {"version": Change(before, words_of(release))}
    return Done(None, targets=(target_of(release),), reason=reason.strip(), changes=changes)


@command(requires=Permission.PROMPT_APPROVE, audit=AuditTag.PROMPT_REFUSED)
def refuse_version(actor: Actor, release_id: UUID, reason: str) -> Done[None]:
    """Refuse a proposed version. Raises as `release_version` does, but asks for no evidence."""
    release = _decided_on(actor, release_id, reason)
    release.status = ReleaseStatus.REFUSED.value
    return Done(None, targets=(target_of(release),), reason=reason.strip())


@command(requires=Permission.PROMPT_UPDATE, audit=AuditTag.PROMPT_WITHDRAWN)
def withdraw_version(actor: Actor, release_id: UUID) -> Done[None]:
    """Give a proposal up before somebody decided. Raises `ReleaseEnded`, `NotFound`."""
    release = _lock_open(release_id)
    release.status = ReleaseStatus.WITHDRAWN.value
    release.decided_by, release.decided_by_name = actor.id, actor.name
    release.decided_at = clock.now()
    return Done(None, targets=(target_of(release),))


@command(requires=Permission.PROMPT_APPROVE, audit=AuditTag.PROMPT_ROLLED_BACK)
def roll_back(actor: Actor, name: str, reason: str) -> Done[PromptRelease]:
    """Bring back what was in force before; at once, and by one person, because harm is waiting.

    Raises `NothingBefore`, `InvalidInput` without a reason.
    """
    _demand_reason(reason)
    lock_in_tenant(current_session(), _LOCK)
    before, target = current_version(actor.tenant, name), find_before(name)
    release = _new_release(actor, name, ReleaseKind.ROLLBACK, reason)
    if target is not None:
        release.version, release.prompt_hash = target.version, target.prompt_hash
        release.restores, release.restores_status = target.id, target.status
    release.status = ReleaseStatus.RELEASED.value
    release.decided_by, release.decided_by_name = actor.id, actor.name
    release.decided_at, release.decision_reason = clock.now(), release.reason
    current_session().add(release)
    changes = {"version": Change(before, words_of(release))}
    return Done(release, targets=(target_of(release),), reason=release.reason, changes=changes)


def demand_evidence(run: EvalRun) -> None:
    """Raise `NoEvidence` unless the run stands for its version as everything is now."""
    if run.status != RunStatus.PASSED.value:
        raise NoEvidence("This run has not passed its gate.")
    prompt = load_prompt(f"{run.prompt_name}@v{run.prompt_version}")
    if prompt.status == DRAFT:
        raise NoEvidence("This version is a draft. Make it a candidate, and run it again.")
    model = Choice(run.endpoint, run.model)
    if model != model_in_use():
        raise NoEvidence(f"This run asked {model.words}, which is not the model in use.")
    if tuple_now(prompt, model).sha256 != run.tuple_hash:
        raise NoEvidence(
            "The prompt, its cases, the verifier or the gate have changed since this run. Run the"
            " version again."
        )
    _demand_newer(run)
    _demand_compared(run, prompt)


def find_before(name: str) -> PromptRelease | None:
    """Return the promotion that a rollback brings back; None is what Ballast ships.

    Raises `NothingBefore` where that is in force already.
    """
    history = list_releases(name, limit=_ALL)
    if not history or history[0].version is None:
        raise NothingBefore("What Ballast ships is in force; there is nothing before it.")
    standing = _standing(history)
    return standing[-2] if len(standing) > 1 else None


def _standing(history: Sequence[PromptRelease]) -> list[PromptRelease]:
    """Return the promotions that no rollback took away, the one in force last.

    `history` is newest first. What was rolled back did harm, and must not come back because
    something else is rolled back later.
    """
    standing: list[PromptRelease] = []
    for each in reversed(history):
        if each.kind == ReleaseKind.PROMOTION.value:
            standing.append(each)
            continue
        while standing and standing[-1].id != each.restores:
            standing.pop()
    return standing


def find_open(name: str) -> PromptRelease | None:
    """Return the proposal that waits for a decision, or None."""
    statement = select(PromptRelease).where(
        PromptRelease.name == name, PromptRelease.status == ReleaseStatus.PROPOSED.value
    )
    return current_session().scalar(statement)


def words_of(release: PromptRelease) -> str:
    """Return the version of a release as people read it."""
    return "as shipped" if release.version is None else f"{release.name}@v{release.version}"


def target_of(release: PromptRelease) -> Target:
    """Return the prompt as the audit log names it."""
    return Target("prompt", release.name, words_of(release))


def _demand_newer(run: EvalRun) -> None:
    newest_case = current_session().scalar(select(func.max(EvalCase.made_at)))
    in_force = find_release(run.prompt_name)
    decided = None if in_force is None else in_force.decided_at
    for moment in (newest_case, decided):
        if moment is not None and run.asked_at < moment:
            raise NoEvidence("This run is older than what has changed since. Run it again.")


def _demand_compared(run: EvalRun, prompt: Prompt) -> None:
    """Raise unless the run was compared with what is in force, or is of that very version."""
    reference = current_version(run.tenant_id, run.prompt_name)
    in_force = load_prompt(reference)
    if in_force.sha256 == prompt.sha256:
        raise NoEvidence("This version is in force already.")
    champion = None if run.champion_id is None else get_record(EvalRun, run.champion_id)
    if champion is None or champion.prompt_hash != in_force.sha256 or not _alike(run, champion):
        raise NoEvidence(
            f"Run {reference} first, then this version: it has to be compared with it, by the"
            " same model over the same cases."
        )


def _alike(run: EvalRun, champion: EvalRun) -> bool:
    """Say whether two runs differ in nothing but the prompt."""
    return all(getattr(run, name) == getattr(champion, name) for name in _COMPARED)


def _new_release(actor: Actor, name: str, kind: ReleaseKind, reason: str) -> PromptRelease:
    return PromptRelease(
        tenant_id=actor.tenant,
        id=uuid7(),
        kind=kind.value,
        name=name,
        status=ReleaseStatus.PROPOSED.value,
        reason=reason.strip(),
        proposed_by=actor.id,
        proposed_by_name=actor.name,
        proposed_at=clock.now(),
    )


def _decided_on(actor: Actor, release_id: UUID, reason: str) -> PromptRelease:
    _demand_reason(reason)
    lock_in_tenant(current_session(), _LOCK)
    release = _lock_open(release_id)
    if release.proposed_by == actor.id:
        raise SamePerson("You proposed this version. Somebody else has to decide on it.")
    release.decided_by, release.decided_by_name = actor.id, actor.name
    release.decided_at, release.decision_reason = clock.now(), reason.strip()
    return release


def _lock_open(release_id: UUID) -> PromptRelease:
    release = lock_record(PromptRelease, release_id)
    if release.status != ReleaseStatus.PROPOSED.value:
        raise ReleaseEnded("This was decided on already. Reload the page to see how.")
    return release


def _demand_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput("Say why.")
