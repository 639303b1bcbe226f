"""What somebody is told before they ask: how much there is to read, who answers, at what cost."""

from typing import Any

from app.gateway.estimating import Estimate, estimate
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.standing import tenant_here
from app.kernel.times import exact
from app.summaries.claims.contract import PROMPT, answer_schema
from app.summaries.drafting.answering import PURPOSE
from app.summaries.drafting.digest import make_digest
from app.summaries.drafting.sizing import BYTES_PER_TOKEN, MAX_TOKENS, PROMPT_TOKENS
from app.summaries.slices import Measured, open_slice

# Of a larger slice the digest takes longer to make than somebody waits for a page.
_LOOKED_INTO = 20_000


def facts_before(actor: Actor, query_text: str) -> list[dict[str, Any]]:
    """Return the facts of the page that asks. Raises like `open_slice`."""
    zone = tenant_here().zone
    measured = open_slice(query_text, clock.now(), zone)
    slice_ = measured.slice
    window = f"{exact(slice_.start, zone)} – {exact(slice_.end, zone)}"
    would = estimate_of(actor, measured)
    return [
        {"label": "Events", "value": f"{measured.count:,}"},
        {"label": "Filter", "value": slice_.query.canonical() or "none"},
        {"label": "Window", "value": window},
        {"label": "Who answers", "value": would.provider.label},
        {"label": "Takes", "value": f"{_prompt_words(would, measured)} {would.words}"},
    ]


def estimate_of(actor: Actor, measured: Measured) -> Estimate:
    """Return what a summary of the slice would take without a repair round; nothing is sent.

    Of a large slice it is what the largest digest would take: no digest takes more.
    """
    if measured.count > _LOOKED_INTO:
        most = "x" * ((MAX_TOKENS - PROMPT_TOKENS) * BYTES_PER_TOKEN)
        return estimate(actor, purpose=PURPOSE, prompt=PROMPT, content={"digest": most})
    content = make_digest(measured.slice).content
    schema = answer_schema(content)
    return estimate(actor, purpose=PURPOSE, prompt=PROMPT, content=content.as_json(), schema=schema)


def _prompt_words(would: Estimate, measured: Measured) -> str:
    most = "at most " if measured.count > _LOOKED_INTO else "about "
    return f"The question is {most}{would.tokens.tokens_in:,} tokens."
