"""The form of how long events are kept."""

from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from app.audit.retention.classes import BY_NAME, CLASSES


def _field(name: str) -> IntegerField:
    kind = BY_NAME[name]
    bounds = f"{kind.least:,} to {kind.most:,} days; {kind.days:,} unless you change it."
    return IntegerField(
        kind.label,
        [InputRequired("Write a number."), NumberRange(kind.least, kind.most)],
        description=f"{kind.purpose}. {bounds}",
    )


class RetentionForm(FlaskForm):
    """How many days each class means."""

    standard = _field("standard")
    security = _field("security")
    short = _field("short")

    @property
    def days(self) -> dict[str, int]:
        """What was typed, once it is valid."""
        return {one.name: self[one.name].data for one in CLASSES}
