"""Forms of event types."""

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from app.audit.event_types.service import MAX_SCHEMA_BYTES, NOTE_LENGTH
from app.kernel.form_rules import one_line, storable, stripped


class EventTypeForm(FlaskForm):
    """A version of an event type."""

    action = StringField(
        "Action",
        [DataRequired("Write an action like invoice.approved."), Length(max=120), one_line],
        [stripped],
        description="object.verb_past in lower case. For a type that is there, this becomes its"
        " next version.",
    )
    schema = TextAreaField(
        "Schema",
        [DataRequired("Write the schema."), Length(max=MAX_SCHEMA_BYTES), storable],
        description="JSON Schema: title, x-owner, properties, and examples with whole events.",
    )


class DeprecationForm(FlaskForm):
    """Which version ends, and what to use instead."""

    version = SelectField("Version", [InputRequired()])
    note = StringField(
        "Use instead",
        [DataRequired("Say what to use instead."), Length(max=NOTE_LENGTH), storable, one_line],
        [stripped],
        description="Senders read this in the answer to each event of the version.",
    )
