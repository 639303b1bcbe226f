"""Which version of a prompt a tenant's calls use, resolved once for each call.

A call that names no version gets the current one of its tenant; what it got stands in the
ledger, and the same call made again gets the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select

from app.gateway.prompt_files import (
    PROMPTS,
    RELEASED,
    Prompt,
    PromptRefused,
    get_prompt,
    load_prompt,
)
from app.gateway.release_models import PromptRelease, ReleaseStatus
from app.kernel.actor import Actor
from app.kernel.database import current_session

VERSION_MARK = "@"


@dataclass(frozen=True, slots=True)
class ResolvedPrompt:
    """A version, and the label that it was resolved from; None where the caller named it."""

    prompt: Prompt
    label: str | None


def find_release(name: str) -> PromptRelease | None:
    """Return what the tenant in scope decided last about a prompt, or None where it never did."""
    found = list_releases(name, limit=1)
    return found[0] if found else None


def list_releases(name: str, limit: int = 100) -> Sequence[PromptRelease]:
    """Return what was brought into force in the tenant in scope, newest first."""
    statement = (
        select(PromptRelease)
        .where(
            PromptRelease.name == name,
            PromptRelease.status == ReleaseStatus.RELEASED.value,
        )
        .order_by(PromptRelease.decided_at.desc(), PromptRelease.id.desc())
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    return current_session().scalars(statement).all()


def count_to_decide(actor: Actor) -> int:
    """Return how many proposed versions wait for this person: not those they proposed."""
    statement = select(func.count(PromptRelease.id)).where(
        PromptRelease.status == ReleaseStatus.PROPOSED.value,
        PromptRelease.proposed_by != actor.id,
    )
    return current_session().scalar(statement) or 0


def current_version(tenant_id: UUID, name: str, folder: Path = PROMPTS) -> str:
    """Return the reference (`name@v2`) of the version that the tenant's calls use.

    What the tenant decided last; without a decision the newest released file. Needs a session in
    the tenant's scope. Raises `PromptRefused` when there is none.
    """
    del tenant_id  # the session names it
    release = find_release(name)
    if release is None or release.version is None:
        return shipped_version(name, folder)
    return f"{name}{VERSION_MARK}v{release.version}"


def shipped_version(name: str, folder: Path = PROMPTS) -> str:
    """Return the reference of the newest released file. Raises `PromptRefused`."""
    numbers = sorted(int(path.stem[1:]) for path in (folder / name).glob("v[1-9]*.md"))
    for number in reversed(numbers):
        reference = f"{name}{VERSION_MARK}v{number}"
        if load_prompt(reference, folder).status == RELEASED:
            return reference
    raise PromptRefused(name, "has no released version")


def resolve_prompt(
    tenant_id: UUID, asked: str, known: str | None = None, *, on_trial: bool = False
) -> ResolvedPrompt:
    """Return the version that a call uses. Raises `PromptRefused`.

    `asked` is a name, or a name with a version; `known` is the version that an earlier try of
    the same call used, which stays. A version `on_trial` need not be released: it is measured.
    """
    if VERSION_MARK in asked:
        return ResolvedPrompt(load_prompt(asked) if on_trial else get_prompt(asked), None)
    if known is not None and known.partition(VERSION_MARK)[0] == asked:
        return ResolvedPrompt(_released(known), RELEASED)
    return ResolvedPrompt(_released(current_version(tenant_id, asked)), RELEASED)


def _released(reference: str) -> Prompt:
    """Return a version that the tenant decided on, or that is shipped as released."""
    name, _, version = reference.partition(VERSION_MARK)
    for release in list_releases(name):
        if f"v{release.version}" == version:
            prompt = load_prompt(reference)
            if prompt.sha256 != release.prompt_hash:
                raise PromptRefused(reference, "is not the text that was decided on")
            return prompt
    return get_prompt(reference)
