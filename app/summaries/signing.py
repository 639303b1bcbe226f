"""What a signature covers: the hash over everything that a reviewer has read."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from app.kernel.times import iso
from app.summaries.models import Summary, SummaryClaim


def hash_of(summary: Summary, claims: Sequence[SummaryClaim]) -> str:
    """Return SHA-256 over what is signed, in hex."""
    return hashlib.sha256(signed_text(summary, claims)).hexdigest()


def signed_text(summary: Summary, claims: Sequence[SummaryClaim]) -> bytes:
    """Return the summary and its live claims as sorted JSON without spaces: what is signed.

    It covers the slice, the question, the text, the fields, the cited events with the hashes of
    their rows, and what wrote the draft: prompt, its hash, and the model. Any change gives
    another hash.
    """
    document = {
        "summary": str(summary.id),
        "title": summary.title,
        "query": summary.query,
        "window": [iso(summary.window_start), iso(summary.window_end)],
        "events": [summary.events_total, summary.events_seen],
        "prompt": [summary.prompt, summary.prompt_hash],
        "model": [summary.provider_label, summary.model],
        "call": str(summary.call_id),
        "claims": [_signed(claim) for claim in claims if claim.removed_at is None],
        **({"question": summary.question} if summary.question is not None else {}),
    }
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def _signed(claim: SummaryClaim) -> dict[str, Any]:
    return {
        "number": claim.number,
        "fields": claim.fields,
        "events": [str(event_id) for event_id in claim.event_ids],
        "hashes": claim.event_hashes,
        "sentence": claim.sentence,
        "verdict": claim.verdict,
    }
