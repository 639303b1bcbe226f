"""What somebody is told before they ask: how much there is to read, who answers, at what cost."""

from typing import Any

from app.gateway.gateway import get_provider
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.standing import tenant_here
from app.kernel.times import exact
from app.summaries.slices import open_slice


def facts_before(actor: Actor, query_text: str) -> list[dict[str, Any]]:
    """Return the facts of the page that asks. Raises like `open_slice`."""
    del actor
    zone = tenant_here().zone
    measured = open_slice(query_text, clock.now(), zone)
    slice_ = measured.slice
    window = f"{exact(slice_.start, zone)} – {exact(slice_.end, zone)}"
    return [
        {"label": "Events", "value": f"{measured.count:,}"},
        {"label": "Filter", "value": slice_.query.canonical() or "none"},
        {"label": "Window", "value": window},
        {"label": "Who answers", "value": get_provider().label},
    ]
