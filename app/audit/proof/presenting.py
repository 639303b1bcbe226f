"""The page of the seal, in plain words."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for

from app.audit.models import AuditEvent
from app.audit.proof.broken import SealBroken
from app.audit.proof.kept_checkpoints import read_kept
from app.audit.proof.models import AuditPublication
from app.audit.proof.proofs import seal_of
from app.audit.proof.seal_state import SealState, Standing
from app.kernel.times import exact, iso

Facts = list[dict[str, Any]]

_TONES = {
    Standing.SEALED: "success",
    Standing.SEALING: "info",
    Standing.LATE: "warning",
    Standing.NO_KEY: "warning",
    Standing.BROKEN: "danger",
}
_MEANINGS = {
    Standing.SEALED: "Every event is covered by a signed checkpoint.",
    Standing.SEALING: "The newest events are sealed within seconds.",
    Standing.LATE: "The worker is behind: it is not running, or has more to do than it can.",
    Standing.NO_KEY: "No signing key is set up, so nothing new can be sealed.",
}
_DESTINATIONS = {"folder": "A folder outside the database", "url": "An address outside"}

_SHOWS = (
    "Each event is a leaf of a hash tree, whose signed root fixes all of them and their order.",
    (
        "Whoever changes, adds, removes or moves a sealed event is found out; so is whoever cuts"
        " the log, or brings back an old backup of it."
    ),
    "When a person is erased, every proof stays valid: the tree never held their data.",
)
_DOES_NOT_SHOW = (
    "That what an event says was true, or that everything that happened was recorded.",
    "That nobody changes the log: the seal detects that afterwards; it does not prevent it.",
    (
        "Anything against somebody who has both the database and the signing key, unless a"
        " checkpoint is kept where they cannot reach it. Without an outside copy they can write"
        " both anew, and nobody can tell."
    ),
)
PROVES: tuple[Any, ...] = (
    {"type": "heading", "level": 3, "text": "What it proves"},
    {"type": "list", "items": list(_SHOWS)},
    {"type": "heading", "level": 3, "text": "What it does not prove"},
    {"type": "list", "items": list(_DOES_NOT_SHOW)},
)


def seal_fact(event: AuditEvent) -> dict[str, Any]:
    """Return where an event is sealed, with its proof to be downloaded."""
    seal = seal_of(event)
    if seal.sealed_at is None:
        return {"label": "Seal", "value": "Not sealed yet"}
    return {
        "label": "Seal",
        "link": {
            "text": f"Proof of leaf {seal.leaf:,}",
            "href": url_for("seal.event_proof", event_id=event.id),
        },
    }


def state_facts(state: SealState, zone: ZoneInfo) -> Facts:
    """Return how far the seal reaches, and how it stands."""
    meaning = state.problem or _MEANINGS[state.standing]
    facts: Facts = [
        {
            "label": "State",
            "badge": {"text": state.standing.value, "tone": _TONES[state.standing]},
            "value": meaning,
        },
        {"label": "Sealed", "value": f"{state.sealed:,} of {state.size:,} events"},
    ]
    if state.checkpoint is not None:
        facts.append(_time("Sealed up to", state.checkpoint.created_at, zone))
    if state.oldest_unsealed is not None:
        facts.append(_time("Oldest event not sealed", state.oldest_unsealed, zone))
    return [*facts, *_check_facts(state, zone)]


def checkpoint_facts(state: SealState) -> Facts:
    """Return the last checkpoint, ready to be kept."""
    if state.checkpoint is None:
        return [{"label": "Checkpoint", "value": "None yet; the first follows the first event."}]
    try:
        checkpoint = read_kept(state.checkpoint).checkpoint
    except SealBroken as broken:
        return [{"label": "Checkpoint", "value": str(broken)}]
    address = url_for("seal.checkpoint", size=checkpoint.size)
    return [
        {"label": "Log", "code": checkpoint.origin},
        {"label": "Root", "code": state.checkpoint.root.hex()},
        {
            "label": "Download",
            "link": {"text": f"Checkpoint of {checkpoint.size:,} events", "href": address},
            "sub": "Keep it outside: it is what shows a change later.",
        },
        *_growth_facts(state, checkpoint.size),
    ]


def key_facts(state: SealState) -> Facts:
    """Return the public keys of the log, each to be copied."""
    if state.checkpoint is None:
        return []
    try:
        origin = read_kept(state.checkpoint).checkpoint.origin
    except SealBroken:
        return []
    pairs = zip(state.keys.keys, state.keys.verifier_keys(origin), strict=True)
    return [
        {"label": f"{key.name}, {'signs' if key.private else 'verifies'}", "copy": str(vkey)}
        for key, vkey in pairs
    ]


def publication_facts(state: SealState, wanted: list[str], zone: ZoneInfo) -> Facts:
    """Return where copies of checkpoints are; `wanted` names the destinations that are set up."""
    if not wanted:
        return [
            {
                "label": "Copies",
                "badge": {"text": "none", "tone": "warning"},
                "value": "No checkpoint leaves this installation by itself. Download one now and"
                " then, or have the operator set up a folder or an address.",
            }
        ]
    known = {one.destination: one for one in state.publications}
    return [_publication(_DESTINATIONS[name], known.get(name), zone) for name in wanted]


def _publication(label: str, known: AuditPublication | None, zone: ZoneInfo) -> dict[str, Any]:
    if known is None:
        return {"label": label, "value": "The first checkpoint is on its way."}
    kept = (
        f"{known.size:,} events, {exact(known.published_at, zone)}"
        if known.published_at
        else "nothing yet"
    )
    if known.problem is None:
        return {"label": label, "badge": {"text": "kept", "tone": "success"}, "value": kept}
    return {
        "label": label,
        "badge": {"text": "failing", "tone": "danger"},
        "value": f"{known.problem} Tried {known.attempts:,} times. Kept there: {kept}.",
    }


def _growth_facts(state: SealState, size: int) -> Facts:
    if state.before is None:
        return []
    link = {
        "text": f"It continues the checkpoint of {state.before.size:,} events",
        "href": url_for("seal.growth", old=state.before.size, size=size),
    }
    words = "From one that you kept: put its number of events into the address of this proof."
    return [{"label": "Proof of growth", "link": link, "sub": words}]


def _check_facts(state: SealState, zone: ZoneInfo) -> Facts:
    check = state.nightly
    if check is None:
        return [{"label": "Read again", "value": "Every night some events; not yet."}]
    count = check.end_leaf - check.first_leaf
    found = check.problem or f"{count:,} events from leaf {check.first_leaf:,} on, all as sealed"
    return [{"label": "Read again", "value": f"{exact(check.checked_at, zone)}: {found}"}]


def _time(label: str, at: datetime, zone: ZoneInfo) -> dict[str, Any]:
    return {"label": label, "time": {"text": exact(at, zone), "datetime": iso(at)}}
