"""Prompts are files, versioned, and immutable once they are released.

`prompts/<name>/v<n>.md` begins with a YAML head, followed by the system text. `prompts.lock`
holds the SHA-256 of every released file; a file that says anything else is refused, so that what
was evaluated and approved is what runs.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from app.gateway.errors import FailureCode, ModelCallFailed

PROMPTS = Path(__file__).parent / "prompts"
RELEASED = "release"
CANDIDATE = "candidate"
DRAFT = "draft"

_REFERENCE = re.compile(r"(?P<name>[a-z][a-z0-9-]*)@v(?P<version>[1-9][0-9]*)", re.ASCII)
_NAME = re.compile(r"[a-z][a-z0-9-]*", re.ASCII)
_HEAD = re.compile(r"\A---\n(?P<head>.*?)\n---\n(?P<text>.*)\Z", re.DOTALL)
_KEYS = {"name", "version", "status", "owner", "purpose"}
_KEYS |= {"output_schema", "parameters", "changelog"}
# Without it a prompt may use no tool at all.
_MAY = {"tools"}


@dataclass(frozen=True, slots=True)
class Prompt:
    """One version of a prompt; `sha256` is that of its whole file.

    `tools` are the names of those that may be called for it.
    """

    name: str
    version: int
    status: str
    owner: str
    purpose: str
    output_schema: str
    parameters: Mapping[str, Any]
    changelog: tuple[str, ...]
    text: str
    sha256: str
    tools: tuple[str, ...] = ()

    @property
    def reference(self) -> str:
        """The name under which calls ask for it and the ledger keeps it."""
        return f"{self.name}@v{self.version}"


class PromptRefused(ModelCallFailed):
    """A prompt was asked for that does not exist, is not released, or was changed since."""

    def __init__(self, reference: str, why: str) -> None:
        super().__init__(
            FailureCode.PROMPT_REFUSED, f"The prompt {reference} {why}. Nothing was sent."
        )


def get_prompt(reference: str, folder: Path = PROMPTS) -> Prompt:
    """Return a released prompt by its reference, such as `audit-summary@v1`.

    Raises `PromptRefused` when there is no such file, when it is not released, and when its hash
    is not the one that the lock holds.
    """
    prompt = load_prompt(reference, folder)
    if prompt.status != RELEASED:
        raise PromptRefused(reference, f"is a {prompt.status}, not a release")
    if read_lock(folder).get(reference) != prompt.sha256:
        raise PromptRefused(reference, "is not the text that was released under this name")
    return prompt


def load_prompt(reference: str, folder: Path = PROMPTS) -> Prompt:
    """Return a prompt of any status, without regard to the lock; raises `PromptRefused`."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise PromptRefused(reference, "is not written as name@v1")
    path = folder / match["name"] / f"v{match['version']}.md"
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise PromptRefused(reference, "does not exist") from None
    prompt = _parse(reference, raw)
    if prompt.reference != reference:
        raise PromptRefused(reference, f"calls itself {prompt.reference} in its file")
    return prompt


def list_versions(name: str, folder: Path = PROMPTS) -> tuple[Prompt, ...]:
    """Return every version of a prompt, newest first; empty for a name that nobody uses."""
    paths = (folder / name).glob("v[1-9]*.md") if _NAME.fullmatch(name) else ()
    numbers = sorted((int(path.stem[1:]) for path in paths), reverse=True)
    return tuple(load_prompt(f"{name}@v{number}", folder) for number in numbers)


def list_names(folder: Path = PROMPTS) -> tuple[str, ...]:
    """Return the names of all prompts, in order."""
    return tuple(sorted(path.name for path in folder.iterdir() if path.is_dir()))


def read_lock(folder: Path = PROMPTS) -> dict[str, str]:
    """Return the SHA-256 of each released version, by reference."""
    lines = (folder / "prompts.lock").read_text(encoding="utf-8").splitlines()
    return dict(_locked(line) for line in lines if line and not line.startswith("#"))


def lock_differences(folder: Path = PROMPTS) -> list[str]:
    """Return what is wrong between the lock and the files, one sentence each; empty when nothing.

    A released file has to be in the lock with its hash, and the lock names no file that is gone.
    """
    found = {
        prompt.reference: prompt.sha256
        for path in sorted(folder.glob("*/v*.md"))
        if (prompt := load_prompt(f"{path.parent.name}@{path.stem}", folder)).status == RELEASED
    }
    locked = read_lock(folder)
    differences = [f"{name} is released but not locked." for name in found.keys() - locked.keys()]
    differences += [f"{name} is locked but gone." for name in locked.keys() - found.keys()]
    differences += [
        f"{name} was changed after its release; write a new version instead."
        for name in found.keys() & locked.keys()
        if found[name] != locked[name]
    ]
    return sorted(differences)


def _locked(line: str) -> tuple[str, str]:
    reference, sha256 = line.split()
    return reference, sha256


def _parse(reference: str, raw: bytes) -> Prompt:
    match = _HEAD.match(raw.decode("utf-8"))
    head = yaml.safe_load(match["head"]) if match else None
    if match is None or not isinstance(head, dict) or set(head) - _MAY != _KEYS:
        raise PromptRefused(reference, f"has no head with exactly {', '.join(sorted(_KEYS))}")
    if head["status"] not in (DRAFT, CANDIDATE, RELEASED):
        raise PromptRefused(reference, f"is neither {DRAFT}, {CANDIDATE} nor {RELEASED}")
    return Prompt(
        name=str(head["name"]),
        version=int(head["version"]),
        status=str(head["status"]),
        owner=str(head["owner"]),
        purpose=str(head["purpose"]),
        output_schema=str(head["output_schema"]),
        parameters=dict(head["parameters"]),
        changelog=tuple(str(line) for line in head["changelog"]),
        text=match["text"].strip(),
        sha256=hashlib.sha256(raw).hexdigest(),
        tools=tuple(str(name) for name in head.get("tools", ())),
    )
