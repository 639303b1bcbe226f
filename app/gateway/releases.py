"""Which version of a prompt a tenant's calls use, resolved once for each call.

A call that names no version gets the current one of its tenant; what it got stands in the
ledger, and the same call made again gets the same.
"""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from app.gateway.prompt_files import (
    PROMPTS,
    RELEASED,
    Prompt,
    PromptRefused,
    get_prompt,
    load_prompt,
)

VERSION_MARK = "@"


@dataclass(frozen=True, slots=True)
class ResolvedPrompt:
    """A version, and the label that it was resolved from; None where the caller named it."""

    prompt: Prompt
    label: str | None


def current_version(tenant_id: UUID, name: str, folder: Path = PROMPTS) -> str:
    """Return the reference (`name@v2`) of the version that the tenant's calls use.

    The newest released file. Raises `PromptRefused` when there is none.
    """
    del tenant_id  # tenants do not choose versions yet
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
        return ResolvedPrompt(get_prompt(known), RELEASED)
    return ResolvedPrompt(get_prompt(current_version(tenant_id, asked)), RELEASED)
