"""What a new tenant sees where the others see their numbers."""

from flask import url_for

from app.audit.overview import count_events
from app.kernel.actor import Actor
from app.vocabulary.permissions import Permission

# The tenant's own creation and its first sign-ins are no use of the log yet.
FEW_EVENTS = 12


def first_steps(actor: Actor) -> list[dict[str, str]]:
    """Return the steps that begin the work, or nothing once there is some."""
    if not actor.may(Permission.AUDIT_EVENT_READ) or count_events("") > FEW_EVENTS:
        return []
    steps = []
    if actor.may(Permission.MEMBER_CREATE):
        steps.append(
            {"label": "Invite the people who work with you", "href": url_for("invitations.new")}
        )
    if actor.may(Permission.API_KEY_CREATE):
        steps.append(
            {"label": "Make an API key and send the first event", "href": url_for("keys.new")}
        )
    steps.append({"label": "Look at the audit log", "href": url_for("audit.index")})
    return steps
