"""The seam to exports: how far the log had got, and the checkpoint that a manifest names."""

from dataclasses import dataclass
from typing import Any

from flask import current_app

from app.audit.proof.broken import SealBroken
from app.audit.proof.kept_checkpoints import find_checkpoint_from, find_last_checkpoint, read_kept
from app.audit.proof.models import AuditCheckpoint
from app.audit.proof.seal_state import usable_keys
from app.audit.proof.stored_events import log_size


@dataclass(frozen=True, slots=True)
class Watermark:
    """How far a log had got. Events of leaves below `size` existed, others did not.

    `checkpoint` covers as many of them as were sealed when it was read: all of them when its
    `size` is at least this one.
    """

    size: int
    checkpoint: AuditCheckpoint | None

    @property
    def is_sealed(self) -> bool:
        """Whether the checkpoint covers everything below the watermark."""
        return self.size == 0 or (self.checkpoint is not None and self.checkpoint.size >= self.size)


def get_watermark(size: int | None = None) -> Watermark:
    """Return the watermark of the log in scope: now, or of a log of that size.

    An export reads it first, takes only events with `leaf < size`, and asks again with that
    size when it writes its manifest: some seconds later the seal has got there.
    """
    at = log_size() if size is None else size
    return Watermark(at, find_checkpoint_from(at) or find_last_checkpoint())


def proof_in_manifest(watermark: Watermark) -> dict[str, Any]:
    """Return the `proof` of an export's manifest, as JSON.

    `watermark` (leaves), `origin` of the log, `sealed` (leaves that `checkpoint` covers),
    `complete` (whether these are all up to the watermark), `checkpoint` (a signed note, to be
    kept), `keys` and `verifier` (address). Before the first seal there are only `watermark`,
    `sealed` 0 and `complete`. It fixes the whole log up to the watermark; that single rows are
    in it shows a pack, or the proof of the event.
    """
    found: dict[str, Any] = {
        "watermark": watermark.size,
        "sealed": 0,
        "complete": watermark.is_sealed,
    }
    if watermark.checkpoint is None:
        return found
    try:
        origin = read_kept(watermark.checkpoint).checkpoint.origin
    except SealBroken as broken:
        return {**found, "complete": False, "problem": str(broken)}
    public_url = current_app.config["SETTINGS"].public_url
    return {
        **found,
        "sealed": watermark.checkpoint.size,
        "origin": origin,
        "checkpoint": watermark.checkpoint.note,
        "keys": [str(key) for key in usable_keys().verifier_keys(origin)],
        "verifier": f"{public_url.rstrip('/')}/seal/verifier",
    }
