"""The forms of legal holds."""

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.kernel.form_rules import storable, stripped
from app.kernel.query_language.query import MAX_CHARACTERS

MAX_REASON = 500


class PlaceForm(FlaskForm):
    """Which events have to stay, and why."""

    q = StringField(
        "Filter",
        [Optional(), Length(max=MAX_CHARACTERS), storable],
        [stripped],
        description="As in the audit log: actor:u-17, or created:2026-01-01..2026-04-01. Events to"
        " come are covered too where no time ends it. Empty is the whole log.",
    )
    reason = TextAreaField(
        "Reason",
        [InputRequired("Say why the events have to stay."), Length(max=MAX_REASON), storable],
        [stripped],
        description="The case, and who asked for it. It stays in the log.",
    )


class ReleaseForm(FlaskForm):
    """Why the events may go again."""

    reason = TextAreaField(
        "Reason",
        [InputRequired("Say why the events may go again."), Length(max=MAX_REASON), storable],
        [stripped],
    )
