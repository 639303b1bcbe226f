"""Forms of the quarantine."""

from typing import TypeVar

from flask_wtf import FlaskForm
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.audit.ingest.quarantine.queries import list_waiting_actions
from app.audit.ingest.quarantine.service import ANY_ACTION
from app.kernel.form_rules import storable, stripped

MAX_REASON = 500
MAX_ACTIONS = 200
# No action is spelt like this.
EVERY = "*"


class DiscardForm(FlaskForm):
    """Why an item is thrown away."""

    reason = TextAreaField("Reason", [Length(max=MAX_REASON), storable], [stripped])


class ReplayForm(FlaskForm):
    """What is tried again."""

    action = SelectField("Replay", [InputRequired()])


class ClearForm(FlaskForm):
    """What is thrown away, and why."""

    action = SelectField("Discard", [InputRequired()])
    reason = TextAreaField("Reason", [Length(max=MAX_REASON), storable], [stripped])


Chosen = TypeVar("Chosen", ReplayForm, ClearForm)


def with_waiting(form: Chosen) -> Chosen:
    """Return the form with the actions of what waits, each with its count."""
    waiting: list[tuple[str | None, int]] = list_waiting_actions(MAX_ACTIONS)
    total = sum(count for _, count in waiting)
    form.action.choices = [
        (EVERY, f"{ANY_ACTION.capitalize()} ({total:,})"),
        *((action, f"{action} ({count:,})") for action, count in waiting if action),
    ]
    return form


def chosen_action(form: ReplayForm | ClearForm) -> str | None:
    """Return the action that was chosen; None means all."""
    chosen: str = form.action.data
    return None if chosen == EVERY else chosen
