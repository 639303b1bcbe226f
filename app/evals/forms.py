"""Forms of runs and of decisions about prompts."""

from flask_wtf import FlaskForm
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.kernel.form_rules import storable, stripped

_LONGEST = 500


class RunForm(FlaskForm):
    """What is to be run."""

    version = SelectField("Version of the prompt", [InputRequired("Choose a version.")])
    model = SelectField("Model", [InputRequired("Choose a model.")])


class ReasonForm(FlaskForm):
    """Why something is proposed or decided."""

    reason = TextAreaField(
        "Reason",
        [InputRequired("Say why."), Length(max=_LONGEST), storable],
        [stripped],
        description="It stands in the audit log.",
    )
