"""Pages of long work: how far it is, how to call it off, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request

from app.kernel.record_pages import MAX_TITLE, Panel
from app.kernel.rendering import render_page, wanted_part
from app.kernel.untrusted_text import single_line

# What shows the progress replaces itself and has no id, so htmx names no target.
_PARTS = {"": "progress"}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far work is: `value` of `max`, in words, and the address that tells it anew."""

    words: str
    value: int
    max: int
    poll_url: str

    def props(self) -> dict[str, Any]:
        """Return the progress as the state component takes it."""
        return {
            "kind": "loading",
            "title": self.words,
            "value": self.value,
            "max": max(self.max, self.value, 1),
            "poll_url": self.poll_url,
        }


def asks_for_progress() -> bool:
    """Say whether the request asks for the progress alone, as the page does while work runs."""
    return wanted_part(_PARTS) is not None


def render_job(
    title: str,
    panels: Sequence[Panel],
    *,
    progress: Progress | None,
    badges: Sequence[Mapping[str, str]] = (),
    meta: str | None = None,
    crumbs: Sequence[Mapping[str, str]] = (),
    primary: Mapping[str, Any] | None = None,
    actions: Sequence[Mapping[str, Any]] = (),
) -> Response:
    """Render a piece of long work, or only its progress where that is asked for.

    `progress` is None once the work has ended. The address that tells the progress redirects to
    the page then, so that the whole page shows how it ended.
    """
    header = {
        "title": single_line(title, MAX_TITLE),
        "meta": meta,
        "badges": list(badges),
        "crumbs": list(crumbs),
        "primary": primary,
        "actions": list(actions),
    }
    context = {
        "header": header,
        "panels": [panel.props() for panel in panels],
        "progress": progress.props() if progress else None,
    }
    is_asked_alone = progress is not None and request.path == progress.poll_url
    return render_page("job.html", context, parts=_PARTS if is_asked_alone else None)
