"""Forms of the quarantine."""

from flask_wtf import FlaskForm
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.audit.ingest.quarantine.queries import list_waiting_actions
from app.audit.ingest.quarantine.service import ANY_ACTION
from app.kernel.form_rules import storable, stripped

MAX_REASON = 500
MAX_ACTIONS = 200


class DiscardForm(FlaskForm):
    """Why an item is thrown away."""

    reason = TextAreaField("Reason", [Length(max=MAX_REASON), storable], [stripped])


class ReplayForm(FlaskForm):
    """What is tried again."""

    action = SelectField("Replay", [InputRequired()])


def replay_form() -> ReplayForm:
    """Return the form with the actions of what waits, each with its count."""
    form = ReplayForm()
    waiting = list_waiting_actions(MAX_ACTIONS)
    total = sum(count for _, count in waiting)
    form.action.choices = [
        ("*", f"{ANY_ACTION.capitalize()} ({total:,})"),
        *((action, f"{action} ({count:,})") for action, count in waiting if action),
    ]
    return form
