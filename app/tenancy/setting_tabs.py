"""The tabs above the pages of settings, which several domains share."""

from typing import Any

from app.kernel.actor import Actor
from app.kernel.tabs import open_tabs
from app.vocabulary.permissions import Permission

_TABS = (
    ("General", "settings.index", Permission.SETTING_READ),
    ("Retention", "retention.index", Permission.SETTING_READ),
    ("Models", "models.index", Permission.SETTING_READ),
    ("Model calls", "model_calls.index", Permission.MODEL_CALL_READ),
    ("Reviews", "review_quality.index", Permission.SETTING_READ),
    ("Prompts", "prompts.index", Permission.PROMPT_READ),
    ("Evaluations", "evaluations.index", Permission.EVALUATION_READ),
    ("API keys", "keys.index", Permission.API_KEY_READ),
    ("Outbox", "settings.outbox", Permission.SETTING_UPDATE),
)


def setting_tabs(actor: Actor) -> list[dict[str, Any]]:
    """Return the tabs that the actor may open."""
    return open_tabs(actor, _TABS)
